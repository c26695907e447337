"""Scans again, by the same model and by another: the same face keeps its row and what was decided about it."""

from collections.abc import Callable

import numpy as np
import pytest
from pytest_django import Settings

from accounts.models import User
from operations import tasks
from people import actions
from people.detection import scans, vectors
from people.models import Face, FaceScan
from people.tests.conftest import vector_of
from photos.models import Photo, StageRun
from vision.faces.faces import FoundFace


def found(x: float = 0.1, y: float = 0.1, identity: int = 1, side: float = 0.2, at: float | None = None) -> scans.Found:
    return FoundFace(x, y, side, side, [[x, y]] * 5, 0.9, 0.8, vector_of(identity)), at


@pytest.fixture
def photo(make_photo: Callable[..., Photo]) -> Photo:
    return make_photo()


def boxes(photo: Photo) -> list[float]:
    return sorted(round(x, 2) for x in photo.faces.values_list("x", flat=True))


def test_what_is_found_becomes_rows_and_a_second_scan_changes_nothing(photo: Photo) -> None:
    scans.record(photo, [found(0.1), found(0.5, identity=2)])
    before = list(photo.faces.order_by("pk").values())
    scans.record(photo, [found(0.1), found(0.5, identity=2)])
    assert list(photo.faces.order_by("pk").values()) == before
    assert boxes(photo) == [0.1, 0.5]


def test_undecided_faces_that_are_no_longer_found_are_deleted(photo: Photo) -> None:
    scans.record(photo, [found(0.1), found(0.5)])
    scans.record(photo, [found(0.11)])
    assert boxes(photo) == [0.11]


def test_decided_faces_stay_and_get_a_new_vector(owner: User, photo: Photo) -> None:
    scans.record(photo, [found(0.1), found(0.5), found(0.8)])
    first, second, _ = photo.faces.order_by("x")
    actions.name_faces([first], "Anna", owner)
    actions.mark_not_a_face([second], owner)
    actions.draw(photo, (0.3, 0.6, 0.2, 0.2), owner)
    kept = sorted(box for box, _ in scans.undetected(photo, [found(0.8)]))
    assert kept == [first.box, pytest.approx((0.3, 0.6, 0.2, 0.2)), second.box]
    scans.record(photo, [found(0.8)], [found(0.3, 0.6, identity=5)])
    assert boxes(photo) == [0.1, 0.3, 0.5, 0.8]
    first.refresh_from_db()
    assert (first.person.name, first.assignment) == ("Anna", "confirmed")
    drawn = photo.faces.get(source="drawn")
    assert vectors.from_bytes([bytes(drawn.vector)])[0] == pytest.approx(vector_of(5), abs=1e-3)


def test_a_drawn_box_is_not_moved_by_what_is_found_there(owner: User, photo: Photo) -> None:
    actions.draw(photo, (0.1, 0.1, 0.2, 0.2), owner)
    scans.record(photo, [found(0.12)])
    face = photo.faces.get()
    assert (face.x, face.source, bool(face.vector)) == (0.1, "drawn", True)


def test_what_is_not_a_face_is_not_found_again(owner: User, photo: Photo) -> None:
    scans.record(photo, [found()])
    actions.mark_not_a_face([photo.faces.get()], owner)
    scans.record(photo, [found(0.11)])
    assert photo.faces.get().not_a_face


def test_faces_of_a_video_are_matched_by_box_and_instant(photo: Photo) -> None:
    scans.record(photo, [found(at=1.0), found(at=5.0, identity=2)])
    ids = set(photo.faces.values_list("pk", flat=True))
    scans.record(photo, [found(at=5.1, identity=2), found(at=1.0), found(at=9.0, identity=3)])
    assert ids < set(photo.faces.values_list("pk", flat=True))
    assert photo.faces.count() == 3


# --- another model ----------------------------------------------------------------------------------------------------


def test_a_new_model_is_applied_when_it_has_seen_all_photos_and_names_stay(
    owner: User, make_photo: Callable[..., Photo], settings: Settings
) -> None:
    photos = [make_photo() for _ in range(3)]
    for photo in photos:
        StageRun.objects.create(photo=photo, stage="faces", status="done", version=1)
        scans.record(photo, [found(0.1)])
    actions.name_faces([photos[0].faces.get()], "Anna", owner)
    old = scans.current_model(owner.pk)

    settings.MIRAGE_FACE_MODEL = "ArcFace"
    StageRun.objects.update(status="done")
    scans.record(photos[0], [found(0.12, identity=7)])
    assert scans.current_model(owner.pk) == old
    assert set(Face.objects.values_list("model", flat=True)) == {old}
    waiting = StageRun.objects.filter(stage="faces", status="waiting")
    assert set(waiting.values_list("photo", flat=True)) == {photos[1].pk, photos[2].pk}
    scans.record(photos[1], [found(0.12, identity=7)])
    StageRun.objects.filter(photo=photos[2]).update(status="failed")  # it can no longer be read
    assert scans.switch_over(owner.pk)

    assert scans.current_model(owner.pk) == vectors.model_name() != old
    face = photos[0].faces.get()
    assert (face.person.name, face.assignment, face.model) == ("Anna", "confirmed", vectors.model_name())
    assert vectors.from_bytes([bytes(face.vector)])[0] == pytest.approx(vector_of(7), abs=1e-3)
    assert photos[2].faces.get().model == old
    assert not FaceScan.objects.filter(pending__isnull=False).exists()


def test_a_new_model_looks_again_by_itself(photo: Photo, settings: Settings) -> None:
    StageRun.objects.create(photo=photo, stage="faces", status="done", version=1)
    scans.record(photo, [found()])
    assert scans.rescan_all() == 0
    settings.MIRAGE_FACE_MODEL = "ArcFace"
    tasks.complete_stages()
    assert StageRun.objects.get(stage="faces").status == "waiting"


def test_owners_change_to_a_new_model_independently(
    owner: User, stranger: User, make_photo: Callable[..., Photo], settings: Settings
) -> None:
    mine, theirs = make_photo(), make_photo(owner=stranger)
    scans.record(mine, [found()])
    scans.record(theirs, [found()])
    settings.MIRAGE_FACE_MODEL = "ArcFace"
    scans.record(mine, [found()])
    assert scans.current_model(owner.pk) == vectors.model_name() != scans.current_model(stranger.pk)


def test_vectors_from_rows_are_normalised() -> None:
    rows = [vectors.to_bytes(vector_of(identity)) for identity in range(3)]
    assert np.linalg.norm(vectors.from_bytes(rows), axis=1) == pytest.approx(1)
    assert vectors.from_bytes([]).shape[0] == 0
