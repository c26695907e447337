"""Who waits for work is woken, whoever has done it, and hears when those who could do it are gone."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from redis import Redis

from mirage.runtime import completion
from mirage.runtime.completion import Listener

ANNOUNCE = (
    "from redis import Redis; from mirage.runtime import completion; "
    "completion.announce(Redis.from_url('redis://127.0.0.1:1'))"
)


@pytest.fixture
def heard(redis: Redis) -> Iterator[Listener]:
    one = Listener(redis)
    one.wait(5)  # that it is heard at all
    yield one
    one.close()


def test_it_sleeps_until_work_was_done(redis: Redis, heard: Listener) -> None:
    assert not heard.wait(0.05)
    threading.Timer(0.2, completion.announce, [redis]).start()
    began, used = time.monotonic(), time.process_time()
    assert heard.wait(30)
    assert time.monotonic() - began < 20
    assert time.process_time() - used < 0.1


def test_many_announcements_are_one(redis: Redis, heard: Listener) -> None:
    for _ in range(20):
        completion.announce(redis)
    time.sleep(0.2)
    assert heard.wait(5)
    assert not heard.wait(0.05)


def test_an_announcement_while_nobody_waits_is_not_lost(redis: Redis, heard: Listener) -> None:
    completion.announce(redis)
    time.sleep(0.1)
    assert heard.wait(0)


def test_our_own_processes_announce_without_redis_and_their_end_is_heard(heard: Listener) -> None:
    with heard.pipe() as theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", ANNOUNCE], env={**os.environ, completion.PIPE: str(theirs)}, pass_fds=[theirs]
        )
    assert heard.hears_our_own
    assert heard.wait(30)
    process.wait()
    while heard.hears_our_own:
        assert heard.wait(30)
    assert heard.hears_workers


def test_without_redis_it_waits_and_listens_again_later(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Listener(Redis.from_url("redis://127.0.0.1:1"))
    assert not lost.hears_workers
    began = time.monotonic()
    assert not lost.wait(0.2)
    assert time.monotonic() - began >= 0.2
    lost._redis = redis
    assert lost.wait(5)
    assert lost.hears_workers
    lost.close()


def test_a_redis_that_goes_away_is_heard_once(redis: Redis, heard: Listener) -> None:
    redis.client_kill_filter(_type="pubsub")
    assert heard.wait(5)
    assert heard.wait(5)  # it listens again
    completion.announce(redis)
    assert heard.wait(5)


def test_ringing_without_redis_or_pipe_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(completion.PIPE, "no number")
    completion.announce(Redis.from_url("redis://127.0.0.1:1"))
