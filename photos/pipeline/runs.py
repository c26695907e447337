"""Adding work to the pipeline, claiming it, and recording the results.

StageRun rows say what is pending. A job of RQ carries only the name of a stage; the worker that takes the job claims a
batch of rows. `sweep` enqueues lost work again and gives back the claims of dead workers.
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

from media.sentences import english
from mirage.runtime import completion, queues
from mirage.runtime.worker import life_key
from photos.models import Photo, StageRun
from photos.pipeline.jobs import JOBS, WORK
from photos.pipeline.stages import STAGES, Stage, all_stages

log = logging.getLogger(__name__)
Status = StageRun.Status

ATTEMPTS = 3
ENQUEUED_SECONDS = 30  # a stage is enqueued once in this time, unless a worker has begun with it
LONGEST_CLAIM = timedelta(hours=1)


def worker_name() -> str:
    """The name of this process in its claims. `manage.py work` sets it."""
    return os.environ.get("MIRAGE_WORKER") or f"{socket.gethostname()}:{os.getpid()}"


# --- adding work ------------------------------------------------------------------------------------------------------


def start(photo_ids: Sequence[int]) -> None:
    """Start the pipeline for new photos, or new content. Call it in the transaction that creates their rows."""
    first = [stage for stage in all_stages() if stage.after is None and not stage.on_demand]
    rows = [StageRun(photo_id=photo_id, stage=stage.name) for photo_id in photo_ids for stage in first]
    StageRun.objects.bulk_create(rows, ignore_conflicts=True)
    for stage in first:
        transaction.on_commit(partial(enqueue, stage.name))


def demand(name: str, photo_ids: Sequence[int]) -> None:
    """Run a stage for these photos, even if it is running or done: their content has changed."""
    await_stages({photo_id: [STAGES[name]] for photo_id in photo_ids})
    StageRun.objects.filter(stage=name, photo_id__in=photo_ids).update(
        status=Status.WAITING, attempts=0, error="", claim="", worker=""
    )


def await_stages(wanted: Mapping[int, Iterable[Stage]]) -> None:
    """Create the missing rows for these stages, and retry those that are done but stale."""
    rows = [StageRun(photo_id=photo_id, stage=stage.name) for photo_id, stages in wanted.items() for stage in stages]
    StageRun.objects.bulk_create(rows, ignore_conflicts=True)
    for name in {row.stage for row in rows}:
        ids = [row.photo_id for row in rows if row.stage == name]
        runs = StageRun.objects.filter(stage=name, photo_id__in=ids)
        retry(runs.filter(status=Status.DONE, version__lt=STAGES[name].version))
        transaction.on_commit(partial(enqueue, name))


def retry(runs: QuerySet[StageRun]) -> int:
    """Set these back to waiting without any attempts, and enqueue them. Returns how many."""
    names = list(runs.values_list("stage", flat=True).distinct())
    count = runs.exclude(status=Status.RUNNING).update(status=Status.WAITING, attempts=0, error="", claim="")
    for name in names:
        transaction.on_commit(partial(enqueue, name))
    return count


def enqueue(name: str) -> None:
    """Ask a worker for a batch of this stage. If Redis loses the job, `sweep` enqueues it again."""
    queues.enqueue(STAGES[name].queue, WORK, name, once=ENQUEUED_SECONDS)


# --- doing work -------------------------------------------------------------------------------------------------------


def work(name: str, *arguments: Any) -> object:
    """The only function that RQ calls: does a batch of a stage, or a job."""
    if name in STAGES:
        return work_on(STAGES[name])
    return import_string(JOBS[name].function)(*arguments)


def work_on(stage: Stage) -> int:
    """Claim a batch, let other workers claim the next one, and do it. Returns how many were claimed."""
    queues.forget(stage.queue, WORK, stage.name)
    runs = claim(stage)
    if runs and StageRun.objects.filter(stage=stage.name, status=Status.WAITING).exists():
        enqueue(stage.name)
    return perform_together(stage, runs)


def drain() -> int:
    """Do everything that is pending, in this process, without RQ. Returns how many stage runs were done."""
    total = 0
    while done := sum(perform_together(stage, claim(stage)) for stage in all_stages()):
        total += done
    return total


def perform_together(stage: Stage, runs: Sequence[StageRun]) -> int:
    """Do claimed rows, then what other stages of the queue wait to see in the same pictures. Returns how many rows.

    Each picture is decoded once for all of them (photos/pipeline/pictures.py).
    """
    perform(stage, runs)
    done = len(runs)
    photo_ids = [run.photo_id for run in runs]
    for other in companions(stage) if runs else ():
        more = claim(other, photo_ids)
        perform(other, more)
        done += len(more)
    return done


def companions(stage: Stage) -> list[Stage]:
    """The other stages of its queue that look at the same picture."""
    return [
        other for other in all_stages() if other != stage and stage.looks and other.looks and other.queue == stage.queue
    ]


def perform_next(stage: Stage) -> int:
    """Claim a batch of this stage alone and do it. Returns how many were claimed."""
    runs = claim(stage)
    perform(stage, runs)
    return len(runs)


def claim(stage: Stage, photo_ids: Sequence[int] | None = None) -> list[StageRun]:
    """Claim a batch of waiting rows, newest first, or those of these photos, by changing their status to running.

    A row that failed before is claimed alone: it may kill its worker. While the stage is paused or weights are missing,
    nothing is claimed.
    """
    if stage.is_paused or stage.missing_weights():
        return []
    token = uuid.uuid4().hex
    waiting = StageRun.objects.filter(stage=stage.name, status=Status.WAITING)
    if photo_ids is not None:
        waiting = waiting.filter(photo_id__in=photo_ids, attempts=0)
    most = stage.batch if photo_ids is None else len(photo_ids)
    rows = list(waiting.order_by("attempts", "-id").values_list("id", "attempts")[:most])
    if not rows:
        return []
    ids = [row_id for row_id, attempts in rows if attempts == 0] or [rows[0][0]]
    waiting.filter(id__in=ids).update(
        status=Status.RUNNING,
        claim=token,
        worker=worker_name(),
        attempts=F("attempts") + 1,
        started_at=timezone.now(),
    )
    return list(StageRun.objects.filter(claim=token).order_by("-id"))


def perform(stage: Stage, runs: Sequence[StageRun]) -> None:
    """Run the stage's function on claimed rows, record the results, and tell those who wait for them."""
    if runs:
        _perform(stage, runs)
        completion.announce(queues.connection_of(stage.queue))


def _perform(stage: Stage, runs: Sequence[StageRun]) -> None:
    function: Callable[[Sequence[int]], dict[int, str]] = import_string(stage.function)
    try:
        refused = function([run.photo_id for run in runs])
    except Exception as error:  # recorded with the photo; the worker goes on
        log.exception("Stage %s failed for %s", stage.name, [run.photo_id for run in runs])
        if len(runs) == 1:
            give_up_or_retry(stage, runs[0], f"{type(error).__name__}: {error}")
        else:
            for run in runs:
                _perform(stage, [run])
        return
    finish(stage, [run for run in runs if run.photo_id not in refused])
    for run in runs:
        if run.photo_id in refused:
            settle(run, Status.FAILED, refused[run.photo_id])


def finish(stage: Stage, runs: Sequence[StageRun]) -> None:
    """Mark these as done if this worker still holds them, and add the stages that come next, in one transaction."""
    if not runs:
        return
    with transaction.atomic():
        ours = StageRun.objects.filter(id__in=[run.pk for run in runs], claim=runs[0].claim, status=Status.RUNNING)
        photo_ids = list(ours.values_list("photo_id", flat=True))
        ours.update(
            status=Status.DONE, version=stage.version, error="", claim="", worker="", finished_at=timezone.now()
        )
        later = [other for other in all_stages() if other.after == stage.name]
        await_stages(wanting(later, photo_ids))


def wanting(stages: Sequence[Stage], photo_ids: Sequence[int]) -> dict[int, list[Stage]]:
    """Which of these stages each photo goes through: those of its kind, and of the file only for one of its copies."""
    rows = Photo.objects.filter(id__in=photo_ids).order_by().values_list("id", "kind", "copy_number", "trashed_at")
    kinds = {photo_id: kind for photo_id, kind, _, _ in rows}
    copies = {photo_id for photo_id, _, number, trashed in rows if number or trashed}  # maybe another stands for it
    if copies:
        copies -= set(Photo.objects.filter(pk__in=copies).looked_at().values_list("id", flat=True))
    return {
        photo_id: [stage for stage in stages if kind in stage.kinds and not (stage.once_a_file and photo_id in copies)]
        for photo_id, kind in kinds.items()
    }


def give_up_or_retry(stage: Stage, run: StageRun, error: str) -> None:
    """Mark the run as failed after its last attempt. Before that, set it back to waiting."""
    if run.attempts >= ATTEMPTS:
        settle(run, Status.FAILED, error)
    else:
        settle(run, Status.WAITING, error)
        enqueue(stage.name)


def settle(run: StageRun, status: str, error: str) -> None:
    """Record an error if this worker still holds the row."""
    StageRun.objects.filter(pk=run.pk, claim=run.claim, status=Status.RUNNING).update(
        status=status, error=error, claim="", worker="", finished_at=timezone.now()
    )


# --- recovering -------------------------------------------------------------------------------------------------------


def release(worker: str) -> int:
    """Give back the claims of a dead worker. Returns how many. A row that killed its worker three times has failed."""
    held = StageRun.objects.filter(worker=worker, status=Status.RUNNING)
    held.filter(attempts__gte=ATTEMPTS).update(
        status=Status.FAILED,
        error=english("The program ended three times while working on this file."),
        claim="",
        worker="",
        finished_at=timezone.now(),
    )
    return held.update(status=Status.WAITING, claim="", worker="")


def hand_back(worker: str) -> int:
    """Give back the claims of a worker that was told to stop. The attempt does not count. Returns how many."""
    held = StageRun.objects.filter(worker=worker, status=Status.RUNNING)
    return held.update(status=Status.WAITING, claim="", worker="", attempts=F("attempts") - 1)


def recover(worker: str) -> None:
    """When a worker starts, give back what an earlier worker of the same name held when it was killed."""
    if release(worker):
        enqueue_waiting()


def enqueue_waiting() -> None:
    """Enqueue every stage with waiting rows."""
    for stage in all_stages():
        waiting = StageRun.objects.filter(stage=stage.name, status=Status.WAITING)
        if waiting.exists() and not stage.is_paused and not stage.missing_weights():
            enqueue(stage.name)


def sweep() -> None:
    """Give back the claims of dead workers, and enqueue waiting rows. Called every few seconds."""
    held = StageRun.objects.filter(status=Status.RUNNING, started_at__lt=timezone.now() - timedelta(seconds=5))
    for worker, newest in held.order_by().values_list("worker").annotate(Max("started_at")):
        if not is_alive(worker, newest):
            release(worker)
    enqueue_waiting()


def is_alive(worker: str, claimed_at: datetime) -> bool:
    """Whether a worker that claimed something at this time is still alive.

    Redis knows RQ's workers, and /proc knows the processes of this machine. A process on another machine, such as
    a killed `drain`, counts as dead when its claim is older than any stage takes.
    """
    host, _, pid = worker.rpartition(":")
    if pid.isdigit() and host == socket.gethostname():
        return os.path.exists(f"/proc/{pid}")
    if pid.isdigit():
        return claimed_at > timezone.now() - LONGEST_CLAIM
    try:
        return bool(django_rq.get_connection("io").exists(life_key(worker)))
    except RedisError:
        return True  # unknown: waiting is better than doing it twice


# --- running again ----------------------------------------------------------------------------------------------------


def rerun(name: str, photo_ids: Sequence[int]) -> int:
    """Run a stage again for these photos. Returns how many."""
    return retry(StageRun.objects.filter(stage=name, photo_id__in=photo_ids))


def stale(stage: Stage) -> QuerySet[StageRun]:
    """The runs that were done by an older version of the stage."""
    return StageRun.objects.filter(stage=stage.name, status=Status.DONE, version__lt=stage.version)


def add_missing(stage: Stage, photos: QuerySet[Photo]) -> int:
    """Create the missing rows for photos whose previous stage is done. Returns how many."""
    if stage.on_demand:
        return 0
    eligible = photos.filter(kind__in=stage.kinds).exclude(stage_runs__stage=stage.name)
    if stage.once_a_file:
        eligible = eligible.filter(pk__in=Photo.objects.looked_at())
    if stage.after:
        eligible = eligible.filter(stage_runs__stage=stage.after, stage_runs__status=Status.DONE)
    ids = list(eligible.values_list("id", flat=True))
    for first in range(0, len(ids), 1000):
        with transaction.atomic():
            await_stages({photo_id: [stage] for photo_id in ids[first : first + 1000]})
    return len(ids)
