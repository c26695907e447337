"""Waiting for the pipeline: to the end, with little work, and by doing it here where nobody else does."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from django.core.management import call_command
from django.db import connection

from mirage import changeable
from mirage.models import Setting
from photos import pipeline
from photos.management.commands import drain
from photos.models import StageRun
from photos.pipeline import draining, progress

pytestmark = pytest.mark.django_db


class Clock:
    """Time that passes only while somebody waits, and a listener that hears something at given times."""

    def __init__(self) -> None:
        self.now, self.waits = 1000.0, 0
        self.rings: list[float] = []
        self.hears_workers, self.hears_our_own = True, False

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.waits += 1
        if self.waits > 10_000:
            raise AssertionError("nothing ends this")

    def wait(self, seconds: float) -> bool:
        until = min([self.now + seconds, *self.rings])
        self.sleep(max(until - self.now, 0))
        rang = any(at <= self.now for at in self.rings)
        self.rings = [at for at in self.rings if at > self.now]
        return rang

    @contextmanager
    def pipe(self) -> Iterator[int]:
        self.hears_our_own = True
        yield -1

    def close(self) -> None:
        self.rings = []


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(draining, "time", SimpleNamespace(monotonic=clock.monotonic, sleep=clock.sleep))
    monkeypatch.setattr(draining, "Listener", lambda redis: clock)
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

    def start(pipe):
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
    clock.rings = [1590.0]
    done_after(monkeypatch, clock, runs, 580)
    left: list[int] = []
    draining.run_to_end(runs, left.append)
    assert left[-1] == 0
    assert set(left[:-1]) == {1}
    assert len(left) <= 12
    assert len(sweeps) <= 10
    assert drains == []
    assert clock.now < 1593


def test_however_often_it_rings_they_are_counted_now_and_then(monkeypatch, clock, runs, sweeps, drains, workers):
    clock.rings = [1000 + number / 10 for number in range(1, 6000)]
    done_after(monkeypatch, clock, runs, 590)
    left: list[int] = []
    draining.run_to_end(runs, left.append)
    assert 250 < len(left) < 330


def test_what_nobody_rings_for_is_found_all_the_same(monkeypatch, clock, runs, sweeps, drains, workers):
    done_after(monkeypatch, clock, runs, 30)
    draining.run_to_end(runs)
    assert clock.now - 1000 <= draining.LOOK_SECONDS


def test_without_redis_they_are_counted_more_often(monkeypatch, clock, runs, sweeps, drains, workers):
    clock.hears_workers = False
    done_after(monkeypatch, clock, runs, 30)
    draining.run_to_end(runs)
    assert clock.now - 1000 <= 30 + draining.UNHEARD_SECONDS


def test_work_that_ends_soon_is_noticed_soon(monkeypatch, clock, runs, sweeps, drains, workers):
    clock.rings = [1001.0]
    done_after(monkeypatch, clock, runs, 1)
    draining.run_to_end(runs)
    assert clock.now - 1000 < 2


def test_without_workers_it_is_done_here(monkeypatch, clock, runs, sweeps, drains):
    monkeypatch.setattr(draining, "workers_alive", lambda: False)
    done_after(monkeypatch, clock, runs, 12)
    draining.run_to_end(runs)
    assert 1 <= len(drains) <= 3


def test_processes_that_ended_too_soon_are_started_again(monkeypatch, clock, runs, sweeps, workers):
    monkeypatch.setattr(draining, "workers_alive", lambda: False)
    started: list[int] = []

    def start(pipe):
        started.append(pipe)
        clock.rings, clock.hears_our_own = [clock.now + 3], False  # the end of the pipe rings
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        return [ended]

    monkeypatch.setattr(draining, "start_drains", start)
    done_after(monkeypatch, clock, runs, 20)
    draining.run_to_end(runs)
    assert 3 <= len(started) <= 7


def test_a_paused_stage_is_waited_for(monkeypatch, clock, runs, sweeps, drains, settings):
    """It is done here as soon as an administrator resumes it."""
    monkeypatch.setattr(draining, "workers_alive", lambda: False)
    settings.MIRAGE_PAUSED = ["metadata"]
    resumed_at: list[float] = []

    def refresh() -> None:
        if clock.now >= 1030 and not resumed_at:
            settings.MIRAGE_PAUSED = []
            resumed_at.append(clock.now)
            assert drains == []

    monkeypatch.setattr(draining.changeable, "refresh", refresh)
    done_after(monkeypatch, clock, runs, 40)
    draining.run_to_end(runs)
    assert resumed_at
    assert drains


def test_what_the_administration_paused_is_not_done_here(monkeypatch, runs):
    for name in ("signal", "memory", "pictures"):  # what is for a process of its own
        monkeypatch.setattr(drain, name, MagicMock())
    monkeypatch.setattr(changeable, "REFRESHED_EVERY", 0)
    Setting.objects.create(name="MIRAGE_PAUSED", value="metadata")
    call_command("drain")
    assert runs.get().status == StageRun.Status.WAITING
    Setting.objects.all().delete()
    monkeypatch.setattr(pipeline.runs, "import_string", lambda name: lambda photo_ids: {})
    call_command("drain")
    assert runs.get(stage="metadata").status == StageRun.Status.DONE


@pytest.mark.django_db(transaction=True)
def test_a_stage_that_was_done_rings_for_those_who_wait(monkeypatch, redis, make_photo, workers):
    run = StageRun.objects.create(photo=make_photo(), stage="metadata")
    monkeypatch.setattr(pipeline.runs, "import_string", lambda name: lambda photo_ids: {})
    monkeypatch.setattr(draining, "LOOK_SECONDS", 600.0)
    counted: list[int] = []

    def do() -> None:
        pipeline.perform_next(pipeline.STAGES["metadata"])
        connection.close()

    work = threading.Timer(1.0, do)
    work.start()
    began = time.monotonic()
    draining.run_to_end(StageRun.objects.filter(pk=run.pk), counted.append)
    work.join()
    assert time.monotonic() - began < 60
    assert counted[-1] == 0
    assert len(counted) <= 5


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
