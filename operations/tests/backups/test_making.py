"""Making backups: what they contain, and what happens when something fails."""

import errno
import itertools
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from operations import transfer
from operations.backups import making, snapshots
from photos.models import Photo
from photos.storage import moving, paths

pytestmark = pytest.mark.usefixtures("any_database")


@pytest.fixture(autouse=True)
def days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each backup is made on a different day."""
    count = itertools.count()
    monkeypatch.setattr(
        snapshots,
        "name_of",
        lambda _moment: f"{datetime(2024, 1, 1, tzinfo=UTC) + timedelta(next(count) // 2):%Y-%m-%dT%H%M%SZ}",
    )


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "disk"


def pool(target: Path) -> list[Path]:
    return sorted(file for file in snapshots.originals_folder(target).rglob("*") if file.is_file())


def test_a_second_backup_copies_what_is_new(keep: Callable[..., Photo], target: Path) -> None:
    keep()
    assert making.make(target).manifest.new_originals == 1
    keep()
    second = making.make(target).manifest
    assert (second.originals, second.new_originals) == (2, 1)
    assert len(snapshots.snapshots(target)) == 2


def test_originals_in_a_backup_are_plain_files(keep: Callable[..., Photo], target: Path) -> None:
    photo = keep("IMG_0042.jpg")
    making.make(target)
    [file] = pool(target)
    assert file.name == f"IMG_0042.{photo.sha256[:8]}.jpg"
    assert file.read_bytes() == paths.original_path(photo).read_bytes()


def test_a_changed_file_is_stored_beside_its_old_version(keep: Callable[..., Photo], target: Path) -> None:
    photo = keep()
    making.make(target)
    place = paths.original_path(photo)
    place.write_bytes(place.read_bytes() + b"\n")
    Photo.objects.update(sha256=paths.sha256_of(place), size=place.stat().st_size)
    making.make(target)
    assert len(pool(target)) == 2
    assert making.prune(target, 1) == 1
    assert len(pool(target)) == 1


def test_a_full_disk_keeps_earlier_backups(
    keep: Callable[..., Photo], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep()
    making.make(target)
    keep()

    def fail(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(making.CannotBackUp, match="the disk is full"):
        making.make(target)
    monkeypatch.undo()
    assert len(snapshots.snapshots(target)) == 1
    assert [file for file in target.rglob("*") if ".copy-" in file.name] == []


def test_a_disk_that_is_full_before_the_database_is_copied(
    keep: Callable[..., Photo], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep()

    def fail(*_args: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(transfer, "snapshot", fail)
    with pytest.raises(making.CannotBackUp, match="the disk is full"):
        making.make(target)
    assert list(target.glob("20*")) == []


def test_too_little_room_is_reported_before_copying(
    keep: Callable[..., Photo], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep()
    monkeypatch.setattr(making, "SPARE", 1 << 60)
    with pytest.raises(making.CannotBackUp, match="MB free"):
        making.make(target)
    assert pool(target) == []


def test_leftovers_of_a_kill_are_removed(keep: Callable[..., Photo], target: Path) -> None:
    keep()
    (target / "2024-01-01T000000Z.unfinished").mkdir(parents=True)
    making.make(target)
    assert list(target.glob("*.unfinished")) == []


def test_damaged_and_missing_originals_are_reported(keep: Callable[..., Photo], target: Path) -> None:
    damaged, missing = keep(), keep()
    place = paths.original_path(damaged)
    place.write_bytes(bytes(place.stat().st_size))
    paths.original_path(missing).unlink()
    manifest = making.make(target).manifest
    assert (manifest.damaged, manifest.missing) == ([damaged.path], [missing.path])


def test_a_damaged_original_does_not_replace_a_sound_copy(keep: Callable[..., Photo], target: Path) -> None:
    place = paths.original_path(keep())
    whole = place.read_bytes()
    making.make(target)
    place.write_bytes(bytes(len(whole)))
    making.make(target, verify=True)
    assert pool(target)[0].read_bytes() == whole


def test_verify_repairs_damaged_copies(keep: Callable[..., Photo], target: Path) -> None:
    place = paths.original_path(keep())
    making.make(target)
    [copy] = pool(target)
    copy.write_bytes(bytes(copy.stat().st_size))
    making.make(target)
    assert copy.read_bytes() != place.read_bytes()
    making.make(target, verify=True)
    assert copy.read_bytes() == place.read_bytes()


def test_links_take_no_space(keep: Callable[..., Photo], target: Path) -> None:
    place = paths.original_path(keep())
    making.make(target, link=True)
    assert pool(target)[0].samefile(place)


def test_only_one_backup_at_a_time(keep: Callable[..., Photo], target: Path) -> None:
    with snapshots.only_one(target), pytest.raises(making.CannotBackUp, match="Another backup"):
        making.make(target)


def test_backups_are_not_made_among_the_originals() -> None:
    with pytest.raises(making.CannotBackUp, match="inside the folder of originals"):
        making.make(settings.MIRAGE_DATA / "originals/backup")


def test_backups_have_no_secrets_from_the_environment(
    keep: Callable[..., Photo], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIRAGE_ADMIN_PASSWORD", "hunter2")
    monkeypatch.setenv("MIRAGE_HOME_ZONE", "Asia/Tokyo")
    made = making.make(target)
    told = (made.folder / "settings.json").read_text()
    assert "Tokyo" in told
    assert "hunter2" not in told
    assert (made.folder.stat().st_mode & 0o077) == 0


def test_a_folder_without_a_backup_is_reported(tmp_path: Path) -> None:
    with pytest.raises(snapshots.NoBackup, match="no complete backup"):
        snapshots.find(tmp_path)


def test_an_original_that_moves_during_the_backup_is_found(keep: Callable[..., Photo]) -> None:
    photo = keep()
    before = snapshots.Original(photo.path, photo.sha256, photo.size)
    assert making.where_now(before) is None  # it is where the snapshot says
    moving.move(photo, "anna/elsewhere/x.jpg")
    moving.finish(at_once=True)
    assert making.where_now(before) == paths.originals_folder() / "anna/elsewhere/x.jpg"
