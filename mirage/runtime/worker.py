"""The RQ worker for Mirage's jobs. It does not fork, so that models stay loaded."""

import fcntl
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from django import db
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, worker_registration
from rq.job import Job
from rq.worker import SimpleWorker

from mirage.runtime.logging import scope

HAND_BACK_AFTER = 4.0  # seconds that a job may continue after SIGTERM
SIGN_OF_LIFE_SECONDS = 20
QUIET_AFTER = 240  # seconds without a job
DEAD_AFTER_SECONDS = 120  # without a sign of life


class AlreadyRunning(Exception):
    """A worker with this name already runs on this machine for this data folder."""


class HandedBack(BaseException):
    """Interrupts a job because the worker must stop. It is not an Exception, so that no stage records it."""


class Worker(SimpleWorker):
    """On SIGTERM, finishes its job or interrupts it after a few seconds. The pipeline then releases its claims."""

    log_job_description = False
    afresh = False  # whether it ends when it is quiet after work, because somebody starts it again
    rests = False  # whether it ended because it had waited long enough
    before_job: Callable[[], None] = staticmethod(lambda: None)  # what `manage.py work` does before each job
    after_job: Callable[[], None] = staticmethod(lambda: None)
    worked = False  # whether it holds what a job has loaded

    def register_birth(self) -> None:
        """Register, replacing a killed worker with the same name, which RQ would refuse for minutes."""
        with self.connection.pipeline() as pipeline:
            worker_registration.unregister(self, pipeline)
            pipeline.delete(self.key)
            pipeline.execute()
        super().register_birth()

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Wait for a job. None after so much time without one: then the worker rests."""
        if self.afresh and self.worked and timeout is not None and max_idle_time is None:
            return super().dequeue_job_and_maintain_ttl(timeout, QUIET_AFTER)  # or ends, to be started again
        found = super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
        self.rests = found is None
        return found

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the current job, or interrupt it after HAND_BACK_AFTER seconds."""
        signal.signal(signal.SIGUSR1, _hand_back)  # RQ uses SIGALRM for its own time limits
        timer = threading.Timer(HAND_BACK_AFTER, os.kill, (os.getpid(), signal.SIGUSR1))
        timer.daemon = True
        timer.start()
        super().request_stop(signum, frame)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Do a job with a working database connection, which Django ensures only for requests."""
        db.close_old_connections()
        self.worked = True
        self.before_job()
        with scope(job=job.id, queue=queue.name):
            super().execute_job(job, queue)
        self.after_job()
        db.close_old_connections()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log the error of a job, unless we interrupted it."""
        if exc_info[0] is HandedBack:
            self.log.info("Worker %s: gave back its current job", self.name)
        else:
            super().handle_exception(job, *exc_info)


def _hand_back(_signum: int, _frame: FrameType | None) -> None:
    raise HandedBack


def full_name(name: str) -> str:
    """The worker's name, unique among all machines that share a Redis."""
    return f"{name}@{socket.gethostname()}"


def take_name(data: Path, name: str) -> int:
    """Reserve the worker's name in this data folder. Returns the lock to keep open. Raises AlreadyRunning."""
    place = data / "run" / f"{full_name(name)}.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise AlreadyRunning(f"A worker {name} already runs for {data}.") from error
    return lock


def life_key(name: str) -> str:
    """Redis' key that exists while the worker with this full name is alive."""
    return f"mirage:alive:{name}"


@contextmanager
def signs_of_life(name: str, connection: Redis) -> Iterator[None]:
    """Tell Redis during the block that this worker is alive. RQ's own sign lasts as long as a job may take."""
    ended = threading.Event()

    def repeat() -> None:
        while True:
            with suppress(RedisError):
                connection.set(life_key(name), "", ex=DEAD_AFTER_SECONDS)
            if ended.wait(SIGN_OF_LIFE_SECONDS):
                return

    thread = threading.Thread(target=repeat, name="signs of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=2)
        with suppress(RedisError):
            connection.delete(life_key(name))


def work(
    name: str, queues: list[str], connection: Redis, jobs: int, rest: int | None = None, afresh: bool = False
) -> bool:
    """Work on these queues until told to stop or `jobs` are done. Ending frees the memory that libraries keep.

    Also ends after `rest` seconds without a job, and returns whether it did for that reason. `afresh`: it ends as well
    when it has worked and is quiet.
    """
    worker = Worker(queues, name=name, connection=connection)
    worker.afresh = afresh
    try:
        with signs_of_life(name, connection):
            worker.work(max_jobs=jobs, max_idle_time=rest, logging_level="WARNING")
    except HandedBack:
        worker.log.warning("Worker %s: stopped between jobs", name)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return worker.rests
