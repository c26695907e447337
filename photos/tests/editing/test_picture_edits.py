"""Editing pictures: checked, undone, copied, and never at the expense of the original."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts import undoing
from accounts.models import Activity, User
from photos.editing import bulk, edits, picture_edits
from photos.models import Photo, PhotoEdit, RawMetadata

MakePhoto = Callable[..., Photo]
CROP = {"op": "crop", "x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5}
LIGHT = {"op": "exposure", "amount": 0.3}


def given(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "operations": list(operations)}


def edit(photo: Photo, *operations: dict[str, Any]) -> Activity:
    change = picture_edits.set_picture(photo, given(*operations))
    activity = bulk.make(photo.owner, Photo.objects.filter(pk=photo.pk), change, photo.owner)
    photo.refresh_from_db()
    return activity


def test_an_edit_is_kept_and_undone(make_photo: MakePhoto, owner: User) -> None:
    photo = make_photo()
    first = edit(photo, CROP)
    second = edit(photo, CROP, LIGHT)
    assert photo.picture_edit == given(CROP, LIGHT)
    assert (first.verb, second.detail["changed"]) == ("edited picture", 1)
    undoing.undo(second, owner)
    photo.refresh_from_db()
    assert photo.picture_edit == given(CROP)
    undoing.undo(first, owner)
    photo.refresh_from_db()
    assert (photo.picture_edit, photo.edits.count()) == (None, 0)


def test_the_turn_of_an_edit_is_the_photos(make_photo: MakePhoto) -> None:
    photo = make_photo(width=400, height=300)
    edit(photo, {"op": "turn", "by": 6}, LIGHT)
    assert (photo.turn, photo.width, photo.picture_edit) == (6, 300, given(LIGHT))
    edit(photo, LIGHT)
    assert (photo.turn, photo.width) == (1, 400)


def test_back_to_the_original(make_photo: MakePhoto) -> None:
    photo = make_photo()
    RawMetadata.objects.create(photo=photo, fields={"turn": 1})
    edit(photo, {"op": "turn", "by": 6}, LIGHT)
    Photo.objects.update(rendition="abc", shown_width=10, shown_height=20)
    change = edits.reset(["picture_edit", "turn"])
    bulk.make(photo.owner, Photo.objects.all(), change, photo.owner)
    photo.refresh_from_db()
    assert (photo.picture_edit, photo.turn, photo.rendition, photo.shown_size) == (None, 1, "", (400, 300))
    assert not PhotoEdit.objects.exists()


@pytest.mark.parametrize(
    ("operations", "reason"),
    [
        ([{"op": "sparkle"}], "does not know the operation sparkle"),
        ([{"op": "straighten", "degrees": 20}, {**CROP, "x": 0, "y": 0}], "beyond the straightened picture"),
    ],
)
def test_what_does_not_fit_is_refused(make_photo: MakePhoto, operations: list[Any], reason: str) -> None:
    with pytest.raises(edits.InvalidEdit, match=reason):
        picture_edits.set_picture(make_photo(), given(*operations))


def test_a_photo_without_a_size_cannot_be_edited_yet(make_photo: MakePhoto) -> None:
    with pytest.raises(edits.InvalidEdit, match="no size yet"):
        picture_edits.set_picture(make_photo(width=None, height=None), given(LIGHT))


def test_light_is_copied_and_the_own_crop_stays(make_photo: MakePhoto, owner: User) -> None:
    source, other = make_photo(), make_photo(name="b.jpg")
    own = {"op": "crop", "x": 0, "y": 0, "width": 0.9, "height": 0.9}
    edit(source, CROP, LIGHT)
    edit(other, own)
    bulk.make(owner, Photo.objects.filter(pk=other.pk), picture_edits.copy_picture(source, light_only=True), owner)
    other.refresh_from_db()
    assert other.picture_edit == given(own, LIGHT)
    bulk.make(owner, Photo.objects.filter(pk=other.pk), picture_edits.copy_picture(source, light_only=False), owner)
    other.refresh_from_db()
    assert other.picture_edit == given(CROP, LIGHT)


def test_only_an_edit_can_be_copied(make_photo: MakePhoto) -> None:
    with pytest.raises(edits.InvalidEdit, match="no edit to copy"):
        picture_edits.copy_picture(make_photo(), light_only=True)


def test_photos_that_it_does_not_fit_stay_as_they_are(make_photo: MakePhoto, owner: User) -> None:
    source, video = make_photo(), make_photo(name="b.mp4", media_type="video/mp4", kind="video")
    edit(source, CROP)
    change = picture_edits.copy_picture(source, light_only=False)
    activity = bulk.make(owner, Photo.objects.filter(pk=video.pk), change, owner)
    video.refresh_from_db()
    assert (video.picture_edit, activity.detail["changed"]) == (None, 0)
    with pytest.raises(edits.InvalidEdit, match="A video can be trimmed"):
        picture_edits.set_picture(video, given(LIGHT))
