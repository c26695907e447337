"""Doorbells: they ring for jobs, take none away, and say meanwhile that somebody would come."""

import time
from collections.abc import Callable

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection
from rq import Queue

from mirage.runtime import doorbell
from mirage.runtime.doorbell import Doorbell


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return met


def test_it_rings_for_a_job_of_any_of_its_queues_and_leaves_it_there(redis: Redis) -> None:
    bell = Doorbell("ml-1@here", ("video", "ml"), redis)
    assert not bell.rang()
    job = Queue("ml", connection=redis).enqueue("time.sleep", 0)
    assert soon(bell.rang)
    bell.close()
    assert Queue("ml", connection=redis).job_ids == [job.id]


def test_it_rings_at_once_for_a_job_that_was_there_before(redis: Redis) -> None:
    jobs = [Queue("ml", connection=redis).enqueue("time.sleep", number) for number in range(2)]
    bell = Doorbell("ml-1@here", ("ml",), redis)
    assert soon(bell.rang)
    bell.close()
    assert Queue("ml", connection=redis).job_ids == [job.id for job in jobs]


def test_it_does_not_ring_for_others(redis: Redis) -> None:
    bell = Doorbell("ml-1@here", ("ml",), redis)
    Queue("io", connection=redis).enqueue("time.sleep", 0)
    time.sleep(0.2)
    assert not bell.rang()
    bell.close()


def test_it_says_who_rests_until_it_is_closed(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    bell = Doorbell("ml-1@here", ("video", "ml"), redis)
    assert doorbell.resting(redis) == {"ml-1@here": {"video", "ml"}}
    bell.close()
    assert doorbell.resting(redis) == {}


def test_what_a_killed_supervisor_said_is_believed_for_minutes_only(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "SAID_FOR", -1)
    bell = Doorbell("ml-1@here", ("ml",), redis)
    assert doorbell.resting(redis) == {}
    bell.close()


def test_without_redis_it_rings(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    bell = Doorbell("ml-1@here", ("ml",), redis)

    def gone(*_: object, **__: object) -> bool:
        raise NoConnection

    monkeypatch.setattr(bell._connections[0], "can_read", gone)
    assert bell.rang()
    bell.close()
