"""Check, backup and restore of a library in object storage, against a real server process."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from operations import checking
from operations.backups import making, restoring, snapshots
from operations.checking import Kind
from photos.models import Photo
from photos.pipeline import rendering
from photos.storage import paths

pytestmark = pytest.mark.usefixtures("any_database")


@pytest.fixture
def photo(storage: Any, keep: Callable[..., Photo]) -> Photo:
    photo = keep("IMG_20190504_183000.jpg")
    assert rendering.make_thumbnails([photo.pk]) == {}
    return Photo.objects.get(pk=photo.pk)


def put(storage: Any, path: Path, data: bytes) -> None:
    """Write an object behind Mirage's back."""
    storage.bucket.put_object(Key=f"mirage/{path.relative_to(paths.originals_folder().parent)}", Body=data)


def kinds() -> list[Kind]:
    return sorted(finding.kind for finding in checking.check() if finding.kind != Kind.INDEX)


def test_a_sound_library_has_no_findings(photo: Photo) -> None:
    assert kinds() == []


def test_the_object_is_read_not_its_local_copy(storage: Any, photo: Photo) -> None:
    original = paths.original_path(photo)
    data = bytearray(original.read_bytes())
    data[len(data) // 2] ^= 1
    put(storage, original, bytes(data))
    assert kinds() == [Kind.DAMAGED]


def test_missing_and_stray_objects_are_found(storage: Any, photo: Photo) -> None:
    put(storage, paths.originals_folder() / "anna/2019/05/stray.jpg", b"nobody's")
    put(storage, paths.derived_folder("ab" * 32) / "small.webp", b"nobody's")
    paths.remove(paths.original_path(photo))
    paths.remove(paths.pictures_folder(photo) / "small.webp")
    assert kinds() == sorted([Kind.MISSING, Kind.STRAY, Kind.DERIVED_MISSING, Kind.DERIVED_STRAY])


def test_a_damaged_object_is_restored_from_a_backup(storage: Any, photo: Photo, tmp_path: Path) -> None:
    making.make(tmp_path / "disk")
    put(storage, paths.original_path(photo), b"damaged")
    done = checking.repair(list(checking.check()), tmp_path / "disk")
    assert "Restored from the backup." in done.values()
    assert kinds() == []


def test_a_backup_fetches_missing_originals(photo: Photo, tmp_path: Path, settings: Settings) -> None:
    settings.MIRAGE_DATA = tmp_path / "other"
    settings.MIRAGE_DATA.mkdir()
    snapshot = making.make(tmp_path / "disk")
    assert (snapshot.manifest.originals, snapshot.manifest.damaged, snapshot.manifest.missing) == (1, [], [])


def test_originals_are_restored_into_an_empty_bucket(photo: Photo, storage: Any, tmp_path: Path) -> None:
    snapshot = making.make(tmp_path / "disk")
    storage.bucket.objects.delete()
    shutil.rmtree(paths.originals_folder())
    restored = restoring.Restored()
    for _ in range(2):  # the second time all is there
        restoring.bring_originals(snapshot, restored, lambda done, total: None)
    assert (restored.originals, restored.damaged, restored.missing) == (2, [], [])
    (original,) = snapshots.originals(snapshot.database)
    assert storage.sha256_of(paths.originals_folder() / original.path) == photo.sha256
