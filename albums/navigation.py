"""The doors to albums and to what is shared, and the albums that a photo is in."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from albums.access import visible_albums
from albums.models import Album
from mirage.web.navigation import Entry
from mirage.web.palette import Command, Source
from photos.gallery.explore import Tile
from photos.gallery.related import Row
from photos.models import Photo


def albums_of_photo(user: User, photo: Photo) -> list[Tile]:
    """The albums that the photo is in, as far as the user sees them."""
    albums = visible_albums(user).filter(items__photo=photo).distinct().order_by("name", "pk")
    return [Tile(album.name, album.get_absolute_url()) for album in albums]


ALBUMS = Entry(_lazy("Albums"), "album", "albums:albums", 30, on_phone=True)
SHARING = Entry(_lazy("Sharing"), "share-2", "albums:sharing", 60)
OF_PHOTO = Row(_lazy("Albums"), "album", 20, albums_of_photo)


def named_albums(user: User) -> list[Command]:
    """The albums and folders that the user may see, the latest first."""
    rows = visible_albums(user).order_by("-created_at", "-pk").values_list("key", "name", "kind")
    page = reverse("albums:album", args=["KEY"])  # once for all: there may be thousands
    return [
        Command(f"album:{key}", name, page.replace("KEY", key), "folder" if kind == FOLDER else "album")
        for key, name, kind in rows
    ]


def actions(user: User) -> list[Command]:
    """Making an album, by hand or as Mirage suggests."""
    home = reverse("albums:albums")
    # Translators: words without a sentence are others by which somebody may look for it
    return [
        Command("do:new-album", _("New album"), f"{home}#new-album", "plus", also=_("create make smart folder")),
        Command(
            "in:suggestions", _("Suggested albums"), reverse("albums:suggestions"), "sparkles", also=_("trips places")
        ),
    ]


FOLDER = Album.Kind.FOLDER
IN_PALETTE = Source(_lazy("Album"), 45, named_albums)
ACTIONS = Source(_lazy("Action"), 36, actions)
