"""Tasks run once when they are due, and their results are recorded."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation
from pytest_django import Settings

from accounts.models import SecurityEvent
from mirage import env
from operations import schedule, tasks
from operations.checking import Finding, Kind
from operations.findings import replace
from operations.models import LibraryFinding, ScheduledTask
from photos import pipeline
from photos.models import Photo
from photos.storage import paths

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat() -> None:
    """The rows, none of them due."""
    schedule.prepare()


def due(name: str) -> None:
    ScheduledTask.objects.filter(name=name).update(next_at=timezone.now() - timedelta(minutes=1))


def test_nothing_is_due_at_first(beat: None) -> None:
    assert schedule.take_due() is None
    assert ScheduledTask.objects.get(name="backup").next_at is None  # there is nowhere to back up to


def test_starting_tidies_up_and_completes_stages(beat: None) -> None:
    schedule.begin()
    due_now = ScheduledTask.objects.filter(next_at__lte=timezone.now())
    assert set(due_now.values_list("name", flat=True)) == {"tidy", "stages"}


def test_a_due_task_is_claimed_once(beat: None) -> None:
    due("look")
    assert schedule.take_due() == schedule.tasks()["look"]
    assert schedule.take_due() is None
    row = ScheduledTask.objects.get(name="look")
    assert row.is_running
    assert row.next_at
    assert row.next_at > timezone.now()


def test_a_running_task_is_not_started_again(beat: None) -> None:
    due("look")
    schedule.take_due()
    due("look")
    assert schedule.take_due() is None


def test_times_are_in_the_home_zone(settings: Settings) -> None:
    settings.MIRAGE_HOME_ZONE = "Asia/Tokyo"
    task = schedule.Task("x", "x", "x", "30 3 * * *")
    assert task.next_after(datetime(2024, 1, 1, 12, tzinfo=UTC)) == datetime(2024, 1, 1, 18, 30, tzinfo=UTC)


def test_a_task_follows_its_setting(beat: None, settings: Settings, tmp_path: Path) -> None:
    settings.MIRAGE_BACKUP_TO = str(tmp_path)
    schedule.prepare()
    assert ScheduledTask.objects.get(name="backup").next_at is not None
    settings.MIRAGE_BACKUP_TO = ""
    schedule.prepare()
    assert ScheduledTask.objects.get(name="backup").next_at is None


def test_an_interrupted_task_is_reported_and_repeated(beat: None) -> None:
    due("look")
    schedule.take_due()
    schedule.prepare()
    row = ScheduledTask.objects.get(name="look")
    assert (row.succeeded, row.result, row.is_running) == (False, "It was interrupted.", False)
    assert row.next_at
    assert row.next_at < timezone.now() + timedelta(minutes=11)


def test_tasks_of_another_machine_are_not_interrupted(beat: None) -> None:
    due("look")
    schedule.take_due()
    ScheduledTask.objects.filter(name="look").update(host=socket.gethostname() + "-other")
    schedule.prepare()
    assert ScheduledTask.objects.get(name="look").is_running


def test_a_failure_is_recorded(beat: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise OSError("the disk is on fire")

    monkeypatch.setattr(tasks, "look", fail)
    assert schedule.run("look") is False
    row = ScheduledTask.objects.get(name="look")
    assert (row.succeeded, row.result, row.succeeded_at) == (False, "the disk is on fire", None)


def test_every_task_can_be_run(beat: None, make_photo: Callable[..., Photo]) -> None:
    for name in schedule.tasks().keys() - {"backup"}:
        assert schedule.run(name), ScheduledTask.objects.get(name=name).result


@pytest.mark.parametrize("value", ["every night", "61 3 * * *", "3"])
def test_invalid_times_stop_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MIRAGE_BACKUP_AT", value)
    with pytest.raises(env.BadEnvironment, match="MIRAGE_BACKUP_AT"):
        env.schedule("MIRAGE_BACKUP_AT", "")


def test_a_task_without_a_time_never_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRAGE_BACKUP_AT", "never")
    assert env.schedule("MIRAGE_BACKUP_AT", "30 3 * * *") == ""


# --- the tasks --------------------------------------------------------------------------------------------------------


def test_bit_rot_is_found_and_kept_until_it_is_gone(keep: Callable[..., Photo], library: Path) -> None:
    place = paths.original_path(keep())
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + b"?")
    with pytest.raises(tasks.Failed, match="1 damaged"):
        tasks.check()
    with pytest.raises(tasks.Failed, match="1 damaged"):  # not read, but found before
        tasks.look()
    assert LibraryFinding.objects.get().kind == "damaged"
    place.write_bytes(whole)
    assert tasks.check() == "Everything is in order."
    assert not LibraryFinding.objects.exists()


def test_a_check_that_fails_changes_nothing(library: Path) -> None:
    replace([Finding(Kind.STRAY, "a", "stray")])

    def breaking() -> object:
        yield Finding(Kind.STRAY, "b", "stray")
        raise OSError

    with pytest.raises(OSError):
        replace(breaking())
    assert LibraryFinding.objects.get().subject == "a"


def test_a_missing_disk_is_reported(settings: Settings, tmp_path: Path) -> None:
    settings.MIRAGE_BACKUP_TO = str(tmp_path / "media/disk/backup")
    with pytest.raises(tasks.Failed, match="is the disk connected"):
        tasks.back_up()
    assert not (tmp_path / "media").exists()


def test_results_are_kept_in_english(beat: None, make_photo: Callable[..., Photo]) -> None:
    make_photo()
    with translation.override("de"):
        schedule.run("stages")
    result = ScheduledTask.objects.get(name="stages").result
    assert result.startswith(f"{next(iter(pipeline.all_stages())).label}: ")


@pytest.mark.usefixtures("any_database")
def test_a_scheduled_backup(keep: Callable[..., Photo], settings: Settings, tmp_path: Path) -> None:
    settings.MIRAGE_BACKUP_TO = str(tmp_path / "backup")
    keep()
    assert tasks.back_up().startswith("1 photos, 1 new files")
    assert SecurityEvent.objects.get(verb="made a backup").detail == {"photos": 1, "new": 1}
