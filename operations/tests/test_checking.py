"""Checks find every kind of finding, and repairs change nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from mirage.web.kept_sentences import in_language
from operations import checking
from operations.checking import Kind
from photos import pipeline, vectors
from photos.editing.virtual_copies import make_copy
from photos.models import Photo, StageRun
from photos.storage import moving, paths

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(keep: Callable[..., Photo]) -> Photo:
    """A photo with its thumbnails."""
    photo = keep()
    for stage in ("metadata", "thumbnails"):
        pipeline.perform_next(pipeline.STAGES[stage])
    photo.refresh_from_db()
    assert photo.displayable
    return photo


def kinds(**options: bool) -> list[Kind]:
    return [finding.kind for finding in checking.check(**options)]


def test_a_sound_library_has_no_findings(photo: Photo) -> None:
    assert kinds() == []


def test_a_flipped_byte(photo: Photo) -> None:
    place = paths.original_path(photo)
    content = bytearray(place.read_bytes())
    content[50] ^= 1
    place.write_bytes(content)
    assert kinds() == [Kind.DAMAGED]
    assert kinds(read=False) == []


def test_a_file_cut_short_is_found_without_reading(photo: Photo) -> None:
    paths.original_path(photo).write_bytes(b"short")
    assert kinds(read=False) == [Kind.DAMAGED]


def test_a_missing_file(photo: Photo) -> None:
    paths.original_path(photo).unlink()
    assert kinds() == [Kind.MISSING]


def test_a_file_that_copies_share_is_one_finding(photo: Photo) -> None:
    make_copy(photo, None)
    paths.original_path(photo).unlink()
    assert kinds() == [Kind.MISSING]


def test_a_photo_deleted_meanwhile_is_not_a_finding(photo: Photo) -> None:
    paths.original_path(photo).unlink()
    stale = Photo.objects.get()
    Photo.objects.all().delete()
    assert list(checking.check_original(stale, read=True)) == []


def test_a_file_of_another_program(make_photo: Callable[..., Photo], make_picture: Callable[..., Path]) -> None:
    place = make_picture()
    make_photo(path=str(place), in_place=True, size=place.stat().st_size, displayable=False)
    assert kinds() == [Kind.CHANGED]


def test_a_stray_original_is_left_alone(photo: Photo) -> None:
    stray = paths.originals_folder() / "anna/2020/01/stray.jpg"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"something")
    findings = list(checking.check())
    assert [finding.kind for finding in findings] == [Kind.STRAY]
    assert checking.repair(findings) == {}
    assert stray.exists()


def test_missing_thumbnails_are_made_again(photo: Photo) -> None:
    (paths.derived_folder(photo.sha256) / "small.webp").unlink()
    findings = list(checking.check())
    assert [finding.kind for finding in findings] == [Kind.DERIVED_MISSING]
    assert len(checking.repair(findings)) == 1
    assert StageRun.objects.get(photo=photo, stage="thumbnails").status == "waiting"
    pipeline.perform_next(pipeline.STAGES["thumbnails"])
    assert kinds() == []


def test_stray_thumbnails_are_removed(photo: Photo) -> None:
    stray = paths.derived_folder("ab" * 32)
    stray.mkdir(parents=True)
    (stray / "small.webp").write_bytes(b"somebody")
    findings = list(checking.check())
    assert [finding.kind for finding in findings] == [Kind.DERIVED_STRAY]
    checking.repair(findings)
    assert not stray.exists()
    assert paths.derived_folder(photo.sha256).exists()


def test_findings_are_kept_in_english_and_told_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors.upkeep, "EXACT_BELOW", 0)
    with translation.override("de"):
        text = next(iter(checking.check_indexes())).text
        assert text == "There is no index over 0 vectors: it has not been built yet."
        assert in_language(text) != text


def test_copies_of_a_photo_whose_file_moves_are_sound(photo: Photo) -> None:
    make_copy(photo, None)
    assert moving.move(photo, "anna/new/x.jpg")
    assert kinds() == []  # with both names
    moving.finish(at_once=True)
    assert kinds() == []
    paths.original_path(photo).unlink()
    assert kinds() == [Kind.MISSING]
