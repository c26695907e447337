"""Segments are kept for a while, and not without bounds."""

import os
import time
from pathlib import Path

import pytest

from media.streams.plans import Plan
from photos.storage import paths
from photos.storage.streaming import sources

PLAN = Plan(96, 64, 10.0, 4.0, (0.0, 1.0, 3.0), has_sound=False)


@pytest.fixture
def played(storage: Path) -> list[Path]:
    """Three videos of 100 bytes: played now, an hour ago, and two days ago."""
    folders = []
    for name, hours in (("now", 0), ("hour", 1), ("days", 48)):
        folder = paths.streams_folder() / name
        (folder / "small").mkdir(parents=True)
        (folder / "small" / "0.ts").write_bytes(bytes(98))
        (folder / sources.PLAN).write_text("{}")
        at = time.time() - hours * 3600
        os.utime(folder / sources.PLAN, (at, at))
        folders.append(folder)
    (paths.streams_folder() / ".viewers").mkdir()
    return folders


def test_what_was_not_played_for_a_day_is_removed(played: list[Path]) -> None:
    assert sources.trim() == 1
    assert [folder.exists() for folder in played] == [True, True, False]
    assert sources.trim() == 0


def test_the_oldest_go_first_if_there_are_too_many_bytes(played: list[Path]) -> None:
    assert sources.trim(most=150) == 2
    assert [folder.exists() for folder in played] == [True, False, False]
    assert sources.trim(most=0) == 0  # what is being played stays


def test_a_plan_is_read_as_it_was_kept(tmp_path: Path) -> None:
    assert sources.read_plan(tmp_path) is None
    sources.keep_plan(tmp_path, PLAN)
    assert sources.read_plan(tmp_path) == PLAN
    (tmp_path / sources.PLAN).write_text('{"width": 1}')
    assert sources.read_plan(tmp_path) is None


def test_a_file_that_is_renamed_meanwhile_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "0.ts").write_bytes(bytes(98))
    assert [sources.size_of(tmp_path / name) for name in ("0.ts", "1.ts", "")] == [98, 0, 0]
