"""The layout of a backup on disk: names, manifests, and which snapshot is used."""

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from operations.backups import snapshots
from operations.backups.snapshots import Manifest, NoBackup, Original
from photos.models import Photo, PhotoFile

OLD, NEW = datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 5, 2, 3, 4, 5, tzinfo=UTC)


def make(target: Path, moment: datetime, **told: object) -> Path:
    """An empty snapshot."""
    folder = target / snapshots.name_of(moment)
    folder.mkdir(parents=True)
    snapshots.write_manifest(folder, Manifest(moment.isoformat(), "0.1.0", "sqlite"))
    if told:
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(manifest | told))
    return folder


def test_a_snapshots_folder_is_named_after_its_moment() -> None:
    assert snapshots.name_of(NEW) == "2024-05-02T030405Z"


@pytest.mark.parametrize(
    ("path", "kept_as"),
    [
        ("anna/2024/05/a.jpg", "anna/2024/05/a.0a1b2c3d.jpg"),
        ("anna/2024/05/a.b.jpg", "anna/2024/05/a.b.0a1b2c3d.jpg"),
        ("anna/2024/05/README", "anna/2024/05/README.0a1b2c3d"),
        ("anna/2024/05/.hidden", "anna/2024/05/.hidden.0a1b2c3d"),
    ],
)
def test_the_place_of_an_original_follows_from_its_path_and_checksum(path: str, kept_as: str) -> None:
    assert Original(path, "0a1b2c3d" + "0" * 56, 1).kept_as == kept_as


def test_a_manifest_is_written_and_read(tmp_path: Path) -> None:
    folder = make(tmp_path, NEW, photos=3, damaged=["a.jpg"])
    snapshot = snapshots.read(folder)
    assert (snapshot.folder, snapshot.target, snapshot.made_at) == (folder, tmp_path, NEW)
    assert snapshot.database == folder / "database.sqlite3"
    assert (snapshot.manifest.photos, snapshot.manifest.damaged) == (3, ["a.jpg"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"format": 99}', "in format 99"),
        ('{"format": 1}', "cannot be read"),
        ('{"format": 1, "made_at": "", "mirage": "", "engine": "", "more": 1}', "cannot be read"),
    ],
)
def test_folders_that_are_not_snapshots(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(NoBackup, match=words):
        snapshots.read(tmp_path)


def test_complete_snapshots_oldest_first(tmp_path: Path) -> None:
    make(tmp_path, NEW)
    make(tmp_path, OLD)
    make(tmp_path, datetime(2024, 5, 3, tzinfo=UTC), format=99)
    (tmp_path / "2024-05-04T000000Z").mkdir()
    (tmp_path / f"2024-05-05T000000Z{snapshots.UNFINISHED}").mkdir()
    (tmp_path / "originals").mkdir()
    assert [snapshot.made_at for snapshot in snapshots.snapshots(tmp_path)] == [OLD, NEW]
    assert snapshots.snapshots(tmp_path / "gone") == []


def test_the_newest_is_used_unless_one_is_named(tmp_path: Path) -> None:
    old = make(tmp_path, OLD)
    make(tmp_path, NEW)
    assert snapshots.find(tmp_path).made_at == NEW
    assert snapshots.find(old).made_at == OLD


def test_an_unreadable_newest_snapshot_is_reported_not_skipped(tmp_path: Path) -> None:
    make(tmp_path, OLD)
    make(tmp_path, NEW, format=99)
    with pytest.raises(NoBackup, match="format 99"):
        snapshots.find(tmp_path)


@pytest.mark.parametrize(("name", "words"), [("empty", "no complete backup"), ("gone", "not a folder")])
def test_missing_backups(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoBackup, match=words):
        snapshots.find(tmp_path / name)


def test_the_files_in_a_snapshots_database(tmp_path: Path) -> None:
    database = tmp_path / "database.sqlite3"
    with closing(sqlite3.connect(database)) as rows, rows:
        for model in (Photo, PhotoFile):
            rows.execute(f"CREATE TABLE {model._meta.db_table} (path, sha256, size, in_place)")
        photos, files = Photo._meta.db_table, PhotoFile._meta.db_table
        rows.executemany(f"INSERT INTO {photos} VALUES (?, ?, ?, ?)", [("b", "1", 1, 0), ("/mnt/x", "2", 2, 1)])
        rows.executemany(f"INSERT INTO {files} VALUES (?, ?, ?, ?)", [("a", "3", 3, 0), ("b", "1", 1, 0)])
    assert list(snapshots.originals(database)) == [Original("a", "3", 3), Original("b", "1", 1)]


def test_a_sound_file_has_its_size_and_checksum(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"content")
    sha256 = hashlib.sha256(b"content").hexdigest()
    assert snapshots.is_sound(file, Original("a.jpg", sha256, 7))
    assert not snapshots.is_sound(file, Original("a.jpg", sha256, 8))
    assert not snapshots.is_sound(file, Original("a.jpg", "0" * 64, 7))
    with pytest.raises(FileNotFoundError):
        snapshots.is_sound(tmp_path / "gone.jpg", Original("gone.jpg", sha256, 7))


def test_only_one_writes_at_a_time(tmp_path: Path) -> None:
    target = tmp_path / "backup"
    with snapshots.only_one(target), pytest.raises(BlockingIOError), snapshots.only_one(target):
        pytest.fail("two at once")
    with snapshots.only_one(target):
        pass
    assert os.stat(target).st_mode & 0o777 == 0o700
    assert os.stat(target / ".lock").st_mode & 0o777 == 0o600
