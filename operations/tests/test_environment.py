"""What is set, what of it is told, and that a change is written down."""

from pathlib import Path

import pytest

from accounts.models import SecurityEvent
from operations import environment


@pytest.fixture
def start(db: None, library: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An installation that was started once."""
    monkeypatch.setenv("MIRAGE_TRASH_DAYS", "30")
    monkeypatch.setenv("MIRAGE_METRICS_TOKEN", "the first")
    assert environment.note_changes() == 0
    return monkeypatch


def test_nothing_is_written_where_nothing_changed(start: pytest.MonkeyPatch) -> None:
    assert environment.note_changes() == 0
    assert not SecurityEvent.objects.exists()


def test_a_change_is_written_down_once(start: pytest.MonkeyPatch) -> None:
    start.setenv("MIRAGE_TRASH_DAYS", "60")
    start.setenv("MIRAGE_HOME_ZONE", "Europe/Lisbon")
    assert environment.note_changes() == 2
    assert environment.note_changes() == 0
    found = {event.subject: event.detail for event in SecurityEvent.objects.filter(verb="changed a setting")}
    assert found["MIRAGE_TRASH_DAYS"] == {"by": "the environment", "before": "30", "now": "60"}
    assert found["MIRAGE_HOME_ZONE"] == {"by": "the environment", "before": "", "now": "Europe/Lisbon"}


def test_of_a_secret_only_that_it_changed(start: pytest.MonkeyPatch, library: Path) -> None:
    start.setenv("MIRAGE_METRICS_TOKEN", "the second")
    start.delenv("MIRAGE_TRASH_DAYS")
    assert environment.note_changes() == 2
    assert SecurityEvent.objects.get(subject="MIRAGE_METRICS_TOKEN").detail == {"by": "the environment"}
    kept = (library / "environment.json").read_text()
    assert "the first" not in kept
    assert "the second" not in kept
    assert "MIRAGE_METRICS_TOKEN" not in environment.plain()


def test_a_note_cut_short_is_written_anew(start: pytest.MonkeyPatch, library: Path) -> None:
    (library / "environment.json").write_text('{"MIRAGE_TR')
    start.setenv("MIRAGE_TRASH_DAYS", "60")
    assert environment.note_changes() == 0
    start.setenv("MIRAGE_TRASH_DAYS", "61")
    assert environment.note_changes() == 1
    assert (library / "environment.json").stat().st_mode & 0o077 == 0
