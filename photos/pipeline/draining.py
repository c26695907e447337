"""Waiting until the pipeline has finished, and doing its work in child processes if there are no workers."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import django_rq
from django.conf import settings
from django.db.models import QuerySet
from redis.exceptions import RedisError
from rq import Worker

from photos import pipeline
from photos.models import StageRun

PENDING = (StageRun.Status.WAITING, StageRun.Status.RUNNING)
PAUSES = (0.2, 2.0)  # seconds between two checks: at first, and after a while
SWEEP_SECONDS = 5.0


def pending(runs: QuerySet[StageRun]) -> int:
    """How many of these are pending. Runs that wait for missing weights do not count."""
    return runs.filter(stage__in=_possible(), status__in=PENDING).count()


def _possible() -> list[str]:
    """The names of the stages whose weights are in place."""
    return [stage.name for stage in pipeline.all_stages() if not stage.missing_weights()]


def workers_alive() -> bool:
    """Whether RQ has any workers."""
    try:
        return bool(Worker.all(connection=django_rq.get_connection("io")))
    except RedisError:
        return False


def run_to_end(runs: QuerySet[StageRun], on_progress: Callable[[int], None] = lambda left: None) -> None:
    """Wait until none of these stage runs is pending. `on_progress` is called with how many are left."""
    own: list[subprocess.Popen[bytes]] = []
    pause, swept = PAUSES[0], -math.inf
    try:
        while left := pending(runs):
            on_progress(left)
            if time.monotonic() - swept > SWEEP_SECONDS:
                if not _any_alive(own) and is_startable(runs) and not workers_alive():
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


def is_startable(runs: QuerySet[StageRun]) -> bool:
    """Whether one of these waits to be claimed."""
    return runs.filter(stage__in=_possible(), status=StageRun.Status.WAITING).exists()


def _any_alive(children: Sequence[subprocess.Popen[bytes]]) -> bool:
    return any(child.poll() is None for child in children)


def _wait(children: Sequence[subprocess.Popen[bytes]], seconds: float) -> None:
    """Wait so long, or until a running child ends."""
    working = next((child for child in children if child.poll() is None), None)
    if working is None:
        time.sleep(seconds)
        return
    with suppress(subprocess.TimeoutExpired):
        working.wait(seconds)


def start_drains() -> list[subprocess.Popen[bytes]]:
    """Start one process per core that does what is pending, without Redis."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "drain"]
    return [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(os.cpu_count() or 1)]
