"""The progress of the pipeline: counts, rates and time left per stage, and the workers.

Every open Activity page asks for this every two seconds, so the cost must not grow with the library. Pending runs are
counted by index. Expensive counts are cached for a multiple of the time they took.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Min, QuerySet
from django.utils import timezone
from redis.exceptions import RedisError
from rq import Worker
from rq.worker import WorkerStatus

from accounts.models import User
from mirage.runtime import doorbell, queues
from photos.models import Photo, StageRun, Upload
from photos.pipeline import Stage, all_stages

WINDOW = timedelta(minutes=5)
COST_SHARE = 20  # a count that took one second is cached for twenty
WAITING, RUNNING, FAILED, DONE = "waiting", "running", "failed", "done"


@dataclass(frozen=True, slots=True)
class StageProgress:
    """The progress of one stage in photos. `per_minute` is the recent rate, None if nothing was done."""

    stage: Stage
    waiting: int
    running: int
    done: int
    failed: int
    per_minute: float | None
    blocked: bool = False  # weights are missing, so waiting photos cannot begin
    paused: bool = False

    @property
    def left(self) -> int:
        return self.waiting + self.running

    @property
    def total(self) -> int:
        return self.left + self.done + self.failed

    @property
    def seconds_left(self) -> float | None:
        """None if nothing is left or no rate is known."""
        return self.left / self.per_minute * 60 if self.left and self.per_minute else None


@dataclass(frozen=True, slots=True)
class Workforce:
    """The workers. `reachable` is False if Redis does not answer; then nothing else is known."""

    reachable: bool
    workers: int = 0
    busy: int = 0
    unattended: tuple[Stage, ...] = ()  # stages whose queue has no worker


def stages(owner: User | None = None) -> list[StageProgress]:
    """The progress of every stage, for one owner or for all."""
    runs = runs_of(owner)
    whose = owner.pk if owner else "all"
    pending = _cached(f"progress-pending-{whose}", lambda: _count(runs, (WAITING, RUNNING, FAILED)))
    done = _cached(f"progress-done-{whose}", lambda: _count(runs, (DONE,)))
    return [
        StageProgress(
            stage=stage,
            waiting=pending.get((stage.name, WAITING), 0),
            running=pending.get((stage.name, RUNNING), 0),
            failed=pending.get((stage.name, FAILED), 0),
            done=done.get((stage.name, DONE), 0),
            per_minute=rate(runs, stage),
            blocked=bool(stage.missing_weights()),
            paused=stage.is_paused,
        )
        for stage in all_stages()
    ]


def runs_of(owner: User | None) -> QuerySet[StageRun]:
    """The stage runs of an owner's photos, without the join if nobody else has photos.

    `+ 0` hides the index by owner: databases would read all of the owner's photos instead of the few pending ones.
    """
    runs = StageRun.objects.order_by()
    if owner is None or is_alone(owner):
        return runs
    return runs.annotate(whose=F("photo__owner_id") + 0).filter(whose=owner.pk)


def is_alone(owner: User) -> bool:
    """Whether nobody else has photos."""
    others = User.objects.exclude(pk=owner.pk).values_list("pk", flat=True)
    return not any(Photo.objects.filter(owner=other).exists() for other in others)


def rate(runs: QuerySet[StageRun], stage: Stage) -> float | None:
    """Photos per minute in the last five minutes, counted from the first one that the stage finished."""
    now = timezone.now()
    late = runs.filter(stage=stage.name, status=StageRun.Status.DONE, finished_at__gt=now - WINDOW)
    found = late.aggregate(count=Count("id"), first=Min("finished_at"))
    if not found["count"]:
        return None
    return found["count"] / max((now - found["first"]).total_seconds() / 60, 1 / 6)


def _count(runs: QuerySet[StageRun], statuses: tuple[str, ...]) -> dict[tuple[str, str], int]:
    """The number of runs by stage and status. Naming both lets the database use their index."""
    named = runs.filter(stage__in=[stage.name for stage in all_stages()], status__in=statuses)
    grouped = named.values("stage", "status").annotate(count=Count("id"))
    return {(row["stage"], row["status"]): row["count"] for row in grouped}


def _cached(key: str, compute: Callable[[], Any]) -> Any:
    """The result of `compute`, cached for COST_SHARE times as long as it took."""
    if (kept := cache.get(key)) is not None:
        return kept
    began = time.perf_counter()
    answer = compute()
    cache.set(key, answer, timeout=COST_SHARE * (time.perf_counter() - began))
    return answer


def workforce() -> Workforce:
    """The workers of RQ, and the stages that have none."""
    try:
        connection = queues.connection_of("io")
        workers = Worker.all(connection=connection)
        resting = doorbell.resting(connection)
        attended = {name for worker in workers for name in worker.queue_names()}.union(*resting.values())
        busy = sum(worker.get_state() == WorkerStatus.BUSY for worker in workers)
    except RedisError:
        return Workforce(reachable=False)
    unattended = tuple(stage for stage in all_stages() if stage.queue not in attended)
    number = len({worker.name for worker in workers} | resting.keys())
    return Workforce(True, number, busy, unattended)


def recently_added(owner: User | None = None) -> int:
    """How many photos were added in the last five minutes."""
    photos = Photo.objects.filter(added_at__gt=timezone.now() - WINDOW, trashed_at=None)
    owners = [owner] if owner else list(User.objects.all())
    return sum(photos.filter(owner=one).count() for one in owners)  # by owner, to match the index


def uploads(owner: User | None = None) -> QuerySet[Upload]:
    """Unfinished uploads, the most recently active first."""
    chosen = Upload.objects.filter(owner=owner) if owner else Upload.objects.all()
    return chosen.select_related("owner").order_by("-touched_at")
