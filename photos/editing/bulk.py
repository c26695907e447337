"""Changes of many photos, in batches, with undo. Each batch is done completely or not at all.

Each kind of change (a title, a tag, an album) is a subclass of Change. accounts/batches.py does the batches, undoes
them, and resumes them after a kill.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import accumulate
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import ngettext

from accounts import batches
from accounts.action_kinds import Batches
from accounts.models import Activity, User
from mirage.wording import number_in_words
from photos.models import PhotoQuerySet

TARGET = "photos"  # target_type of these activities

Entry = Any  # what undo needs to know about one photo, as JSON


@dataclass(frozen=True)
class Difference:
    """What a change would do to one photo: the old and new value of each column that differs."""

    photo_id: int
    values: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Change(ABC):
    """A change of photos. The fields of subclasses are JSON values, so that a change can be stored."""

    verb: ClassVar[str] = "changed"

    def sentence(self, number: int) -> str:
        """What was done to so many photos, for reports."""
        words = ngettext("Photo changed", "%(number)s photos changed", number)
        return words % {"number": number_in_words(number)}

    @abstractmethod
    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        """Change these photos, in the caller's transaction. Returns an entry for each photo that changed."""

    @abstractmethod
    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        """Undo the change except where it was changed again since `stamp`. Returns how many photos were kept so."""

    def differences(self, photo_ids: Sequence[int]) -> list[Difference]:
        """What the change would do. Empty if it has no preview."""
        return []

    def photos_in(self, entries: Sequence[Entry]) -> int:
        """How many photos these entries are about."""
        return len(entries)


@dataclass(frozen=True)
class Preview:
    """What a change would do: of `total` photos, `examined` were checked and `changing` of those would change."""

    total: int
    examined: int
    changing: int
    examples: list[Difference]


@dataclass(frozen=True)
class Progress:
    """The progress of a change. Undo left `kept` photos as they are because they were changed again since."""

    total: int
    done: int
    changed: int
    kept: int
    finished: bool
    undone: bool


def preview(photos: PhotoQuerySet, change: Change, *, examples: int = 20, examine: int = 2_000) -> Preview:
    """What the change would do to these photos. At most `examine` of them are checked."""
    ids = list(photos.order_by("pk").values_list("pk", flat=True))
    found: list[Difference] = []
    changing = 0
    for first in range(0, min(len(ids), examine), Changes.size):
        differences = change.differences(ids[first : min(first + Changes.size, examine)])
        changing += len(differences)
        found += differences[: examples - len(found)]
    return Preview(len(ids), min(len(ids), examine), changing, found)


def make(owner: User, photos: PhotoQuerySet, change: Change, by: User | None) -> Activity:
    """Change those of these photos that belong to the owner: now if they are few, or else by a worker."""
    activity = begin(owner, photos, change, by)
    batches.run(activity)
    return activity


def begin(owner: User, photos: PhotoQuerySet, change: Change, by: User | None) -> Activity:
    """Record the change without doing it. `batches.run` does it."""
    ids = sorted(photos.filter(owner=owner).order_by().values_list("pk", flat=True))
    detail = {
        "change": pack(change),
        "stamp": timezone.now().isoformat(),
        "ids": batches.compact([after - before for before, after in zip([0, *ids], ids, strict=False)]),
        "changed": 0,
        "kept": 0,
    }
    return batches.begin(owner, by, change.verb, TARGET, len(ids), **detail)


class Changes(Batches):
    """How batches of a change are done and undone."""

    size = 500
    at_once = 2_000

    def rows(self, activity: Activity) -> list[int]:
        """The ids of the photos to change."""
        return list(accumulate(batches.expand(activity.detail["ids"])))

    def do(self, activity: Activity, rows: Sequence[int]) -> list[Entry]:
        change = unpack(activity.detail["change"])
        entries = change.apply(rows, datetime.fromisoformat(activity.detail["stamp"]), activity.actor)
        activity.detail["changed"] += change.photos_in(entries)
        return entries

    def revert(self, activity: Activity, before: list[Entry]) -> None:
        change = unpack(activity.detail["change"])
        activity.detail["kept"] += change.revert(before, datetime.fromisoformat(activity.detail["stamp"]))


def progress_of(activity: Activity) -> Progress:
    """The progress of a change."""
    detail = activity.detail
    counts = {name: detail[name] for name in ("total", "done", "changed", "kept")}
    return Progress(**counts, finished=not batches.is_going_on(activity), undone=activity.undone_at is not None)


def pack(change: Change) -> dict[str, Any]:
    """The change as JSON."""
    kind = type(change)
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "values": values}


def unpack(packed: dict[str, Any]) -> Change:
    """The change from its JSON."""
    kind = import_string(packed["type"])
    if not issubclass(kind, Change):
        raise TypeError(f"{packed['type']} is not a change")
    return kind(**packed["values"])


@dataclass(frozen=True)
class Together(Change):
    """Several changes as one with one undo. `changes` are packed."""

    changes: list[dict[str, Any]]
    verb: ClassVar[str] = "changed"

    def sentence(self, number: int) -> str:
        parts = {unpack(change).sentence(number) for change in self.changes}
        return parts.pop() if len(parts) == 1 else super().sentence(number)

    @classmethod
    def of(cls, changes: Iterable[Change]) -> "Together":
        return cls([pack(change) for change in changes])

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        done = [(place, unpack(change).apply(photo_ids, stamp, by)) for place, change in enumerate(self.changes)]
        return [[place, entry] for place, entries in done for entry in entries]

    def photos_in(self, entries: Sequence[Entry]) -> int:
        return len({entry[0] for _, entry in entries})

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        left = 0
        for place, change in reversed(list(enumerate(self.changes))):
            own = [entry for where, entry in entries if where == place]
            left += unpack(change).revert(own, stamp) if own else 0
        return left

    def differences(self, photo_ids: Sequence[int]) -> list[Difference]:
        merged: dict[int, dict[str, tuple[Any, Any]]] = {}
        for change in self.changes:
            for difference in unpack(change).differences(photo_ids):
                merged.setdefault(difference.photo_id, {}).update(difference.values)
        return [Difference(photo_id, values) for photo_id, values in merged.items()]
