"""The environment variables: which are shown, and that changes are recorded."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import SecurityEvent
from mirage.runtime import groundwork
from operations import environment


@pytest.fixture
def start(db: None, library: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An installation that was started once before."""
    monkeypatch.setenv("MIRAGE_TRASH_DAYS", "30")
    monkeypatch.setenv("MIRAGE_METRICS_TOKEN", "the first")
    assert environment.note_changes() == 0
    return monkeypatch


def test_nothing_is_recorded_without_a_change(start: pytest.MonkeyPatch) -> None:
    assert environment.note_changes() == 0
    assert not SecurityEvent.objects.exists()


def test_a_change_is_recorded_once(start: pytest.MonkeyPatch) -> None:
    start.setenv("MIRAGE_TRASH_DAYS", "60")
    start.setenv("MIRAGE_HOME_ZONE", "Europe/Lisbon")
    assert environment.note_changes() == 2
    assert environment.note_changes() == 0
    found = {event.subject: event.detail for event in SecurityEvent.objects.filter(verb="changed a setting")}
    assert found["MIRAGE_TRASH_DAYS"] == {"by": "the environment", "before": "30", "now": "60"}
    assert found["MIRAGE_HOME_ZONE"] == {"by": "the environment", "before": "", "now": "Europe/Lisbon"}


def test_changed_secrets_are_recorded_without_their_values(start: pytest.MonkeyPatch, library: Path) -> None:
    start.setenv("MIRAGE_METRICS_TOKEN", "the second")
    start.delenv("MIRAGE_TRASH_DAYS")
    assert environment.note_changes() == 2
    assert SecurityEvent.objects.get(subject="MIRAGE_METRICS_TOKEN").detail == {"by": "the environment"}
    kept = (library / "environment.json").read_text()
    assert "the first" not in kept
    assert "the second" not in kept
    assert "MIRAGE_METRICS_TOKEN" not in environment.plain()


def test_an_unreadable_note_is_written_again(start: pytest.MonkeyPatch, library: Path) -> None:
    (library / "environment.json").write_text('{"MIRAGE_TR')
    start.setenv("MIRAGE_TRASH_DAYS", "60")
    assert environment.note_changes() == 0
    start.setenv("MIRAGE_TRASH_DAYS", "61")
    assert environment.note_changes() == 1
    assert (library / "environment.json").stat().st_mode & 0o077 == 0


def test_preparing_may_end_after_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groundwork, "migrate", lambda: 3)
    monkeypatch.setattr(groundwork, "prepare_first_account", lambda: pytest.fail("this is left to `serve`"))
    out = io.StringIO()
    call_command("prepare", "--only-database", stdout=out)
    assert out.getvalue() == "Prepared the database (3 migrations).\n"
