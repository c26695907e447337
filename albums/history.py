"""Descriptions of the actions on albums, for the history."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accounts.action_kinds import ActionKind, Told
from accounts.models import Activity
from albums import actions
from albums.changes import AddToAlbum, TakeOutOfAlbum
from albums.models import Album
from mirage.wording import counted

FIELDS = {"description": "Described", "query": "Changed the search of", "cover": "Chose a cover for"}


def tell(activities: Sequence[Activity]) -> dict[int, Told]:
    """Describe each action, with the album's address if it still exists."""
    ids = {activity.target_id or 0 for activity in activities if activity.target_type == "album"}
    albums = {album.pk: album for album in Album.everything.filter(pk__in=ids)}
    return {activity.pk: told(activity, albums.get(activity.target_id or 0)) for activity in activities}


def told(activity: Activity, album: Album | None) -> Told:
    """Describe an action. `album` is None if it is gone or the action was about something else."""
    name = album.name if album else "an album that no longer exists"
    words = SENTENCES.get(activity.verb.removeprefix("albums."))
    address = album.get_absolute_url() if album and not album.deleted_at else ""
    return Told(words(name, activity.detail) if words else f"Changed {name}", address)


def edited(name: str, detail: Mapping[str, Any]) -> str:
    """Describe a changed field."""
    before, after = detail["before"], detail["after"]
    if "name" in after and after["name"] != before["name"]:
        return f"Renamed {before['name']} to {after['name']}"
    if "parent" in after:
        return f"Put {name} into a folder" if after["parent"] else f"Took {name} out of its folder"
    return f"{next((words for field, words in FIELDS.items() if field in after), 'Changed')} {name}"


SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "created": lambda name, detail: f"Made {name}",
    "edited": edited,
    "deleted": lambda name, detail: f"Deleted {name}",
    "removed": lambda name, detail: f"Took {counted(detail['count'])} out of {name}",
    "moved": lambda name, detail: f"Moved {counted(detail['count'])} in {name}",
    "sorted": lambda name, detail: f"Sorted {name} by time",
    "heading": lambda name, detail: f"Changed a heading in {name}",
    "shared": lambda name, detail: f"Shared {name} with {detail['name']}",
    "unshared": lambda name, detail: f"Stopped sharing {name} with {detail['name']}",
    "library shared": lambda name, detail: f"Shared the library with {detail['name']}",
    "library unshared": lambda name, detail: f"Stopped sharing the library with {detail['name']}",
}


# Adding and removing selected photos are changes of photos.
ALBUMS = ActionKind(
    "Albums",
    tell,
    actions.revert,
    lambda activity: activity.verb in actions.REVERTS,
    also=(AddToAlbum.verb, TakeOutOfAlbum.verb),
)
