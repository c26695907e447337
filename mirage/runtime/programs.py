"""The child processes that `manage.py serve` runs."""

import signal
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import django_rq
from django.conf import settings

from mirage.runtime import embedded_redis
from mirage.runtime.doorbell import Doorbell
from mirage.runtime.supervisor import Program
from mirage.runtime.worker import QUIET_AFTER, full_name

# Returns memory that threads have freed to the system, instead of keeping a pool for each thread.
THRIFTY = {"MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}
UPGRADE_SECONDS = 3600.0  # in which a large library is migrated
# The site decodes pictures only to crop faces, so it returns their memory at once.
SITE = THRIFTY | {"MALLOC_MMAP_THRESHOLD_": str(1 << 20)}  # bytes; glibc does not raise it if it is set


def redis(data: Path, lock: int) -> Program:
    """The embedded Redis. It ends last, because the others need it."""
    command = embedded_redis.command(data)
    return Program("redis", command, pass_fds=(lock,), last=True, death_signal=signal.SIGTERM)


def web(listener: int) -> Program:
    """The site: gunicorn with one process and several threads, on a socket that already listens."""
    command = [
        sys.executable, "-m", "gunicorn", "mirage.wsgi:application",
        "--chdir", str(settings.BASE_DIR),
        "--config", str(settings.BASE_DIR / "mirage" / "runtime" / "bodies.py"),
        "--bind", f"fd://{listener}",
        "--worker-class", "gthread",
        "--workers", "1",
        "--threads", str(settings.MIRAGE_WEB_THREADS),
        "--timeout", "120",
        "--graceful-timeout", "4",
        "--keep-alive", "15",
        "--log-level", "warning",
        "--no-control-socket",
        "--worker-tmp-dir", str(settings.MIRAGE_DATA / "run"),
    ]  # fmt: skip
    return Program("web", command, SITE, pass_fds=(listener,), patience=6)


def workers(queues_in_use: set[str]) -> list[Program]:
    """Workers for all queues in use. Machine learning has one process, so that models are loaded once.

    All rest when nothing is to be done, but for the first one of `io`: somebody who uploads a photo waits for that.
    """
    groups: Mapping[str, tuple[tuple[str, ...], int]] = {
        "io": (("io",), settings.MIRAGE_IO_WORKERS),
        "ml": (("video", "ml", "idle"), 1),  # somebody may be waiting for a video
        "index": (("index",), 1),
    }
    return [
        worker(f"{group}-{number}", queues, rests=(group, number) != ("io", 1))
        for group, (queues, count) in groups.items()
        if queues_in_use.intersection(queues)
        for number in range(1, count + 1)
    ]


def worker(name: str, queues: tuple[str, ...], *, rests: bool) -> Program:
    """One worker for these queues. If it `rests`, it ends when nothing is to be done, and a job starts it again.

    Otherwise it ends only after work, to give its memory back, and is started again at once.
    """
    command = manage("work", "--name", name, "--queues", ",".join(queues))
    if not rests:
        return Program(name, [*command, "--afresh"], THRIFTY)
    doorbell = partial(ring_for, full_name(name), queues)
    return Program(name, [*command, "--rest", str(QUIET_AFTER)], THRIFTY, doorbell=doorbell)


def ring_for(name: str, queues: tuple[str, ...]) -> Doorbell:
    """The doorbell of a worker that rests. Raises RedisError."""
    return Doorbell(name, queues, django_rq.get_connection(queues[0]))


def beat() -> Program:
    """The beat, which does work every few seconds."""
    return Program("beat", manage("beat"), THRIFTY)


def prepare_database() -> Program:
    """Migrating the database, which tells on our terminal what it did, or why it could not.

    An upgrade ends, also when Mirage is stopped in the middle of it: signal 0 does nothing.
    """
    command = manage("prepare", "--only-database")
    return Program("database", command, once=True, on_terminal=True, stop_signal=0, patience=UPGRADE_SECONDS)


def collect_static() -> Program:
    """Collecting static files."""
    return Program("static", manage("collectstatic", "--no-input", "--clear", "--verbosity", "0"), once=True)


def use_folder(folder: Path, owner: str) -> Program:
    """A folder to read and to watch, with the progress on our terminal. It can be interrupted at any time."""
    command = manage("use_folder", str(folder), "--owner", owner)
    return Program("import", command, once=True, on_terminal=True, stop_signal=signal.SIGINT)


def fetch_models() -> Program:
    """Fetching missing model weights in the background."""
    return Program("models", manage("fetch_models"), once=True)


def manage(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
