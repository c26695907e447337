"""Waiting until the pipeline has finished, and doing its work in child processes if there are no workers."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from django.conf import settings
from django.db.models import QuerySet

from photos import pipeline
from photos.models import StageRun
from photos.pipeline import progress

PENDING = (StageRun.Status.WAITING, StageRun.Status.RUNNING)
PAUSES = (0.2, 2.0)  # seconds between two checks: at first, and after a while
SWEEP_SECONDS = 5.0


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
    """Wait until none of these stage runs is pending. `on_progress` is called with how many are left."""
    own: list[subprocess.Popen[bytes]] = []
    pause, swept = PAUSES[0], -math.inf
    try:
        while left := pending(runs):
            on_progress(left)
            if time.monotonic() - swept > SWEEP_SECONDS:
                waiting = _possible(runs).filter(status=StageRun.Status.WAITING)
                if not any(map(is_alive, own)) and waiting.exists() and not workers_alive():
                    own = start_drains()
                pipeline.sweep()
                swept = time.monotonic()
            _wait(own, pause)
            pause = min(1.5 * pause, PAUSES[1])
        on_progress(0)
    finally:
        for child in own:
            child.terminate()
            child.wait()


def is_alive(child: subprocess.Popen[bytes]) -> bool:
    return child.poll() is None


def _wait(children: Sequence[subprocess.Popen[bytes]], seconds: float) -> None:
    """Wait so long, or until a running child ends."""
    working = next(filter(is_alive, children), None)
    if working is None:
        time.sleep(seconds)
        return
    with suppress(subprocess.TimeoutExpired):
        working.wait(seconds)


def start_drains() -> list[subprocess.Popen[bytes]]:
    """Start one process per core that does what is pending, without Redis."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "drain"]
    return [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(os.cpu_count() or 1)]
