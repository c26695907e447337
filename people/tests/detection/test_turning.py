"""Faces in pictures that their owner turns."""

from collections.abc import Callable

import pytest

from people.detection.turning import turn_faces, turned_landmarks
from people.models import Face
from photos.models import Photo, StageRun

MARKS = [[0.3, 0.4], [0.5, 0.4], [0.4, 0.5], [0.32, 0.6], [0.48, 0.6]]  # eyes, nose, mouth


def test_box_and_landmarks_move_and_the_name_stays(make_face: Callable[..., Face], make_person: Callable) -> None:
    face = make_face(x=0.2, y=0.3, width=0.4, height=0.4, landmarks=MARKS)
    anna = make_person("Anna", [face])
    turn_faces([face.photo_id], 6)
    face.refresh_from_db()
    assert face.person == anna
    assert (face.x, face.y, face.width, face.height) == pytest.approx((0.3, 0.2, 0.4, 0.4))
    assert face.landmarks[0] == pytest.approx([0.6, 0.3])


def test_in_a_mirrored_picture_left_and_right_change_places() -> None:
    eyes = turned_landmarks(MARKS, 2)[:2]
    assert eyes[0] == pytest.approx([0.5, 0.4])
    assert eyes[1] == pytest.approx([0.7, 0.4])
    assert turned_landmarks(turned_landmarks(MARKS, 2), 2) == [pytest.approx(mark) for mark in MARKS]


def test_a_picture_without_faces_is_looked_at_again(make_photo: Callable[..., Photo], make_face: Callable) -> None:
    empty, face = make_photo(), make_face()
    for photo in (empty, face.photo):
        StageRun.objects.create(photo=photo, stage="faces", status="done")
    turn_faces([empty.pk, face.photo_id], 8)
    assert dict(StageRun.objects.values_list("photo_id", "status")) == {empty.pk: "waiting", face.photo_id: "done"}
