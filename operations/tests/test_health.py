"""The conditions of the installation: each has a title, and says what is wrong in words that pages translate."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from redis.exceptions import RedisError

from operations import health


def test_each_condition_has_a_title(db: None, library: Path) -> None:
    found = health.conditions()
    assert [condition.name for condition in found] == list(health.TITLES)
    assert [condition.title for condition in found][:3] == ["Database", "Redis", "Disk"]


def test_redis_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise RedisError("gone")

    monkeypatch.setattr(health.django_rq, "get_connection", refuse)
    assert not health.redis().sound
    assert health.redis().text == "Redis does not answer: gone"


def test_queues_without_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    idle = SimpleNamespace(reachable=True, workers=2, busy=1, unattended=[SimpleNamespace(queue="ml")])
    monkeypatch.setattr(health.progress, "workforce", lambda: idle)
    assert health.workers().text == "none for ml"
    idle.unattended = []
    assert health.workers().text == "2, 1 of them busy"
    assert health.workers().sound
