"""Waiting for the pipeline: to the end, with little work, and by doing it here where nobody else does."""

from types import SimpleNamespace

import pytest
from django.db import connection

from photos import pipeline
from photos.models import StageRun
from photos.pipeline import draining, progress

pytestmark = pytest.mark.django_db


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now, self.waits = 1000.0, 0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waits += 1
        if self.waits > 10_000:
            raise AssertionError("nothing ends this")


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(draining, "time", SimpleNamespace(monotonic=clock.monotonic, sleep=clock.sleep))
    return clock


@pytest.fixture
def runs(make_photo):
    """A photo's first stage, waiting."""
    StageRun.objects.create(photo=make_photo(), stage="metadata")
    return StageRun.objects.all()


@pytest.fixture
def sweeps(monkeypatch, clock):
    """When the claims of the dead were looked for."""
    times: list[float] = []
    monkeypatch.setattr(pipeline, "sweep", lambda: times.append(clock.now))
    return times


@pytest.fixture
def drains(monkeypatch):
    """How often processes of our own were started."""
    started: list[object] = []

    def start():
        started.append(object())
        return []

    monkeypatch.setattr(draining, "start_drains", start)
    return started


@pytest.fixture
def workers(monkeypatch):
    monkeypatch.setattr(draining, "workers_alive", lambda: True)


def done_after(monkeypatch, clock, runs, seconds):
    """Let somebody do these once so much time has passed."""
    counted = draining.pending

    def pending(asked):
        if clock.now >= 1000 + seconds:
            runs.update(status=StageRun.Status.DONE)
        return counted(asked)

    monkeypatch.setattr(draining, "pending", pending)


def test_waiting_is_no_work(monkeypatch, clock, runs, sweeps, drains, workers):
    done_after(monkeypatch, clock, runs, 600)
    left: list[int] = []
    draining.run_to_end(runs, left.append)
    assert left[-1] == 0
    assert set(left[:-1]) == {1}
    assert len(left) < 320
    assert len(sweeps) <= 120
    assert drains == []


def test_work_that_ends_soon_is_noticed_soon(monkeypatch, clock, runs, sweeps, drains, workers):
    done_after(monkeypatch, clock, runs, 1)
    draining.run_to_end(runs)
    assert clock.now - 1000 < 2


def test_without_workers_it_is_done_here(monkeypatch, clock, runs, sweeps, drains):
    monkeypatch.setattr(draining, "workers_alive", lambda: False)
    done_after(monkeypatch, clock, runs, 12)
    draining.run_to_end(runs)
    assert 1 <= len(drains) <= 3


def test_work_of_another_process_is_only_waited_for(monkeypatch, clock, runs, sweeps, drains):
    runs.update(status=StageRun.Status.RUNNING, worker="elsewhere")
    monkeypatch.setattr(draining, "workers_alive", lambda: False)
    done_after(monkeypatch, clock, runs, 30)
    draining.run_to_end(runs)
    assert drains == []


def test_pending_runs_are_found_by_index(owner, make_photo, stranger, runs):
    """On SQLite the planner says so; without stages named it would walk all the owner's photos."""
    make_photo(owner=stranger)
    of_owner = progress.runs_of(owner)
    wanted = draining._possible(of_owner).filter(status__in=draining.PENDING)
    if connection.vendor == "sqlite":
        assert "stagerun_next" in wanted.explain()
    assert draining.pending(of_owner) == 1
