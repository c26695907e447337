"""The doors to albums and to what is shared, and the albums that a photo is in."""

from accounts.models import User
from albums.access import visible_albums
from mirage.web.navigation import Entry
from photos.gallery.explore import Tile
from photos.gallery.related import Row
from photos.models import Photo


def albums_of_photo(user: User, photo: Photo) -> list[Tile]:
    """The albums that the photo is in, as far as the user sees them."""
    albums = visible_albums(user).filter(items__photo=photo).distinct().order_by("name", "pk")
    return [Tile(album.name, album.get_absolute_url()) for album in albums]


ALBUMS = Entry("Albums", "album", "albums:albums", 30, on_phone=True)
SHARING = Entry("Sharing", "share-2", "albums:sharing", 60)
OF_PHOTO = Row("Albums", "album", 20, albums_of_photo)
