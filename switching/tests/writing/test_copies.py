"""Virtual copies: made once, with their own words and albums, and undone without a trace unless somebody used them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from albums.models import Album
from photos.editing import bulk
from photos.editing.edits import SetFields
from photos.gallery.stacking import stacks
from photos.models import Photo, Stack
from switching import preparing
from switching.models import Switch
from switching.report import sentences
from switching.tests.samples import sqlite
from switching.tests.samples.family import make_family, make_library
from switching.tests.test_acts import bring, exported, undo
from tags.keywords import change_keywords

pytestmark = pytest.mark.django_db
Make = Callable[..., Photo]


@pytest.fixture
def photo(make_photo: Make) -> Photo:
    """The photo that has a virtual copy in Lightroom."""
    return make_library(make_photo, make_family(4))[0]


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return sqlite.write(tmp_path / "My.lrcat", sqlite.lightroom(make_family(4)))


def copies() -> list[Photo]:
    return list(Photo.objects.filter(copy_number__gt=0))


def come(owner: User, catalogue: Path) -> tuple[Photo, Switch]:
    _, switch = bring(owner, catalogue, "lightroom")
    (copy,) = copies()
    return copy, switch


def test_a_copy_has_its_own_stars_and_is_in_the_album_and_the_stack(owner: User, photo: Photo, catalogue: Path) -> None:
    report = preparing.examine(owner, "lightroom", catalogue)
    assert "1 copy of a photo to be made, with its own words, stars and tags." in sentences(report)
    assert (report.found, report.photos) == (4, 4)
    copy, _ = come(owner, catalogue)
    photo.refresh_from_db()
    assert (copy.rating, copy.label, copy.favourite) == (2, "Blue", True)
    assert (photo.rating, photo.label, photo.stack) == (1, "", copy.stack)
    summer = Album.objects.get(name="Summer")
    assert list(summer.items.filter(photo=copy))
    assert summer.items.count() == 5


def test_a_second_run_brings_nothing_and_undo_leaves_no_trace(owner: User, photo: Photo, catalogue: Path) -> None:
    before = exported(owner)
    _, switch = come(owner, catalogue)
    after = exported(owner)
    assert preparing.examine(owner, "lightroom", catalogue).changes == 0
    assert exported(owner) == after
    undo(switch)
    assert exported(owner) == before
    assert not Stack.objects.exists()


def test_a_copy_that_was_deleted_here_stays_away(owner: User, photo: Photo, catalogue: Path) -> None:
    copy, _ = come(owner, catalogue)
    copy.delete()
    assert preparing.examine(owner, "lightroom", catalogue).changes == 0


def test_a_copy_that_somebody_worked_on_goes_into_the_trash(owner: User, photo: Photo, catalogue: Path) -> None:
    copy, switch = come(owner, catalogue)
    SetFields({"title": "Mine"}).apply([copy.pk], timezone.now(), owner)
    undo(switch)
    (copy,) = copies()
    assert (copy.title, copy.trashed_at is None) == ("Mine", False)


def heart(copy: Photo) -> None:
    Photo.objects.filter(pk=copy.pk).update(favourite=True)


def archive(copy: Photo) -> None:
    Photo.objects.filter(pk=copy.pk).update(archived=True)


def tag(copy: Photo) -> None:
    bulk.make(copy.owner, Photo.objects.filter(pk=copy.pk), change_keywords(["mine"]), copy.owner)


@pytest.mark.parametrize("work_on", [heart, archive, tag])
def test_a_copy_that_somebody_sorted_goes_into_the_trash(
    owner: User, photo: Photo, tmp_path: Path, work_on: Callable[[Photo], None]
) -> None:
    tables = sqlite.lightroom(make_family(4))
    columns, rows = tables["Adobe_images"]
    place = list(columns).index("pick")
    tables["Adobe_images"] = columns, [(*row[:place], 0.0, *row[place + 1 :]) for row in rows]
    copy, switch = come(owner, sqlite.write(tmp_path / "My.lrcat", tables))
    assert not copy.favourite
    work_on(copy)
    undo(switch)
    (copy,) = copies()
    assert copy.trashed_at is not None


def test_a_copy_whose_photo_is_not_here_does_not_come(owner: User, make_photo: Make, catalogue: Path) -> None:
    make_photo(name="other.jpg")
    report, _ = bring(owner, catalogue, "lightroom")
    assert (report.counts["missing"], copies()) == (4, [])


def test_a_copy_in_a_stack_of_lightroom_comes_along(owner: User, photo: Photo, catalogue: Path, tmp_path: Path) -> None:
    tables = sqlite.lightroom(make_family(4))
    members = [(1, 1, 0), (1, 900, 1), (1, 2, 2)]
    tables["AgLibraryFolderStackImage"] = (("stack", "image", "position"), members)
    before = exported(owner)
    copy, switch = come(owner, sqlite.write(tmp_path / "stacked.lrcat", tables))
    assert copy.stack is not None
    assert set(copy.stack.photos.values_list("original_name", "copy_number")) == {
        ("IMG_0000.jpg", 0), ("IMG_0000.jpg", 1), ("IMG_0001.jpg", 0),
    }  # fmt: skip
    undo(switch)
    assert exported(owner) == before


def test_a_copy_made_after_the_photo_was_stacked_by_hand(owner: User, make_photo: Make, catalogue: Path) -> None:
    photos = make_library(make_photo, make_family(4))
    mine = stacks.make([photos[0], photos[1]], photos[1])
    before = exported(owner)
    copy, switch = come(owner, catalogue)
    assert copy.stack == mine
    undo(switch)
    assert exported(owner) == before
    assert mine.photos.count() == 2
