"""What a kept photo takes over from its duplicates: words, place, rating, and what other apps attach to photos.

It is saved as edits of the owner, so reading the files again does not lose it. Other apps register what is theirs
(albums, tags).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from mirage.registry import Registry
from photos.editing import edits
from photos.models import Comment, Photo

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
    """What the kept photo does not have, or has from its file where the owner wrote something else on another."""
    typed = {photo.pk: edits.edited_fields(photo) for photo in (kept, *others)}
    values: dict[str, Any] = {}
    for field in TEXTS:
        if text := merged_text(field, kept, others, typed):
            values[field] = text
    for field, has in (("taken", True), ("position", kept.latitude is not None)):
        source = next((other for other in others if field in typed[other.pk]), None)
        if source is None and not has:
            source = next((other for other in others if other.latitude is not None), None)
        if source is not None and field not in typed[kept.pk]:
            values |= edits.copy_from(source, [field]).values
    ratings = [photo.rating for photo in (kept, *others) if photo.rating is not None]
    if ratings and max(ratings) != kept.rating:
        values["rating"] = max(ratings)
    return edits.SetFields(values).apply([kept.pk], stamp, by) if values else None


def merged_text(field: str, kept: Photo, others: Sequence[Photo], typed: Mapping[int, Mapping[str, Any]]) -> str:
    """The new text of the kept photo; empty if it keeps its own. Of two descriptions that somebody wrote, both."""
    own = getattr(kept, field)
    written = [text for other in others if field in typed[other.pk] and (text := getattr(other, field))]
    if field in typed[kept.pk]:
        more = [text for text in dict.fromkeys(written) if text not in own] if field == "description" else []
        return "\n\n".join([own, *more] if own else more) if more else ""
    texts = written or ([] if own else [text for other in others if (text := getattr(other, field))])
    return "\n\n".join(dict.fromkeys(texts)) if field == "description" and written else next(iter(texts), "")


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


def merge_comments(kept: Photo, others: Sequence[Photo], _stamp: datetime, _by: User) -> Any:
    """Repeat what was said under the others. Theirs stay, and are there again if they come back from the trash."""
    said = {(each.author_id, each.text) for each in kept.comments.all()}
    made = []
    for each in Comment.objects.filter(photo__in=others).order_by("created_at", "pk"):
        if (each.author_id, each.text) in said:
            continue
        said.add((each.author_id, each.text))
        copy = Comment.objects.create(photo=kept, author_id=each.author_id, text=each.text)
        Comment.objects.filter(pk=copy.pk).update(created_at=each.created_at, edited_at=each.edited_at)
        made.append(copy.pk)
    return made or None


def unmerge_comments(needed: Any, stamp: datetime) -> None:
    Comment.objects.filter(pk__in=needed).exclude(edited_at__gt=stamp).delete()


OWN = {
    "comments": Merge(merge_comments, unmerge_comments),
    "edits": Merge(merge_edits, unmerge_edits),
    "favourite": Merge(merge_favourite, unmerge_favourite),
}
