"""What a kept photo takes over from its duplicates: words, place, rating, and what other apps attach to photos.

It is saved as edits of the owner, so reading the files again does not lose it. Other apps register what is theirs
(albums, tags).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from mirage.registry import Registry
from photos.editing import edits
from photos.models import Photo

TEXTS = ("title", "description", "label", "author", "copyright")


@dataclass(frozen=True)
class Merge:
    """One kind of knowledge. `do` gives it to the kept photo and returns, as JSON, what `undo` needs."""

    do: Callable[[Photo, Sequence[Photo], datetime, User], Any]
    undo: Callable[[Any, datetime], None]


MERGES: Registry[Merge] = Registry("merge")


def merge(kept: Photo, others: Sequence[Photo], stamp: datetime, by: User) -> dict[str, Any]:
    """Give the kept photo what it lacks and the others have. Returns what `unmerge` needs."""
    needed = {name: one.do(kept, others, stamp, by) for name, one in MERGES.items()}
    return {name: value for name, value in needed.items() if value is not None}


def unmerge(needed: dict[str, Any], stamp: datetime) -> None:
    """Undo a merge, except for what the owner changed since."""
    for name, value in needed.items():
        if name in MERGES:
            MERGES[name].undo(value, stamp)


def merge_edits(kept: Photo, others: Sequence[Photo], stamp: datetime, by: User) -> Any:
    """Texts and place if the kept photo has none, and the highest rating."""
    values: dict[str, Any] = {}
    for field in TEXTS:
        text = next((text for other in others if (text := getattr(other, field))), "")
        if text and not getattr(kept, field):
            values[field] = text
    located = next((other for other in others if other.latitude is not None), None)
    if kept.latitude is None and located is not None:
        values |= edits.copy_from(located, ["position"]).values
    ratings = [photo.rating for photo in (kept, *others) if photo.rating is not None]
    if ratings and max(ratings) != kept.rating:
        values["rating"] = max(ratings)
    return edits.SetFields(values).apply([kept.pk], stamp, by) if values else None


def unmerge_edits(needed: Any, stamp: datetime) -> None:
    edits.SetFields({}).revert(needed, stamp)


def merge_favourite(kept: Photo, others: Sequence[Photo], _stamp: datetime, _by: User) -> Any:
    """The kept photo is a favourite if any of them is."""
    if kept.favourite or not any(other.favourite for other in others):
        return None
    Photo.objects.filter(pk=kept.pk).update(favourite=True)
    return kept.pk


def unmerge_favourite(needed: Any, _stamp: datetime) -> None:
    Photo.objects.filter(pk=needed).update(favourite=False)


OWN = {
    "edits": Merge(merge_edits, unmerge_edits),
    "favourite": Merge(merge_favourite, unmerge_favourite),
}
