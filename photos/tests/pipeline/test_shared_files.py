"""What models find stands with one photo of a file: counted once, and never lost with that photo."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from people.models import Face, FaceScan, Person
from photos import pipeline
from photos.editing import bulk, edits
from photos.editing.virtual_copies import make_copy
from photos.models import DetectedObject, Embedding, Photo, PhotoText, StageRun
from photos.pipeline import shared_files
from photos.storage import deletion
from tags.models import PhotoTag, Tag
from vision.fingerprints import KIND, MODEL

MakePhoto = Callable[..., Photo]
BOX: dict[str, Any] = {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.15}


@pytest.fixture
def pair(make_photo: MakePhoto, owner: User) -> tuple[Photo, Photo]:
    """A photo in which something was found, and its copy."""
    photo = make_photo()
    Embedding.objects.create(photo=photo, kind=KIND, model=MODEL, vector=b"1")
    DetectedObject.objects.create(photo=photo, label="dog", score=0.9, model="x", **BOX)
    PhotoText.objects.create(photo=photo, text="stop", model="x")
    anna = Person.objects.create(owner=owner, name="Anna")
    Face.objects.create(photo=photo, person=anna, assignment="confirmed", **BOX)
    FaceScan.objects.create(photo=photo, model="x")
    for stage in ("metadata", "thumbnails", "fingerprint", "faces"):
        StageRun.objects.create(photo=photo, stage=stage, status="done", version=1)
    return photo, make_copy(photo, owner)


def found_with(photo: Photo) -> list[int]:
    models = (Embedding, DetectedObject, PhotoText, Face, FaceScan)
    runs = StageRun.objects.filter(photo=photo, stage__in=("fingerprint", "faces"))
    return [*(model.objects.filter(photo=photo).count() for model in models), runs.count()]  # type: ignore[attr-defined]


ALL, NOTHING = [1, 1, 1, 1, 1, 2], [0, 0, 0, 0, 0, 0]


def test_found_once(pair: tuple[Photo, Photo]) -> None:
    photo, copy = pair
    assert (found_with(photo), found_with(copy)) == (ALL, NOTHING)
    assert shared_files.looked_at(copy) == shared_files.looked_at(photo) == photo
    assert shared_files.first_of(copy) == photo


def test_it_moves_into_sight_when_the_photo_goes_into_the_trash_and_back(pair: tuple[Photo, Photo]) -> None:
    photo, copy = pair
    Photo.objects.filter(pk=photo.pk).trash()
    assert (found_with(photo), found_with(copy)) == (NOTHING, ALL)
    assert shared_files.looked_at(copy) == copy
    Photo.objects.filter(pk=copy.pk).trash()
    assert found_with(photo) == ALL
    Photo.objects.filter(pk__in=[photo.pk, copy.pk]).restore()
    assert (found_with(photo), found_with(copy)) == (ALL, NOTHING)


def test_it_outlives_the_photo(pair: tuple[Photo, Photo]) -> None:
    photo, copy = pair
    deletion.delete(Photo.objects.filter(pk=photo.pk))
    assert found_with(copy) == ALL
    assert Person.objects.get().faces.get().photo == copy


def test_a_run_that_is_going_on_is_done_again_for_the_other(pair: tuple[Photo, Photo]) -> None:
    photo, copy = pair
    StageRun.objects.filter(stage="faces").update(status="running", claim="abc", worker="w")
    Photo.objects.filter(pk=photo.pk).trash()
    run = StageRun.objects.get(stage="faces")
    assert (run.photo, run.status, run.claim) == (copy, "waiting", "")


def test_what_was_judged_is_judged_again_for_the_other(pair: tuple[Photo, Photo], owner: User) -> None:
    """Learned tags and duplicates stand with the photo they were found for."""
    photo, copy = pair
    tag = Tag.objects.create(owner=owner, name="dogs", path="dogs")
    PhotoTag.objects.create(photo=photo, tag=tag, source="learnt")
    for stage in ("learnt", "duplicates", "clusters"):
        StageRun.objects.create(photo=photo, stage=stage, status="done", version=1, attempts=3)
    Photo.objects.filter(pk=photo.pk).trash()
    statuses = dict(StageRun.objects.filter(photo=copy).values_list("stage", "status"))
    assert {statuses[stage] for stage in ("learnt", "duplicates", "clusters")} == {"waiting"}
    assert (statuses["fingerprint"], statuses["faces"]) == ("done", "done")
    assert set(StageRun.objects.filter(photo=copy, status="waiting").values_list("attempts", flat=True)) == {0}
    assert PhotoTag.objects.get().photo == photo


def test_boxes_turn_with_the_photo_they_move_to(pair: tuple[Photo, Photo], owner: User) -> None:
    photo, copy = pair
    bulk.make(owner, Photo.objects.filter(pk=copy.pk), edits.turn("right"), owner)
    assert DetectedObject.objects.get().box == pytest.approx((0.1, 0.2, 0.3, 0.15))  # the photo's own stay
    Photo.objects.filter(pk=photo.pk).trash()
    turned = pytest.approx((0.65, 0.1, 0.15, 0.3))
    assert DetectedObject.objects.get().box == Face.objects.get().box == turned
    Photo.objects.filter(pk=photo.pk).restore()
    assert Face.objects.get().box == pytest.approx((0.1, 0.2, 0.3, 0.15))


def test_a_face_that_was_decided_about_there_stays(pair: tuple[Photo, Photo]) -> None:
    photo, copy = pair
    drawn = Face.objects.create(photo=copy, source="drawn", x=0.5, y=0.5, width=0.1, height=0.1)
    Face.objects.create(photo=copy, x=0.7, y=0.5, width=0.1, height=0.1)
    Photo.objects.filter(pk=photo.pk).trash()
    assert Face.objects.filter(photo=copy).count() == 2
    assert Face.objects.filter(pk=drawn.pk).exists()


def test_models_look_at_one_of_them(pair: tuple[Photo, Photo], make_photo: MakePhoto) -> None:
    photo, copy = pair
    other = make_photo()
    assert set(Photo.objects.looked_at()) == {photo, other}
    StageRun.objects.filter(photo=other).delete()
    StageRun.objects.create(photo=other, stage="thumbnails", status="done", version=1)
    pipeline.add_missing(pipeline.STAGES["embedding"], Photo.objects.all())
    assert set(StageRun.objects.filter(stage="embedding").values_list("photo", flat=True)) == {photo.pk, other.pk}
    runs = StageRun.objects.filter(photo=copy, stage="thumbnails")
    runs.update(status="running", claim="c")
    pipeline.runs.finish(pipeline.STAGES["thumbnails"], list(runs))
    assert not StageRun.objects.filter(photo=copy, stage__in=("fingerprint", "faces", "embedding")).exists()


def test_a_photo_in_the_trash_is_not_looked_at_again_while_a_copy_is_here(pair: tuple[Photo, Photo]) -> None:
    photo, copy = pair
    Photo.objects.filter(pk=photo.pk).trash()
    assert set(Photo.objects.looked_at()) == {copy}
    assert pipeline.add_missing(pipeline.STAGES["faces"], Photo.objects.all()) == 0
    runs = StageRun.objects.filter(photo=photo, stage="thumbnails")
    runs.update(status="running", claim="c")
    pipeline.runs.finish(pipeline.STAGES["thumbnails"], list(runs))
    assert found_with(photo) == NOTHING
    assert not StageRun.objects.filter(photo=photo, stage__in=("embedding", "objects", "text")).exists()
    Photo.objects.filter(pk=copy.pk).trash()
    assert set(Photo.objects.looked_at()) == {photo}  # and not both


def test_without_copies_the_trash_asks_one_question_more(
    make_photo: MakePhoto, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(3):
        make_photo()
    with django_assert_num_queries(2):
        Photo.objects.all().trash()
