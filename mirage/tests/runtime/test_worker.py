import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue

from mirage.runtime.worker import AlreadyRunning, full_name, life_key, take_name

SCRIPT = """
    import django, sys
    django.setup()
    from redis import Redis
    from mirage.runtime import worker
    worker.HAND_BACK_AFTER, worker.SIGN_OF_LIFE_SECONDS, worker.DEAD_AFTER_SECONDS = 0.3, 0.5, 3
    worker.QUIET_AFTER = 1
    rest = int(sys.argv[3]) or None
    redis, jobs, afresh = Redis.from_url(sys.argv[1]), int(sys.argv[2]), "afresh" in sys.argv
    rests = worker.work("io-1@here", ["io"], redis, jobs, rest, afresh)
    print("rests" if rests else "given back")
"""


@contextmanager
def working(address: str, jobs: int = 1000, rest: int = 600, afresh: bool = False) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT), address, str(jobs), str(rest), *["afresh"] * afresh]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "mirage.settings"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def queue(redis: Redis) -> Queue:
    return Queue("io", connection=redis)


def test_a_job_is_interrupted_when_the_worker_must_stop(redis_server: str, queue: Queue) -> None:
    job = queue.enqueue("time.sleep", 60)
    with working(redis_server) as process:
        until(lambda: job.get_status() == "started")
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "given back\n")


def test_an_idle_worker_stops_at_once(redis_server: str, redis: Redis) -> None:
    with working(redis_server) as process:
        until(lambda: redis.hget("rq:worker:io-1@here", "state") == b"idle")
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "given back\n")
    assert redis.hexists("rq:worker:io-1@here", "death")


def test_a_worker_lives_during_a_long_job_and_is_dead_soon_after_a_kill(
    redis_server: str, redis: Redis, queue: Queue
) -> None:
    job = queue.enqueue("time.sleep", 600)
    with working(redis_server) as process:
        until(lambda: job.get_status() == "started")
        time.sleep(4)
        assert redis.exists(life_key("io-1@here"))
        process.kill()
        process.wait()
        until(lambda: not redis.exists(life_key("io-1@here")))
    assert redis.exists("rq:worker:io-1@here")  # RQ believes in it for as long as its job might have taken


def test_a_worker_that_ended_is_known_to_be_dead_at_once(redis_server: str, redis: Redis) -> None:
    with working(redis_server) as process:
        until(lambda: redis.hget("rq:worker:io-1@here", "state") == b"idle")  # from then on it heeds the signal
        assert redis.exists(life_key("io-1@here"))
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert not redis.exists(life_key("io-1@here"))


def test_a_worker_replaces_a_killed_one(redis_server: str, redis: Redis, queue: Queue) -> None:
    with working(redis_server) as killed:
        until(lambda: redis.hget("rq:worker:io-1@here", "state") == b"idle")
        killed.kill()
        killed.wait()
    job = queue.enqueue("operator.add", 1, 2)
    with working(redis_server, jobs=1) as process:
        assert process.wait(20) == 0
    assert job.return_value() == 3


def test_a_worker_rests_when_it_has_waited_long_enough(redis_server: str, queue: Queue) -> None:
    job = queue.enqueue("operator.add", 1, 2)
    with working(redis_server, rest=1) as process:
        said, _ = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "rests\n")
    assert job.return_value() == 3


def test_a_worker_on_another_machine_stays_when_it_is_quiet_after_work(redis_server: str, queue: Queue) -> None:
    with working(redis_server, rest=0) as process:
        first = queue.enqueue("operator.add", 1, 2)
        until(lambda: first.return_value() == 3)
        time.sleep(2.5)
        assert process.poll() is None
        second = queue.enqueue("operator.add", 2, 2)
        until(lambda: second.return_value() == 4)


def test_a_worker_that_somebody_starts_again_ends_when_it_is_quiet_after_work(
    redis_server: str, redis: Redis, queue: Queue
) -> None:
    with working(redis_server, rest=0, afresh=True) as process:
        until(lambda: redis.hget("rq:worker:io-1@here", "state") == b"idle")
        time.sleep(1.5)
        assert process.poll() is None  # it holds nothing yet
        job = queue.enqueue("operator.add", 1, 2)
        said, _ = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "given back\n")
    assert job.return_value() == 3


def test_a_worker_ends_after_its_number_of_jobs(redis_server: str, queue: Queue) -> None:
    for _ in range(3):
        queue.enqueue("operator.add", 1, 2)
    with working(redis_server, jobs=2) as process:
        assert process.wait(20) == 0
    assert queue.count == 1


def test_a_job_that_raises_does_not_end_the_worker(redis_server: str, queue: Queue) -> None:
    failing, fine = queue.enqueue("operator.truediv", 1, 0), queue.enqueue("operator.add", 1, 2)
    with working(redis_server, jobs=2) as process:
        assert process.wait(20) == 0
    assert (failing.get_status(), fine.return_value()) == ("failed", 3)


def test_a_name_is_unique_in_a_data_folder(tmp_path: Path) -> None:
    lock = take_name(tmp_path, "io-1")
    with pytest.raises(AlreadyRunning, match="io-1 already runs"):
        take_name(tmp_path, "io-1")
    os.close(take_name(tmp_path, "io-2"))
    os.close(lock)
    os.close(take_name(tmp_path, "io-1"))


def test_names_include_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "attic")
    assert full_name("io-1") == "io-1@attic"


def test_a_worker_says_that_the_database_is_not_prepared(tmp_path: Path) -> None:
    environment = os.environ | {"MIRAGE_DATA": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "work", "--name", "io-1", "--queues", "io"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert (
        told.stderr
        == "CommandError: The database is not prepared: run `manage.py serve` or `manage.py migrate` first.\n"
    )
