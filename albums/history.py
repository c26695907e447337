"""What was done with albums, in words."""

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
    """Each action with the album's address, where it is still there."""
    ids = {activity.target_id or 0 for activity in activities if activity.target_type == "album"}
    albums = {album.pk: album for album in Album.everything.filter(pk__in=ids)}
    return {activity.pk: told(activity, albums.get(activity.target_id or 0)) for activity in activities}


def told(activity: Activity, album: Album | None) -> Told:
    """In words; `album` is None where it is gone for good, or nothing was done with one."""
    name = album.name if album else "an album that is gone"
    words = SENTENCES.get(activity.verb.removeprefix("albums."))
    there = album is not None and album.deleted_at is None
    address = album.get_absolute_url() if album and there else ""
    return Told(words(name, activity.detail) if words else f"Changed {name}", address)


def edited(name: str, detail: Mapping[str, Any]) -> str:
    """Which field was changed, and how."""
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


# Photos put in and taken out by the selection are changes of photos.
ALBUMS = ActionKind(
    "Albums",
    tell,
    actions.revert,
    lambda activity: activity.verb in actions.REVERTS,
    also=(AddToAlbum.verb, TakeOutOfAlbum.verb),
)
