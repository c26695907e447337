"""Turning pictures: sizes, boxes and thumbnails follow, sidecars say it, and undo brings everything back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from accounts import undoing
from accounts.models import Activity, User
from media.metadata import orientations
from photos.editing import bulk, edits, turning
from photos.ingest import folders
from photos.models import DetectedObject, Photo, StageRun
from photos.pipeline import rendering
from photos.storage import paths

MakePhoto = Callable[..., Photo]
BOX = {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.15}


def turn(photo: Photo, way: str) -> Activity:
    activity = bulk.make(photo.owner, Photo.objects.filter(pk=photo.pk), edits.turn(way), photo.owner)
    photo.refresh_from_db()
    return activity


def box_in(photo: Photo) -> list[float]:
    found = DetectedObject.objects.get(photo=photo)
    return [found.x, found.y, found.width, found.height]


@pytest.mark.parametrize("step", range(2, 9))
def test_boxes_move_as_the_corners_of_what_they_frame(make_photo: MakePhoto, step: int) -> None:
    photo = make_photo()
    DetectedObject.objects.create(photo=photo, label="dog", score=0.9, model="x", **BOX)
    turning.turn_objects([photo.pk], step)
    ends = [orientations.moved(step, BOX["x"] + right, BOX["y"] + down) for right, down in ((0, 0), (0.3, 0.15))]
    left, top = (min(end[axis] for end in ends) for axis in (0, 1))
    width, height = (abs(ends[0][axis] - ends[1][axis]) for axis in (0, 1))
    assert box_in(photo) == pytest.approx([left, top, width, height])


@pytest.mark.parametrize("way", turning.WAYS)
def test_undo_brings_everything_back(make_photo: MakePhoto, owner: User, way: str) -> None:
    photo = make_photo(width=400, height=300)
    DetectedObject.objects.create(photo=photo, label="dog", score=0.9, model="x", **BOX)
    activity = turn(photo, way)
    assert (photo.turn, photo.width) == (turning.WAYS[way], 300 if way in ("left", "right") else 400)
    undoing.undo(activity, owner)
    photo.refresh_from_db()
    assert (photo.turn, photo.width, photo.height, photo.edits.count()) == (1, 400, 300, 0)
    assert box_in(photo) == pytest.approx(list(BOX.values()))


def test_four_quarters_are_a_whole_turn(make_photo: MakePhoto) -> None:
    photo = make_photo()
    DetectedObject.objects.create(photo=photo, label="dog", score=0.9, model="x", **BOX)
    for _ in range(4):
        turn(photo, "right")
    assert (photo.turn, photo.width, photo.height) == (1, 400, 300)
    assert box_in(photo) == pytest.approx(list(BOX.values()))


def test_turns_add_up_and_reset_goes_back_to_the_file(make_photo: MakePhoto, owner: User) -> None:
    photo = make_photo(turn=6)  # as a sidecar says
    turn(photo, "mirror")
    turn(photo, "left")
    assert photo.turn == orientations.together(orientations.together(6, turning.MIRROR), turning.LEFT)
    with pytest.raises(edits.InvalidEdit, match="which way"):
        edits.turn("inside out")


def test_the_turn_of_a_video_is_a_part_of_its_edit(make_photo: MakePhoto) -> None:
    video = make_photo(name="a.mp4", media_type="video/mp4", kind="video")
    turn(video, "left")
    assert (video.turn, video.width) == (1, 400)  # models go on to look at its upright poster
    assert video.picture_edit == {"version": 1, "operations": [{"op": "turn", "by": turning.LEFT}]}


def test_thumbnails_are_made_again_and_what_looks_at_them_starts_over(
    make_photo: MakePhoto, django_capture_on_commit_callbacks: Callable
) -> None:
    photo = make_photo()
    for stage, status in (("thumbnails", "done"), ("objects", "running"), ("text", "done")):
        StageRun.objects.create(photo=photo, stage=stage, status=status)
    with django_capture_on_commit_callbacks(execute=True):
        turn(photo, "left")
    assert dict(StageRun.objects.filter(photo=photo).values_list("stage", "status")) == {
        "thumbnails": "waiting", "objects": "waiting", "text": "done",
    }  # fmt: skip


def test_until_then_a_turned_copy_of_the_thumbnail_is_shown(make_photo: MakePhoto) -> None:
    photo = make_photo()
    before = paths.pictures_folder(photo) / "small.webp"
    before.parent.mkdir(parents=True)
    picture = Image.new("RGB", (40, 30), "navy")
    picture.paste("gold", (0, 0, 40, 8))
    picture.save(before, "WEBP", lossless=True)
    turn(photo, "right")
    with Image.open(paths.picture_file(photo, "small")) as turned:
        assert turned.size == (30, 40)
        red, _, blue = turned.convert("RGB").getpixel((27, 20))  # type: ignore[misc]
    assert red > 200
    assert blue < 90
    turn(photo, "left")
    assert paths.picture_file(photo, "small") == before


def test_a_stage_that_began_before_the_turn_makes_the_pictures_of_after(
    make_picture: Callable[..., Path], owner: User
) -> None:
    folders.import_folder(owner, make_picture(size=(64, 48)))
    photo, begun = Photo.objects.get(), Photo.objects.get()
    turn(photo, "right")
    rendering.render_one(begun)
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (48, 64)
    with Image.open(paths.derived_folder(photo.sha256) / "turned-6" / "large.webp") as picture:
        assert picture.size == (48, 64)
