"""The lists of the gallery by name: its own, such as `favourites`, and other apps' lists, such as `album.KEY`."""

from collections.abc import Callable

from django.http import Http404
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from mirage.registry import Registry
from photos.access import photos_of, timeline_photos
from photos.gallery.timeline import Listing, Timeline
from photos.models import Photo

Lister = Callable[[User, str], Timeline]  # takes a key, raises Http404

LISTINGS: Registry[Listing] = Registry("list")  # the gallery's own, in the order of the rail
LISTERS: Registry[Lister] = Registry("kind of list")  # by kind: "person" makes the list `person.KEY`

OWN = (
    Listing("timeline", _lazy("Photos"), "image", lambda owned: owned.on_timeline()),
    Listing("recent", _lazy("Recently added"), "clock-plus", lambda owned: owned.on_timeline(), "added_at"),
    Listing(
        "favourites", _lazy("Favourites"), "heart", lambda owned: owned.present().displayable().filter(favourite=True)
    ),
    Listing("videos", _lazy("Videos"), "square-play", lambda owned: owned.on_timeline().filter(kind=Photo.Kind.VIDEO)),
    Listing("archive", _lazy("Archive"), "archive", lambda owned: owned.present().displayable().filter(archived=True)),
    Listing("trash", _lazy("Trash"), "trash-2", lambda owned: owned.trashed(), "trashed_at", in_trash=True),
)


def timeline_of(user: User, name: str) -> Timeline:
    """The user's list with that name. Raises Http404."""
    if name in LISTINGS:
        return own_timeline(user, LISTINGS[name])
    kind, _, key = name.partition(".")
    if kind not in LISTERS:
        raise Http404(f"no list {name}")
    return LISTERS[kind](user, key)


def own_timeline(user: User, listing: Listing) -> Timeline:
    """One of the gallery's own lists. Lists by date taken use local time, others the user's time zone."""
    photos = timeline_photos(user) if listing.slug == "timeline" else photos_of(user)
    return Timeline(listing, photos) if listing.by_taken else Timeline(listing, photos, user.zone)
