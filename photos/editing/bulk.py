"""Changes to many photos at once: batch by batch, each whole or not at all, and all of it can be taken back.

A change is kept as an Activity: what is to be done, to which photos, how far it is, and what undo needs to know.
Whoever finds it unfinished, after a kill or in another process, goes on with the next batch; the row's lock lets nobody
do one twice. What the change is (a title, a tag, an album) is a class of its own; this module knows none of them.
"""

import base64
import json
import logging
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

import django_rq
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from redis.exceptions import RedisError

from accounts.models import Activity, User
from photos.models import PhotoQuerySet

log = logging.getLogger(__name__)

BATCH = 500
AT_ONCE = 2_000  # photos within a request's patience; more are a job
TARGET = "photos"  # target_type of these activities

Entry = Any  # what undo needs to know of one photo, in JSON


@dataclass(frozen=True)
class Difference:
    """What a change would do to one photo: the old and the new value of each thing that differs."""

    photo_id: int
    values: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Change(ABC):
    """Something to be done to photos. The fields of a subclass are plain JSON values, so that it can be kept."""

    verb: ClassVar[str] = "changed"

    @property
    def told(self) -> str:
        """What a report says was done to the photos."""
        return "changed"

    @abstractmethod
    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        """Do it to these photos, in the caller's transaction; an entry for each photo that it changed."""

    @abstractmethod
    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        """Take it back where nothing was changed since `stamp`; for how many photos it was left because of that."""

    @abstractmethod
    def differences(self, photo_ids: Sequence[int]) -> list[Difference]:
        """What it would change, without doing it."""

    def photos_in(self, entries: Sequence[Entry]) -> int:
        """How many photos these entries are about."""
        return len(entries)


@dataclass(frozen=True)
class Preview:
    """What a change would do: of `examined` photos of `total` it would change `changing`, some of them as examples."""

    total: int
    examined: int
    changing: int
    examples: list[Difference]


@dataclass(frozen=True)
class Progress:
    """How far a change is; `kept` photos were not taken back because they were changed again since."""

    total: int
    done: int
    changed: int
    kept: int
    finished: bool
    undone: bool


def preview(photos: PhotoQuerySet, change: Change, *, examples: int = 20, examine: int = AT_ONCE) -> Preview:
    """What the change would do to these photos; at most `examine` of them are looked at."""
    ids = list(photos.order_by("pk").values_list("pk", flat=True))
    found: list[Difference] = []
    changing = 0
    for first in range(0, min(len(ids), examine), BATCH):
        differences = change.differences(ids[first : min(first + BATCH, examine)])
        changing += len(differences)
        found += differences[: examples - len(found)]
    return Preview(len(ids), min(len(ids), examine), changing, found)


def make(owner: User, photos: PhotoQuerySet, change: Change, by: User | None) -> Activity:
    """Do the change to the owner's photos among these: now if they are few, else by a worker. See `progress_of`."""
    activity = begin(owner, photos, change, by)
    if activity.detail["total"] > AT_ONCE and hand_over("photos.editing.bulk.carry_on", activity.pk):
        return activity
    carry_on(activity.pk)
    activity.refresh_from_db()
    return activity


def begin(owner: User, photos: PhotoQuerySet, change: Change, by: User | None) -> Activity:
    """Write down what is to be done; `carry_on` does it."""
    ids = sorted(photos.filter(owner=owner).order_by().values_list("pk", flat=True))
    detail = {
        "change": pack(change),
        "stamp": timezone.now().isoformat(),
        "ids": compact([after - before for before, after in zip([0, *ids], ids, strict=False)]),
        "total": len(ids),
        "done": 0,
        "changed": 0,
        "kept": 0,
        "before": [],
        "finished": not ids,
        "undoing": False,
    }
    return Activity.objects.create(owner=owner, actor=by, verb=change.verb, target_type=TARGET, detail=detail)


def carry_on(activity_id: int) -> None:
    """Do what is left of a change, or of taking it back."""
    while step(activity_id):
        pass


def step(activity_id: int) -> bool:
    """One batch, in one transaction. Whether more is to be done."""
    with transaction.atomic():
        activity = Activity.objects.select_for_update(of=("self",)).select_related("actor").get(pk=activity_id)
        detail = activity.detail
        if detail["undoing"]:
            return step_back(activity)
        if detail["finished"]:
            return False
        ids = photo_ids_of(activity)[detail["done"] : detail["done"] + BATCH]
        change = unpack(detail["change"])
        entries = change.apply(ids, datetime.fromisoformat(detail["stamp"]), activity.actor)
        if entries:
            detail["before"].append(compact(entries))
        detail["done"] += len(ids)
        detail["changed"] += change.photos_in(entries)
        detail["finished"] = detail["done"] >= detail["total"]
        activity.save(update_fields=["detail"])
    return not detail["finished"]


def step_back(activity: Activity) -> bool:
    """Take one batch back, the last first. Whether more is to be taken back."""
    detail = activity.detail
    if detail["before"]:
        entries = expand(detail["before"].pop())
        detail["kept"] += unpack(detail["change"]).revert(entries, datetime.fromisoformat(detail["stamp"]))
    if not detail["before"] and activity.undone_at is None:
        activity.undone_at, detail["finished"] = timezone.now(), True
    activity.save(update_fields=["detail", "undone_at"])
    return bool(detail["before"])


def undo(activity: Activity) -> Activity:
    """Take a change back, also one that is not through yet; what was changed again since is left as it is."""
    with transaction.atomic():
        locked = Activity.objects.select_for_update().get(pk=activity.pk)
        locked.detail["undoing"] = True
        locked.save(update_fields=["detail"])
    if locked.detail["changed"] <= AT_ONCE or not hand_over("photos.editing.bulk.carry_on", activity.pk):
        carry_on(activity.pk)
    activity.refresh_from_db()
    return activity


def progress_of(activity: Activity) -> Progress:
    """How far it is."""
    detail = activity.detail
    counts = {name: detail[name] for name in ("total", "done", "changed", "kept", "finished")}
    return Progress(**counts, undone=activity.undone_at is not None)


def resume_unfinished() -> int:
    """Let workers go on with what a kill has interrupted. How many changes."""
    open_ones = Activity.objects.filter(target_type=TARGET, undone_at=None)
    stopped = [*open_ones.filter(detail__finished=False), *open_ones.filter(detail__undoing=True)]
    for activity_id in {activity.pk for activity in stopped}:
        hand_over("photos.editing.bulk.carry_on", activity_id)
    return len(stopped)


def hand_over(function: str, *args: Any) -> bool:
    """Give the work to a worker; whether one could be told."""
    try:
        django_rq.get_queue("io").enqueue(function, *args, result_ttl=0)
    except RedisError as error:
        log.debug("No worker could be told: %s", error)
        return False
    return True


def photo_ids_of(activity: Activity) -> list[int]:
    """The photos that the change is for."""
    ids, last = [], 0
    for distance in expand(activity.detail["ids"]):
        last += distance
        ids.append(last)
    return ids


def pack(change: Change) -> dict[str, Any]:
    """The change as JSON."""
    kind = type(change)
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "values": values}


def unpack(packed: dict[str, Any]) -> Change:
    """The change again."""
    kind = import_string(packed["type"])
    if not issubclass(kind, Change):
        raise TypeError(f"{packed['type']} is no change")
    return kind(**packed["values"])


def compact(value: Any) -> str:
    """JSON, compressed, as text: the old titles of ten thousand photos take less than a picture."""
    return base64.b64encode(zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)).decode()


def expand(text: str) -> Any:
    """What was compacted."""
    return json.loads(zlib.decompress(base64.b64decode(text)))


@dataclass(frozen=True)
class Together(Change):
    """Several changes as one, with one undo. `changes` are packed."""

    changes: list[dict[str, Any]]
    verb: ClassVar[str] = "changed"

    @property
    def told(self) -> str:
        parts = {unpack(change).told for change in self.changes}
        return parts.pop() if len(parts) == 1 else "changed"

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
