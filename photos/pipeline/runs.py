"""What is done with every photo, in which order, and who does it.

The database says what is to be done (StageRun rows). A job of RQ carries only the name of a stage; the worker that
takes it claims a batch of what waits. `sweep` enqueues again what was lost, and gives back the claims of dead workers.
"""

import logging
import os
import socket
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import django_rq
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from redis.exceptions import RedisError

from mirage.runtime import queues
from mirage.runtime.worker import life_key
from photos.models import Photo, StageRun
from photos.pipeline.jobs import JOBS, WORK
from photos.pipeline.stages import STAGES, Stage, all_stages

log = logging.getLogger(__name__)

ATTEMPTS = 3
ENQUEUED_SECONDS = 30  # within which a stage is enqueued once, unless a worker has begun with it
LONGEST_CLAIM = timedelta(hours=1)


def worker_name() -> str:
    """Who this process is, as written into claims; `manage.py work` sets its own name."""
    return os.environ.get("MIRAGE_WORKER") or f"{socket.gethostname()}:{os.getpid()}"


# --- bringing work ---------------------------------------------------------------------------------------------------


def start(photo_ids: Sequence[int]) -> None:
    """Let the pipeline begin with new photos. Call it in the transaction that makes their rows."""
    first = [stage for stage in all_stages() if stage.after is None and not stage.on_demand]
    await_stages(dict.fromkeys(photo_ids, first))


def demand(name: str, photo_ids: Sequence[int]) -> None:
    """Let a stage be done for these photos, also where it was or is being done: what they hold has changed."""
    await_stages({photo_id: [STAGES[name]] for photo_id in photo_ids})
    StageRun.objects.filter(stage=name, photo_id__in=photo_ids).update(
        status=StageRun.Status.WAITING, attempts=0, error="", claim="", worker=""
    )


def await_stages(wanted: Mapping[int, Iterable[Stage]]) -> None:
    """Make rows that wait for these stages where there are none; finished ones wait again when they are stale."""
    rows = [StageRun(photo_id=photo_id, stage=stage.name) for photo_id, stages in wanted.items() for stage in stages]
    StageRun.objects.bulk_create(rows, ignore_conflicts=True)
    for name in {row.stage for row in rows}:
        ids = [row.photo_id for row in rows if row.stage == name]
        runs = StageRun.objects.filter(stage=name, photo_id__in=ids)
        retry(runs.filter(status=StageRun.Status.DONE, version__lt=STAGES[name].version))
        transaction.on_commit(partial(enqueue, name))


def retry(runs: QuerySet[StageRun]) -> int:
    """Let these wait again with all attempts before them, and enqueue them. How many."""
    names = list(runs.values_list("stage", flat=True).distinct())
    count = runs.exclude(status=StageRun.Status.RUNNING).update(
        status=StageRun.Status.WAITING, attempts=0, error="", claim=""
    )
    for name in names:
        transaction.on_commit(partial(enqueue, name))
    return count


def enqueue(name: str) -> None:
    """Let a worker do a batch of this stage. What is lost with Redis the next `sweep` enqueues again."""
    queues.enqueue(STAGES[name].queue, WORK, name, once=ENQUEUED_SECONDS)


# --- doing it --------------------------------------------------------------------------------------------------------


def work(name: str, *arguments: Any) -> object:
    """The one function that RQ calls: does a batch of a stage, or another job."""
    if name in STAGES:
        return work_on(STAGES[name])
    return import_string(JOBS[name].function)(*arguments)


def work_on(stage: Stage) -> int:
    """Claim a batch of what waits, let others claim the next, do it. How many were done."""
    queues.forget(stage.queue, WORK, stage.name)
    runs = claim(stage)
    if runs and StageRun.objects.filter(stage=stage.name, status=StageRun.Status.WAITING).exists():
        enqueue(stage.name)
    perform(stage, runs)
    return len(runs)


def drain() -> int:
    """Do everything that waits, in this process, without RQ. How many stage runs were done."""
    total = 0
    while done := sum(perform_next(stage) for stage in all_stages()):
        total += done
    return total


def perform_next(stage: Stage) -> int:
    """Claim and do one batch."""
    runs = claim(stage)
    perform(stage, runs)
    return len(runs)


def claim(stage: Stage) -> list[StageRun]:
    """Take a batch of what waits, newest first; whoever changes a row from waiting to running owns it.

    What has failed before, perhaps by killing its worker, is taken alone. Nothing while weights are missing.
    """
    if stage.missing_weights():
        return []
    token = uuid.uuid4().hex
    waiting = StageRun.objects.filter(stage=stage.name, status=StageRun.Status.WAITING)
    rows = list(waiting.order_by("attempts", "-id").values_list("id", "attempts")[: stage.batch])
    if not rows:
        return []
    ids = [row_id for row_id, attempts in rows if attempts == 0] or [rows[0][0]]
    waiting.filter(id__in=ids).update(
        status=StageRun.Status.RUNNING,
        claim=token,
        worker=worker_name(),
        attempts=F("attempts") + 1,
        started_at=timezone.now(),
    )
    return list(StageRun.objects.filter(claim=token).order_by("-id"))


def perform(stage: Stage, runs: Sequence[StageRun]) -> None:
    """Run the stage's function over claimed rows and write down how it went."""
    if not runs:
        return
    function: Callable[[Sequence[int]], dict[int, str]] = import_string(stage.function)
    try:
        refused = function([run.photo_id for run in runs])
    except Exception as error:  # whatever a stage raises is recorded with the photo, and the worker goes on
        log.exception("Stage %s failed for %s", stage.name, [run.photo_id for run in runs])
        if len(runs) == 1:
            give_up_or_retry(stage, runs[0], f"{type(error).__name__}: {error}")
        else:
            for run in runs:
                perform(stage, [run])
        return
    finish(stage, [run for run in runs if run.photo_id not in refused])
    for run in runs:
        if run.photo_id in refused:
            settle(run, StageRun.Status.FAILED, refused[run.photo_id])


def finish(stage: Stage, runs: Sequence[StageRun]) -> None:
    """Mark as done what is still ours, and let the stages that come after wait, in one transaction."""
    if not runs:
        return
    with transaction.atomic():
        ours = StageRun.objects.filter(
            id__in=[run.pk for run in runs], claim=runs[0].claim, status=StageRun.Status.RUNNING
        )
        photo_ids = list(ours.values_list("photo_id", flat=True))
        ours.update(
            status=StageRun.Status.DONE,
            version=stage.version,
            error="",
            claim="",
            worker="",
            finished_at=timezone.now(),
        )
        kinds = dict(Photo.objects.filter(id__in=photo_ids).values_list("id", "kind"))
        later = [other for other in all_stages() if other.after == stage.name]
        await_stages({photo: [other for other in later if kind in other.kinds] for photo, kind in kinds.items()})


def give_up_or_retry(stage: Stage, run: StageRun, error: str) -> None:
    """After the last attempt the run has failed; before, it waits for the next."""
    if run.attempts >= ATTEMPTS:
        settle(run, StageRun.Status.FAILED, error)
    else:
        settle(run, StageRun.Status.WAITING, error)
        enqueue(stage.name)


def settle(run: StageRun, status: str, error: str) -> None:
    """Write down an error, if the row is still ours."""
    StageRun.objects.filter(pk=run.pk, claim=run.claim, status=StageRun.Status.RUNNING).update(
        status=status, error=error, claim="", worker="", finished_at=timezone.now()
    )


# --- keeping it going ------------------------------------------------------------------------------------------------


def release(worker: str) -> int:
    """Give back what this worker had claimed: it is dead. How many.

    What killed its worker three times has failed.
    """
    held = StageRun.objects.filter(worker=worker, status=StageRun.Status.RUNNING)
    held.filter(attempts__gte=ATTEMPTS).update(
        status=StageRun.Status.FAILED,
        error="The program ended three times while it worked on this file.",
        claim="",
        worker="",
        finished_at=timezone.now(),
    )
    return held.update(status=StageRun.Status.WAITING, claim="", worker="")


def hand_back(worker: str) -> int:
    """Give back what this worker has in hand because it was told to stop: that attempt does not count. How many."""
    held = StageRun.objects.filter(worker=worker, status=StageRun.Status.RUNNING)
    return held.update(status=StageRun.Status.WAITING, claim="", worker="", attempts=F("attempts") - 1)


def recover(worker: str) -> None:
    """A worker of this name starts: what its forerunner held when it was killed waits again."""
    if release(worker):
        enqueue_waiting()


def enqueue_waiting() -> None:
    """Enqueue every stage in which something waits."""
    for stage in all_stages():
        waiting = StageRun.objects.filter(stage=stage.name, status=StageRun.Status.WAITING)
        if waiting.exists() and not stage.missing_weights():
            enqueue(stage.name)


def blocked() -> list[Stage]:
    """Stages whose rows can only wait, because weights are missing."""
    return [stage for stage in all_stages() if stage.missing_weights()]


def sweep() -> None:
    """Give back the claims of workers that are no longer there, and enqueue what waits. Called every few seconds."""
    held = StageRun.objects.filter(status=StageRun.Status.RUNNING, started_at__lt=timezone.now() - timedelta(seconds=5))
    for worker, newest in held.order_by().values_list("worker").annotate(Max("started_at")):
        if not is_alive(worker, newest):
            release(worker)
    enqueue_waiting()


def is_alive(worker: str, claimed_at: datetime) -> bool:
    """Whether a worker that claimed something at this moment still lives.

    Of workers Redis knows. Of a process of this machine the machine. Of one elsewhere, such as a killed `drain`,
    nobody does: what it has had in hand for so long that no stage takes it is given back.
    """
    host, _, pid = worker.rpartition(":")
    if pid.isdigit() and host == socket.gethostname():
        return os.path.exists(f"/proc/{pid}")
    if pid.isdigit():
        return claimed_at > timezone.now() - LONGEST_CLAIM
    try:
        return bool(django_rq.get_connection("io").exists(life_key(worker)))
    except RedisError:
        return True  # unknown: better to wait than to do it twice


# --- again -----------------------------------------------------------------------------------------------------------


def rerun(name: str, photo_ids: Sequence[int]) -> int:
    """Let a stage be done again for these photos. How many."""
    return retry(StageRun.objects.filter(stage=name, photo_id__in=photo_ids))


def stale(stage: Stage) -> QuerySet[StageRun]:
    """Done by an older version of the stage."""
    return StageRun.objects.filter(stage=stage.name, status=StageRun.Status.DONE, version__lt=stage.version)


def add_missing(stage: Stage, photos: QuerySet[Photo]) -> int:
    """Make the rows that are missing where the stage before is done. How many."""
    if stage.on_demand:
        return 0
    eligible = photos.filter(kind__in=stage.kinds).exclude(stage_runs__stage=stage.name)
    if stage.after:
        eligible = eligible.filter(stage_runs__stage=stage.after, stage_runs__status=StageRun.Status.DONE)
    ids = list(eligible.values_list("id", flat=True))
    for first in range(0, len(ids), 1000):
        with transaction.atomic():
            await_stages({photo_id: [stage] for photo_id in ids[first : first + 1000]})
    return len(ids)
