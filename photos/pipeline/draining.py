"""Waiting until the pipeline is through, and doing its work here where no worker is there to do it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import django_rq
from django.conf import settings
from django.db.models import QuerySet
from redis.exceptions import RedisError
from rq import Worker

from photos import pipeline
from photos.models import StageRun

PENDING = (StageRun.Status.WAITING, StageRun.Status.RUNNING)


def pending(runs: QuerySet[StageRun]) -> int:
    """How many of these are still to be done. What waits for missing weights cannot be, and does not count."""
    blocked = [stage.name for stage in pipeline.blocked()]
    return runs.filter(status__in=PENDING).exclude(stage__in=blocked).count()


def workers_alive() -> bool:
    """Whether workers of RQ are there to do the jobs."""
    try:
        return bool(Worker.all(connection=django_rq.get_connection("io")))
    except RedisError:
        return False


def run_to_end(runs: QuerySet[StageRun], on_progress: Callable[[int], None] = lambda left: None) -> None:
    """Return when none of these stage runs waits or runs any more."""
    own: list[subprocess.Popen[bytes]] = []
    try:
        while left := pending(runs):
            on_progress(left)
            if not any(child.poll() is None for child in own) and not workers_alive():
                own = start_drains()
            pipeline.sweep()
            time.sleep(0.3)
        on_progress(0)
    finally:
        for child in own:
            child.terminate()
            child.wait()


def start_drains() -> list[subprocess.Popen[bytes]]:
    """A process for every core that works off what waits, without Redis."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "drain"]
    return [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(os.cpu_count() or 1)]
