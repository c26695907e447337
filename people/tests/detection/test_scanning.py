"""The stages of faces, without the models: pictures in, rows out, and refusals in words."""

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import pytest

from accounts.models import User
from media.sandbox import UnreadableFile
from people import actions
from people.detection import scanning
from people.models import Face, FaceScan
from people.tests.conftest import MakeFace, vector_of
from photos.models import Photo, StageRun
from photos.storage import paths
from vision.faces.faces import FoundFace


def face_at(x: float, identity: int = 1, quality: float = 0.8, y: float = 0.1) -> FoundFace:
    return FoundFace(x, y, 0.2, 0.2, [[x, y]] * 5, 0.9, quality, vector_of(identity))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the detector is to find, and what it was asked."""
    state: dict[str, Any] = {"found": [face_at(0.1)], "asked": [], "boxes": []}

    def find_faces(image: Any, width: Any = None, closeups: Any = None) -> Sequence[FoundFace]:
        state["asked"].append((image.shape, width, closeups))
        return state["found"]

    def describe_box(image: Any, *box: float) -> FoundFace:
        state["boxes"].append((int(image[0, 0, 0]), box))
        return face_at(box[0], identity=9, y=box[1])

    monkeypatch.setattr(scanning.faces, "find_faces", find_faces)
    monkeypatch.setattr(scanning.faces, "describe_box", describe_box)
    return state


@pytest.fixture
def photo(make_photo: Callable[..., Photo]) -> Photo:
    photo = make_photo(width=4000, height=3000)
    draw(photo)
    return photo


def draw(photo: Photo) -> None:
    """The picture that Mirage made of it."""
    folder = paths.pictures_folder(photo)
    folder.mkdir(parents=True)
    cv2.imwrite(str(folder / "large.webp"), np.full((120, 160, 3), 77, np.uint8))


def test_faces_become_rows_and_the_photo_is_scanned(photo: Photo, seen: dict[str, Any]) -> None:
    assert scanning.find_faces([photo.pk]) == {}
    assert photo.faces.get().x == 0.1
    assert FaceScan.objects.get().photo == photo
    ((shape, width, _),) = seen["asked"]
    assert (shape, width) == ((120, 160, 3), 4000)


def test_a_photo_without_faces_is_scanned_too(photo: Photo, seen: dict[str, Any]) -> None:
    seen["found"] = []
    scanning.find_faces([photo.pk])
    assert FaceScan.objects.filter(photo=photo).exists()
    assert not Face.objects.exists()


def test_a_picture_that_cannot_be_read_is_refused_in_words(photo: Photo, seen: dict[str, Any]) -> None:
    paths.picture_file(photo, "large").write_bytes(b"no picture")
    assert scanning.find_faces([photo.pk]) == {photo.pk: scanning.NO_PICTURE}
    paths.picture_file(photo, "large").unlink()
    assert scanning.find_faces([photo.pk]) == {photo.pk: scanning.NO_PICTURE}
    assert not FaceScan.objects.exists()


def test_a_deleted_photo_is_skipped(db: None, seen: dict[str, Any]) -> None:
    assert scanning.find_faces([123]) == {}
    assert seen["asked"] == []


def test_drawn_faces_get_a_vector_at_their_place(owner: User, photo: Photo, seen: dict[str, Any]) -> None:
    actions.draw(photo, (0.6, 0.5, 0.2, 0.2), owner)
    scanning.find_faces([photo.pk])
    assert [box for _, box in seen["boxes"]] == [pytest.approx((0.6, 0.5, 0.2, 0.2))]
    drawn = photo.faces.get(source="drawn")
    assert (drawn.x, bool(drawn.vector)) == (0.6, True)
    assert photo.faces.count() == 2


@pytest.mark.parametrize("grouped", [True, False])
def test_a_photo_that_was_grouped_before_is_grouped_again(photo: Photo, seen: dict[str, Any], grouped: bool) -> None:
    if grouped:
        StageRun.objects.create(photo=photo, stage="clusters", status="done", version=1)
    scanning.find_faces([photo.pk])
    assert StageRun.objects.filter(stage="clusters", status="waiting").exists() is grouped


def test_what_is_seen_of_a_video(make_photo: Callable[..., Photo], seen: dict[str, Any], owner: User) -> None:
    """Each frame is looked at; a face that was drawn is described in the frame nearest to its instant."""
    video = make_photo(kind="video", duration=4.0)
    shown = [(np.full((90, 160, 3), shade, np.uint8), seconds) for shade, seconds in ((10, 1.0), (20, 3.0))]
    kept: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "sampled", lambda photo: shown)
        patch.setattr(scanning.stills, "keep", lambda photo, seconds, frame: kept.append(seconds))
        Face.objects.create(photo=video, source="drawn", x=0.7, y=0.7, width=0.1, height=0.1, frame_seconds=2.9)
        assert scanning.find_faces([video.pk]) == {}
    assert len(seen["asked"]) == 2
    assert seen["boxes"] == [(20, (0.7, 0.7, 0.1, 0.1))]
    assert video.faces.filter(source="detected").count() == 1  # one person, seen twice
    assert set(kept) == {1.0, 3.0}


# --- small parts -----------------------------------------------------------------------------------------------------


def test_closeups_are_cut_from_the_original(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    photo.media_type, photo.turn = "image/heic", 6
    asked: list[Any] = []
    red = np.zeros((2, 3, 3), np.uint8)
    red[..., 0] = 200

    def call(function: str, photo: Photo, *args: Any) -> list[Any]:
        asked.append((function, *args))
        return [(4000, 10, 20, 3, 2, red.tobytes())]

    monkeypatch.setattr(scanning, "call", call)
    (closeup,) = scanning.closeups(photo, 1600, [(0.1, 0.1, 0.2, 0.2)])
    assert asked == [("vision.faces.originals:cut", "image/heic", [(0.1, 0.1, 0.2, 0.2)], 6)]
    assert closeup.image.shape == (2, 3, 3)
    assert closeup.image[0, 0].tolist() == [0, 0, 200]  # as OpenCV has it
    assert (closeup.scale, closeup.left, closeup.top) == (2.5, 10, 20)


@pytest.mark.parametrize("error", [UnreadableFile("It is damaged."), FileNotFoundError()])
def test_without_the_original_there_are_none(photo: Photo, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def call(*args: Any) -> None:
        raise error

    monkeypatch.setattr(scanning, "call", call)
    assert scanning.closeups(photo, 1600, [(0.1, 0.1, 0.2, 0.2)]) == []


def test_a_video_keeps_the_best_face_of_each_person_and_two_in_one_frame_are_two_people() -> None:
    found = [
        (face_at(0.1, 1, 0.5), 1.0),
        (face_at(0.1, 1, 0.9), 2.0),
        (face_at(0.5, 2, 0.7), 2.0),
        (face_at(0.6, 1, 0.8), 2.0),  # alike, but beside the other
    ]
    kept = scanning.best_of_each(found)
    assert [(face.quality, seconds) for face, seconds in kept] == [(0.9, 2.0), (0.8, 2.0), (0.7, 2.0)]
    assert scanning.best_of_each([]) == []


def test_similarity_is_the_cosine() -> None:
    assert scanning.similarity(face_at(0.1), face_at(0.5)) == pytest.approx(1)
    assert scanning.similarity(face_at(0.1, 1), face_at(0.1, 2)) < 0.8


def test_new_faces_are_grouped_owner_by_owner(
    owner: User, stranger: User, make_face: MakeFace, make_photo: Callable[..., Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(scanning.assignments, "group", lambda owner_id, photo_ids: asked.append((owner_id, photo_ids)))
    mine, theirs = make_face(), make_face(photo=make_photo(owner=stranger))
    without = make_photo()
    ids = [mine.photo_id, theirs.photo_id, without.pk]
    assert scanning.group_faces(ids) == {}
    assert sorted(asked) == [(owner.pk, ids), (stranger.pk, ids)]
    assert scanning.group_faces([without.pk]) == {}
    assert len(asked) == 2
