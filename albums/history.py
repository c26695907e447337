"""Descriptions of the actions on albums, for the history."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from albums import actions
from albums.changes import AddToAlbum, TakeOutOfAlbum
from albums.models import Album
from mirage.wording import number_in_words


def tell(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe each action, with the album's address if it still exists."""
    ids = {activity.target_id or 0 for activity in activities if activity.target_type == "album"}
    albums = {album.pk: album for album in Album.everything.filter(pk__in=ids)}
    return {activity.pk: told(activity, albums.get(activity.target_id or 0)) for activity in activities}


def told(activity: Activity, album: Album | None) -> Told:
    """Describe an action. `album` is None if it is gone or the action was about something else."""
    name = album.name if album else _("an album that no longer exists")
    words = SENTENCES.get(activity.verb.removeprefix("albums."))
    address = album.get_absolute_url() if album and not album.deleted_at else ""
    return Told(words(name, activity.detail) if words else _("Changed %(album)s") % {"album": name}, address)


def edited(name: str, detail: Mapping[str, Any]) -> str:
    """Describe a changed field."""
    before, after = detail["before"], detail["after"]
    if "name" in after and after["name"] != before["name"]:
        return _("Renamed %(old)s to %(new)s") % {"old": before["name"], "new": after["name"]}
    said = {"album": name}
    if "parent" in after:
        return (_("Put %(album)s into a folder") if after["parent"] else _("Took %(album)s out of its folder")) % said
    if "description" in after:
        return _("Described %(album)s") % said
    if "query" in after:
        return _("Changed the search of %(album)s") % said
    return (_("Chose a cover for %(album)s") if "cover" in after else _("Changed %(album)s")) % said


def removed(name: str, detail: Mapping[str, Any]) -> str:
    count = detail["count"]
    words = ngettext("Took %(number)s photo out of %(album)s", "Took %(number)s photos out of %(album)s", count)
    return words % {"number": number_in_words(count), "album": name}


def moved(name: str, detail: Mapping[str, Any]) -> str:
    count = detail["count"]
    words = ngettext("Moved %(number)s photo in %(album)s", "Moved %(number)s photos in %(album)s", count)
    return words % {"number": number_in_words(count), "album": name}


SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "created": lambda name, detail: _("Made %(album)s") % {"album": name},
    "edited": edited,
    "deleted": lambda name, detail: _("Deleted %(album)s") % {"album": name},
    "removed": removed,
    "moved": moved,
    "sorted": lambda name, detail: _("Sorted %(album)s by time") % {"album": name},
    "heading": lambda name, detail: _("Changed a heading in %(album)s") % {"album": name},
    "shared": lambda name, detail: _("Shared %(album)s with %(user)s") % {"album": name, "user": detail["name"]},
    "unshared": lambda name, detail: (
        _("Stopped sharing %(album)s with %(user)s") % {"album": name, "user": detail["name"]}
    ),
    "library shared": lambda name, detail: _("Shared the library with %(user)s") % {"user": detail["name"]},
    "library unshared": lambda name, detail: _("Stopped sharing the library with %(user)s") % {"user": detail["name"]},
}


# Adding and removing selected photos are changes of photos.
ALBUMS = ActionKind(
    _lazy("Albums"),
    tell,
    actions.revert,
    lambda activity: activity.verb in actions.REVERTS,
    also=(AddToAlbum.verb, TakeOutOfAlbum.verb),
)
