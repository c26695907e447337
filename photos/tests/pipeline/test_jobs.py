"""What workers do beside the stages, through the one function that RQ calls."""

from typing import Any

import django_rq
import pytest
from django.utils.module_loading import import_string
from redis.exceptions import ConnectionError as NoRedis
from rq import SimpleWorker

from mirage.runtime import queues
from photos import pipeline
from photos.pipeline import STAGES, jobs
from photos.pipeline.jobs import JOBS, Job

calls: list[tuple[Any, ...]] = []


def note(*arguments: Any) -> None:
    calls.append(arguments)


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Job:
    calls.clear()
    made = Job(f"{__name__}.note", "idle", once=60, timeout=7)
    monkeypatch.setitem(JOBS._entries, "note", made)
    return made


@pytest.mark.parametrize("name", sorted(JOBS))
def test_each_job_is_there_and_no_stage_has_its_name(name: str) -> None:
    assert callable(import_string(JOBS[name].function))
    assert name not in STAGES


def test_a_worker_does_it_with_its_arguments(job: Job) -> None:
    assert jobs.enqueue("note", 1, "two")
    queue = django_rq.get_queue("idle")
    assert [(one.func_name, one.args, one.timeout) for one in queue.jobs] == [
        ("photos.pipeline.work", ("note", 1, "two"), 7)
    ]
    SimpleWorker([queue], connection=queue.connection).work(burst=True)
    assert calls == [(1, "two")]


def test_asking_again_is_asking_once(job: Job) -> None:
    for argument in (1, 1, 2):
        assert jobs.enqueue("note", argument)
    assert [one.args for one in django_rq.get_queue("idle").jobs] == [("note", 1), ("note", 2)]
    jobs.forget("note", 1)
    jobs.enqueue("note", 1)
    jobs.enqueue("note", 2)
    assert [one.args for one in django_rq.get_queue("idle").jobs] == [("note", 1), ("note", 2), ("note", 1)]


def test_a_job_can_be_enqueued_twice(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(JOBS._entries, "note", Job(job.function))
    for _ in range(2):
        jobs.enqueue("note")
    assert django_rq.get_queue("io").count == 2


def test_it_is_said_when_no_worker_can_be_told(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(name: str, **_: object) -> None:
        raise NoRedis

    monkeypatch.setattr(queues.django_rq, "get_queue", unreachable)
    assert not jobs.enqueue("note")
    jobs.forget("note")  # nothing to forget, and no error


def test_unknown_jobs_are_refused() -> None:
    with pytest.raises(KeyError):
        pipeline.work("nonsense")
