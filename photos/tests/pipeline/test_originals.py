"""Stages read originals that are moved while their batch is under way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from accounts.models import User
from media.sandbox import UnreadableFile
from photos.ingest import intake
from photos.models import Photo
from photos.pipeline import originals, reading
from photos.storage import moving, paths

NEW = "anna/new/x.jpg"


@pytest.fixture
def photo(owner: User, make_picture: Callable[..., Path]) -> Photo:
    photo = intake.ingest(owner, make_picture("IMG_20240501_120000.jpg")).photo
    assert photo is not None
    return photo


def move_away() -> None:
    """The photo's old name is removed too."""
    moving.move(Photo.objects.get(), NEW)
    moving.finish(at_once=True)


def test_a_photo_that_moved_before_its_turn_is_read(photo: Photo) -> None:
    stale = Photo.objects.get()
    move_away()
    assert reading.read_file(stale, []).width == 64
    assert stale.path == NEW


def test_a_photo_that_moves_just_before_it_is_opened_is_read(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    real = originals.readable_name

    @contextmanager
    def moved(path: Path) -> Iterator[Path]:
        if path.name != "x.jpg":
            move_away()
        with real(path) as name:
            yield name

    monkeypatch.setattr(originals, "readable_name", moved)
    assert reading.read_file(Photo.objects.get(), []).width == 64


def test_a_lost_or_deleted_photo_is_told_and_not_looked_for_again(photo: Photo) -> None:
    paths.original_path(photo).unlink()
    with pytest.raises(FileNotFoundError):
        reading.read_file(photo, [])
    Photo.objects.all().delete()
    with pytest.raises(FileNotFoundError):
        reading.read_file(photo, [])


def test_a_broken_photo_is_read_once(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    paths.original_path(photo).write_bytes(b"no picture")
    opened, real = list[Path](), originals.readable_name

    @contextmanager
    def noted(path: Path) -> Iterator[Path]:
        opened.append(path)
        with real(path) as name:
            yield name

    monkeypatch.setattr(originals, "readable_name", noted)
    with pytest.raises(UnreadableFile):
        originals.call("media.thumbnails:render", photo, photo.media_type, paths.derived_folder(photo.sha256), 1)
    assert opened == [paths.original_path(photo)]
