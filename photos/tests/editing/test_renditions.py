"""Renditions: made by a stage from the original, shown when they are there, and gone when nobody is shown them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from accounts import undoing
from accounts.models import User
from media.editing import geometry
from photos import pipeline
from photos.addresses import thumbnail_address
from photos.editing import edits, renditions
from photos.ingest import folders
from photos.models import Photo, StageRun
from photos.pipeline import rendering
from photos.storage import paths
from photos.tests.editing.test_picture_edits import CROP, LIGHT, MakePhoto, edit, given


@pytest.fixture
def photo(make_picture: Callable[..., Path], owner: User) -> Photo:
    """A photo of 64 by 48 pixels with its thumbnails."""
    folders.import_folder(owner, make_picture(size=(64, 48)))
    pipeline.drain()
    return Photo.objects.get()


def rendered(photo: Photo) -> Photo:
    pipeline.drain()
    photo.refresh_from_db()
    return photo


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@pytest.mark.django_db(transaction=True)
def test_the_edit_is_shown_when_it_is_rendered(photo: Photo) -> None:
    before = thumbnail_address(photo, "small"), bytes(photo.thumbhash)
    edit(photo, CROP, LIGHT)
    assert thumbnail_address(photo, "small") == before[0]
    rendered(photo)
    assert thumbnail_address(photo, "small") != before[0]
    assert photo.shown_size == (32, 24)
    assert (photo.width, photo.height) == (64, 48)
    assert bytes(photo.thumbhash) != before[1]
    assert size_of(paths.shown_file(photo, "large")) == (32, 24)
    assert size_of(renditions.full_file(photo)) == (32, 24)
    assert size_of(paths.picture_file(photo, "large")) == (64, 48)  # what models look at


@pytest.mark.django_db(transaction=True)
def test_undo_shows_the_original_at_once_and_removes_the_rendition(photo: Photo, owner: User) -> None:
    before = bytes(photo.thumbhash)
    activity = edit(photo, CROP)
    folder = paths.shown_folder(rendered(photo))
    undoing.undo(activity, owner)
    photo.refresh_from_db()
    assert (photo.rendition, photo.shown_size) == ("", (64, 48))
    rendered(photo)
    assert bytes(photo.thumbhash)[:3] == before[:3]  # of the small thumbnail now, so not the same to the last bit
    assert not folder.exists()
    assert paths.picture_file(photo, "small").exists()


@pytest.mark.django_db(transaction=True)
def test_twice_is_once(photo: Photo) -> None:
    edit(photo, CROP)
    rendered(photo)
    pipeline.demand("renditions", [photo.pk])
    folder, key = paths.shown_folder(photo), photo.rendition
    names = {file.name for file in folder.iterdir()}
    assert rendered(photo).rendition == key
    assert {file.name for file in folder.iterdir()} == names


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_held_is_rendered_again(photo: Photo) -> None:
    edit(photo, CROP)
    (run,) = pipeline.claim(pipeline.STAGES["renditions"])
    assert run.status == "running"
    pipeline.release(run.worker)
    assert rendered(photo).rendition


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_rendered_needs_attention_and_the_last_rendition_stays(photo: Photo) -> None:
    edit(photo, CROP)
    key = rendered(photo).rendition
    newer = {"version": 9, "operations": [{"op": "crop"}]}
    Photo.objects.update(picture_edit=newer)
    pipeline.demand("renditions", [photo.pk])
    assert rendered(photo).rendition == key
    run = StageRun.objects.get(photo=photo, stage="renditions")
    assert (run.status, "newer Mirage (version 9" in run.error) == ("failed", True)
    assert paths.shown_file(photo, "small").exists()


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_fits_no_more_says_so(photo: Photo) -> None:
    Photo.objects.update(picture_edit=given({"op": "straighten", "degrees": 40}, {**CROP, "x": 0, "y": 0}))
    pipeline.demand("renditions", [photo.pk])
    assert rendered(photo).rendition == ""
    assert "The edit does not fit" in StageRun.objects.get(photo=photo, stage="renditions").error


@pytest.mark.django_db(transaction=True)
def test_a_turned_photo_keeps_its_edit(photo: Photo, owner: User) -> None:
    edit(photo, CROP)
    rendered(photo)
    from photos.editing import bulk

    bulk.make(owner, Photo.objects.all(), edits.turn("right"), owner)
    photo.refresh_from_db()
    assert photo.shown_size == (24, 32)
    assert size_of(paths.shown_file(photo, "small")) == (24, 32)  # at once, from the one before
    rendered(photo)
    assert photo.shown_size == (24, 32)
    assert size_of(paths.shown_file(photo, "large")) == (24, 32)


@pytest.mark.django_db(transaction=True)
def test_thumbnails_made_again_leave_the_edit_shown(photo: Photo) -> None:
    edit(photo, CROP)
    hash_of_edit = bytes(rendered(photo).thumbhash)
    rendering.render_one(photo)
    photo.refresh_from_db()
    assert (bytes(photo.thumbhash), photo.shown_size) == (hash_of_edit, (32, 24))


@pytest.mark.django_db(transaction=True)
def test_a_stage_that_began_before_the_edit_shows_the_edit_of_after(photo: Photo, monkeypatch: Any) -> None:
    edit(photo, CROP)
    whole, later = renditions.call, list[Any]()

    def slow(*args: Any, **kwargs: Any) -> Any:
        made = whole(*args, **kwargs)
        if not later:
            later.append(threading.current_thread())
            Photo.objects.update(picture_edit=given({**CROP, "width": 0.25}))
        return made

    monkeypatch.setattr(renditions, "call", slow)
    renditions.render_one(photo)
    photo.refresh_from_db()
    assert photo.shown_size == (16, 24)
    assert photo.rendition == renditions.key_of(photo)


def test_boxes_of_the_original_lie_elsewhere_in_the_edit(make_photo: MakePhoto) -> None:
    photo = make_photo()
    assert renditions.view_of(photo) is None
    edit(photo, CROP)
    photo.rendition = renditions.key_of(photo)
    view = renditions.view_of(photo)
    assert geometry.seen(view.inverse, (0.25, 0.25, 0.25, 0.25)) == pytest.approx((0, 0, 0.5, 0.5))
    assert geometry.seen(view.inverse, (0.8, 0.25, 0.1, 0.25)) is None
    edit(photo, CROP, {"op": "turn", "by": 6})
    photo.rendition = renditions.key_of(photo)
    view = renditions.view_of(photo)
    # in the picture turned to the right, its left lower quarter is the upper left of the one before
    assert geometry.seen(view.inverse, (0.5, 0.25, 0.25, 0.25)) == pytest.approx((0.5, 0, 0.5, 0.5))
