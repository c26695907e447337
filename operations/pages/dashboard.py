"""The dashboard of the administration: storage, growth, work, failures, indexes, tasks, backups, versions."""

import platform
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q, Sum, TextField
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext
from redis.exceptions import RedisError

from accounts.models import User
from mirage.web.languages import in_language
from mirage.wording import number_in_words
from operations import checking, findings, health, metrics, schedule
from operations.models import LibraryFinding, ScheduledTask
from photos import vectors
from photos.gallery.alike import clip_search
from photos.models import ImportFailure, Photo
from photos.pipeline import progress, running_on
from photos.storage.streaming import makers
from photos.vectors import backends
from vision import clip, weights

GROWTH_SECONDS = 600  # how long it is kept, because it reads the whole table
MONTHS = 24

INDEXES = {
    "embeddings": _lazy("Embeddings"),
    "fingerprints": _lazy("Fingerprints"),
    "faces": _lazy("Faces"),
    "clip": "CLIP",
}  # by their names in photos.vectors


@dataclass(frozen=True, slots=True)
class Storage:
    """The size of an owner's library."""

    owner: User
    photos: int
    photo_bytes: int
    videos: int
    video_bytes: int

    @property
    def bytes(self) -> int:
        return self.photo_bytes + self.video_bytes

    @property
    def share_of_quota(self) -> int | None:
        """In percent; None without a quota."""
        return round(100 * self.bytes / self.owner.quota_bytes) if self.owner.quota_bytes else None


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the growth chart: the photos added, and the totals at its end."""

    name: str
    added: int
    total: int
    bytes: int
    height: float = 0.0  # of its bar, in percent of the highest

    @property
    def top(self) -> float:
        return 100 - self.height


@dataclass(frozen=True, slots=True)
class Index:
    name: str
    vectors: int
    sound: bool
    text: str

    @property
    def title(self) -> str:
        return str(INDEXES.get(self.name, self.name.capitalize()))


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    waiting: int
    failed: int


def describe() -> dict[str, Any]:
    """Everything the page shows."""
    conditions = health.conditions()
    return {
        "conditions": conditions,
        "at_stake": findings.at_stake(),
        "findings": counted_findings(),
        "import_failures": ImportFailure.objects.count(),
        "totals": totals(storage()),
        "disk": disk(),
        "growth": growth(),
        "work": work(),
        "indexes": indexes(),
        "backup": backup(),
        "versions": versions(),
        "clip": clip_told(),
        "missing_weights": [weight.name for weight in weights.missing(settings.MIRAGE_MODELS)],
    }


def counted_findings() -> list[dict[str, str]]:
    """How many findings the last check had of each kind."""
    rows = LibraryFinding.objects.order_by("kind").values("kind").annotate(count=Count("id"))
    return [{"kind": row["kind"], "counted": checking.counted(row["kind"], row["count"])} for row in rows]


def totals(rows: list[Storage]) -> dict[str, int]:
    """The sums over all libraries."""
    return {
        "photos": sum(row.photos for row in rows),
        "videos": sum(row.videos for row in rows),
        "bytes": sum(row.bytes for row in rows),
        "owners": len(rows),
    }


def work() -> dict[str, int]:
    """How many photos wait at some stage, and how many failed; each photo counts once for each stage."""
    stages = progress.stages()
    return {"left": sum(stage.left for stage in stages), "failed": sum(stage.failed for stage in stages)}


def backup() -> ScheduledTask | None:
    """The last backup; None if backups are off."""
    return ScheduledTask.objects.filter(name="backup").first() if settings.MIRAGE_BACKUP_TO else None


def clip_told() -> str:
    """What was found in the folder of MIRAGE_CLIP, and how many photos the model knows; empty without one."""
    if not clip.is_on():
        return ""
    if problem := clip.problem():
        return in_language(problem)
    known, every = clip_search.counted()
    if clip_search.is_ready():
        text = _("%(model)s. It knows %(known)s of %(all)s photos. It answers searches.")
    else:
        text = _(
            "%(model)s. It knows %(known)s of %(all)s photos. Until it knows nearly all, Mirage’s own model answers."
        )
    numbers = {"known": number_in_words(known), "all": number_in_words(max(known, every))}
    return text % {"model": in_language(clip.told()), **numbers}


def storage() -> list[Storage]:
    """The sizes of all libraries, the largest first."""
    sums: dict[str, dict[str, tuple[int, int]]] = {}
    for name, kind, count, size in metrics.by_owner_and_kind():
        sums.setdefault(name, {})[kind] = (count, size)
    owners = User.objects.in_bulk(list(sums), field_name="username")
    rows = [
        Storage(owners[name], *kinds.get("photo", (0, 0)), *kinds.get("video", (0, 0)))
        for name, kinds in sums.items()
        if name in owners
    ]
    return sorted(rows, key=lambda row: -row.bytes)


def disk() -> dict[str, int]:
    usage = shutil.disk_usage(settings.MIRAGE_DATA)
    total = usage.used + usage.free  # less than the disk's size, of which the system keeps a part for itself
    return {"total": total, "free": usage.free, "used_percent": round(100 * usage.used / total)}


def growth() -> list[Month]:
    """The last months, oldest first, including those without new photos."""
    rows: list[tuple[str, int, int]] = cache.get_or_set("dashboard-growth", monthly, GROWTH_SECONDS) or []
    if not rows:
        return []
    added = {name: (count, size) for name, count, size in rows}
    months, total, size = [], 0, 0
    for name in months_between(rows[0][0], rows[-1][0]):
        count, more = added.get(name, (0, 0))
        total, size = total + count, size + more
        months.append((name, count, total, size))
    highest = max(size, 1)
    return [Month(*month, height=round(100 * month[3] / highest, 2)) for month in months[-MONTHS:]]


def monthly() -> list[tuple[str, int, int]]:
    """Photos and bytes added in each month. Cutting the month from text avoids a Python function in SQLite."""
    months = Photo.objects.order_by().annotate(month=Substr(Cast("added_at", TextField()), 1, 7)).values("month")
    rows = months.annotate(count=Count("id"), bytes=Sum("size", filter=Q(copy_number=0), default=0)).order_by("month")
    return [(row["month"], row["count"], row["bytes"]) for row in rows]


def months_between(first: str, last: str) -> list[str]:
    (year, month), names = (int(part) for part in first.split("-")), []
    while (name := f"{year:04d}-{month:02d}") <= last:
        names.append(name)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return names


def queues() -> list[Queue]:
    try:
        return [Queue(*counts) for counts in metrics.queue_counts()]
    except RedisError:
        return []  # the condition says so


def indexes() -> list[Index]:
    rows = []
    for kind in vectors.KINDS.values():
        problems = backends.chosen().glance(kind)
        count = kind.rows().count()
        served = (
            _("exact search")
            if count < vectors.EXACT_BELOW
            else _("index of %(program)s") % {"program": settings.VECTOR_BACKEND}
        )
        rows.append(Index(kind.name, count, not problems, "; ".join(problems) or served))
    return rows


def tasks() -> list[dict[str, Any]]:
    rows = {row.name: row for row in ScheduledTask.objects.all()}
    return [{"task": task, "row": rows.get(name)} for name, task in schedule.tasks().items()]


def versions() -> dict[str, str]:
    return {
        "Mirage": settings.VERSION,
        _("Database"): health.database().text,
        "Django": django.get_version(),
        "Python": platform.python_version(),
        pgettext("computer", "Machine"): platform.node(),
        _("Videos are encoded by"): makers.encoder_in_words(),
        _("Models run on"): running_on.in_words(),
        pgettext("folder", "Data"): str(Path(settings.MIRAGE_DATA)),
    }
