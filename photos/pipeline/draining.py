"""Waiting until the pipeline has finished, and doing its work in child processes if there are no workers."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db.models import QuerySet

from mirage import changeable
from mirage.runtime import completion, queues
from mirage.runtime.completion import Listener
from photos import pipeline
from photos.models import StageRun
from photos.pipeline import progress

PENDING = (StageRun.Status.WAITING, StageRun.Status.RUNNING)
PAUSES = (0.2, 2.0)  # seconds between two counts, however often something is heard: at first, and after a while
LOOK_SECONDS = 60.0  # after which is looked whether anybody works, while those who work are heard
UNHEARD_SECONDS = 5.0  # the same, while nobody is


def pending(runs: QuerySet[StageRun]) -> int:
    """How many of these are pending. Runs that wait for missing weights do not count."""
    return _possible(runs).filter(status__in=PENDING).count()


def _possible(runs: QuerySet[StageRun]) -> QuerySet[StageRun]:
    """Those of the runs whose stages have their weights in place."""
    return runs.filter(stage__in=[stage.name for stage in pipeline.all_stages() if not stage.missing_weights()])


def workers_alive() -> bool:
    """Whether RQ has any workers."""
    return progress.workforce().workers > 0


def run_to_end(runs: QuerySet[StageRun], on_progress: Callable[[int], None] = lambda left: None) -> None:
    """Wait until none of these stage runs is pending. `on_progress` is called with how many are left.

    They are counted when work was done (mirage/runtime/completion.py), not again and again.
    """
    own: list[subprocess.Popen[bytes]] = []
    pause, look_at = PAUSES[0], -math.inf
    heard = Listener(queues.connection_of("io"))
    try:
        while left := pending(runs):
            on_progress(left)
            if time.monotonic() >= look_at or (own and not heard.hears_our_own):
                own = take_care(runs, own, heard)
                is_heard = heard.hears_our_own or (heard.hears_workers and workers_alive())
                look_at = time.monotonic() + (LOOK_SECONDS if is_heard else UNHEARD_SECONDS)
            if heard.wait(max(look_at - time.monotonic(), 0)):
                time.sleep(pause)
                pause = min(1.5 * pause, PAUSES[1])
        on_progress(0)
    finally:
        heard.close()
        for child in own:
            child.terminate()
            child.wait()


def take_care(
    runs: QuerySet[StageRun], own: list[subprocess.Popen[bytes]], heard: Listener
) -> list[subprocess.Popen[bytes]]:
    """Do what is waiting here if nobody else does, and give back the claims of the dead. Our processes that work.

    What is paused is waited for: processes would find nothing to do, and end.
    """
    working = [child for child in own if child.poll() is None]
    changeable.refresh()  # an administrator may have paused stages, or resumed them
    paused = [stage.name for stage in pipeline.all_stages() if stage.is_paused]
    waiting = _possible(runs).filter(status=StageRun.Status.WAITING).exclude(stage__in=paused)
    if not working and waiting.exists() and not workers_alive():
        with heard.pipe() as theirs:
            working = start_drains(theirs)
    pipeline.sweep()
    return working


def start_drains(pipe: int) -> list[subprocess.Popen[bytes]]:
    """Start one process per core that does what is pending, without Redis. The pipe tells what they do."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "drain"]
    ours = {**os.environ, completion.PIPE: str(pipe)}
    return [
        subprocess.Popen(command, stdin=subprocess.DEVNULL, env=ours, pass_fds=[pipe])
        for _ in range(os.cpu_count() or 1)
    ]
