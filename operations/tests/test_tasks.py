"""What the tasks say they have done; that they run is tested with the schedule."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from mirage.web.kept_sentences import in_language
from operations import tasks
from operations.models import ScheduledTask
from photos import upkeep
from photos.models import Photo

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("any_database")
def test_a_backup_by_hand_is_noted_as_one_of_the_schedule(keep: Callable[..., Photo], tmp_path: Path) -> None:
    keep()
    with translation.override("de"):
        call_command("backup", str(tmp_path / "backup"))
        result = ScheduledTask.objects.get(name="backup").result
        assert result.startswith("1 photos, 1 new files")
        assert in_language(result) != result


def test_every_memory_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[str] = []
    monkeypatch.setattr(upkeep, "MEMORIES", {name: lambda name=name: prepared.append(name) for name in ("a", "b")})
    assert tasks.prepare_memories() == "Prepared the memories."
    assert prepared == ["a", "b"]


def test_each_hourly_chore_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(upkeep, "HOURLY", {name: lambda name=name: done.append(name) for name in ("a", "b")})
    assert tasks.follow_folders() == "Followed the folders."
    assert done == ["a", "b"]
