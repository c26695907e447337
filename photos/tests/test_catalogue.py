"""The door out: everything of a photo as plain data."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from albums.models import Album, AlbumItem
from duplicates.models import DuplicateGroup, DuplicateMember
from people.models import Face, Person
from photos import catalogue
from photos.editing import picture_edits
from photos.editing.virtual_copies import make_copy
from photos.models import DetectedObject, Photo, PhotoFile, PhotoText, Stack, StageRun
from photos.tests.editing.test_picture_edits import CROP, given
from tags.models import PhotoTag, Tag

Maker = Callable[..., Photo]
NOW = datetime(2024, 5, 1, tzinfo=UTC)


def exported(photo: Photo) -> dict[str, Any]:
    (row,) = catalogue.export(Photo.objects.filter(pk=photo.pk))
    return row


def test_every_key_is_there_though_nothing_is_known(make_photo: Maker, library: Path) -> None:
    photo = make_photo(name="a.jpg", width=None, height=None)
    assert exported(photo) == {
        "id": photo.key,
        "path": str(library / "originals" / photo.path),
        "original_name": "a.jpg",
        "folder": "",
        "sha256": photo.sha256,
        "media_type": "image/jpeg",
        "width": None,
        "height": None,
        "duration": None,
        "taken_at": "2024-05-01T12:01:00+00:00",
        "taken_local": "2024-05-01T12:01:00+00:00",
        "taken_precision": "time",
        "taken_doubtful": False,
        "taken_offset": 0,
        "taken_source": "exif",
        "latitude": None,
        "longitude": None,
        "place": "",
        **dict.fromkeys(("camera_make", "camera_model", "lens", "title", "description"), ""),
        **dict.fromkeys(("iso", "aperture", "exposure", "focal_length", "orientation", "rating", "stack")),
        **dict.fromkeys(("favourite", "archived", "trashed"), False),
        "turn": 1,
        "picture_edit": None,
        "copy_number": 0,
        **{name: [] for name in ("tags", "learnt_tags", "objects", "albums", "people", "duplicates", "copies")},
        "text": [],
        "errors": [],
    }


def test_known_values_are_exported_as_json(make_photo: Maker) -> None:
    photo = make_photo(
        latitude=38.7, longitude=-9.1, place="Lisbon", region="", country="Portugal", camera_model="X100", iso=200,
        aperture=2.8, rating=4, favourite=True, trashed_at=NOW, title="Ponte", in_place=True, path="/mnt/a.jpg",
    )  # fmt: skip
    row = exported(photo)
    assert row["place"] == "Lisbon, Portugal"
    assert (row["path"], row["trashed"], row["favourite"], row["rating"]) == ("/mnt/a.jpg", True, True, 4)
    assert json.loads(json.dumps(row)) == row


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(540, "2019-05-04T18:30:00+09:00"), (-210, "2019-05-04T18:30:00-03:30"), (None, "2019-05-04T18:30:00")],
)
def test_the_wall_clock_with_its_offset_where_that_is_known(
    make_photo: Maker, offset: int | None, expected: str
) -> None:
    photo = make_photo()
    photo.set_taken(datetime(2019, 5, 4, 18, 30), offset, "exif")
    assert catalogue.wall_clock(photo) == expected


def test_tags_of_the_owner_and_tags_that_were_learnt(owner: User, make_photo: Maker) -> None:
    photo = make_photo()
    for path, fields in {
        "sea": {},
        "animals/dog": {"source": "file"},
        "beach": {"source": "learnt", "confidence": 0.8},
        "wrong": {"rejected": True},
        "no beach": {"source": "learnt", "rejected": True},
    }.items():
        tag = Tag.objects.create(owner=owner, name=path, path=path)
        PhotoTag.objects.create(photo=photo, tag=tag, **fields)
    row = exported(photo)
    assert row["tags"] == ["animals/dog", "sea"]
    assert row["learnt_tags"] == [{"path": "beach", "confidence": 0.8}]


def test_things_that_were_seen_unless_refused(make_photo: Maker) -> None:
    photo = make_photo()
    box = {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}
    for label, state in (("dog", "accepted"), ("cat", "proposed"), ("cow", "rejected")):
        DetectedObject.objects.create(photo=photo, label=label, score=0.5, state=state, model="m", **box)
    objects = exported(photo)["objects"]
    assert [(thing["label"], thing["accepted"]) for thing in objects] == [("dog", True), ("cat", False)]
    assert objects[0]["box"] == [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize(("rejected", "lines"), [(False, [{"text": "Hotel"}]), (True, [])])
def test_words_in_the_picture_unless_refused(make_photo: Maker, rejected: bool, lines: list[dict[str, str]]) -> None:
    photo = make_photo()
    PhotoText.objects.create(photo=photo, text="Hotel", lines=[{"text": "Hotel"}], rejected=rejected, model="m")
    assert exported(photo)["text"] == lines


def test_albums_that_were_not_deleted(owner: User, make_photo: Maker) -> None:
    photo = make_photo()
    for name, deleted in (("Norway", None), ("Alps", None), ("Gone", NOW)):
        album = Album.objects.create(owner=owner, name=name, deleted_at=deleted)
        AlbumItem.objects.create(album=album, photo=photo, position=1)
    assert exported(photo)["albums"] == ["Alps", "Norway"]


def test_faces_with_and_without_a_name(owner: User, make_photo: Maker) -> None:
    photo = make_photo()
    anna = Person.objects.create(owner=owner, name="Anna")
    box = {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4, "score": 0.9}
    Face.objects.create(photo=photo, person=anna, assignment="confirmed", **box)
    Face.objects.create(photo=photo, **box)
    Face.objects.create(photo=photo, not_a_face=True, **box)
    named, unnamed = exported(photo)["people"]
    assert (named["person_id"], named["name"], named["confirmed"]) == (anna.key, "Anna", True)
    assert (unnamed["person_id"], unnamed["name"], unnamed["confirmed"]) == (None, "", False)
    assert named["box"] == [0.1, 0.2, 0.3, 0.4]


def test_duplicates_unless_all_are_kept(owner: User, make_photo: Maker) -> None:
    photo = make_photo()
    groups = [DuplicateGroup.objects.create(owner=owner, tier="same", status=status) for status in ("open", "kept")]
    for group in groups:
        DuplicateMember.objects.create(group=group, photo=photo, role="best", similarity=1)
    assert exported(photo)["duplicates"] == [{"group": groups[0].key, "kind": "same", "role": "best"}]


def test_further_copies_of_the_same_bytes(make_photo: Maker, library: Path) -> None:
    photo = make_photo()
    fields = {"sha256": photo.sha256, "size": 1}
    PhotoFile.objects.create(photo=photo, kind="copy", path="anna/b.jpg", **fields)
    PhotoFile.objects.create(photo=photo, kind="copy", path="/mnt/a.jpg", in_place=True, **fields)
    PhotoFile.objects.create(photo=photo, kind="sidecar", path="anna/a.xmp", **fields)
    assert exported(photo)["copies"] == ["/mnt/a.jpg", str(library / "originals/anna/b.jpg")]


def test_a_stack_and_whether_it_is_its_cover(owner: User, make_photo: Maker) -> None:
    stack = Stack.objects.create(owner=owner, kind="burst")
    cover, other = make_photo(stack=stack), make_photo(stack=stack)
    stack.cover = cover
    stack.save()
    told = [exported(photo)["stack"] for photo in (cover, other)]
    assert told == [{"id": stack.pk, "kind": "burst", "cover": True}, {"id": stack.pk, "kind": "burst", "cover": False}]


def test_stages_that_gave_up(make_photo: Maker) -> None:
    photo = make_photo()
    StageRun.objects.create(photo=photo, stage="thumbnails", status="failed", error="It is damaged.")
    StageRun.objects.create(photo=photo, stage="metadata", status="waiting", error="Tried once.")
    assert exported(photo)["errors"] == [{"stage": "thumbnails", "message": "It is damaged."}]


def test_many_are_read_with_as_many_queries_as_few(make_photo: Maker, django_assert_max_num_queries: Any) -> None:
    for _ in range(20):
        make_photo()
    with django_assert_max_num_queries(16):
        assert len(list(catalogue.export(Photo.objects.all()))) == 20


def test_batches_come_in_the_order_in_which_they_were_added(make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "BATCH", 2)
    photos = [make_photo(taken=datetime(2024 - number, 1, 1)) for number in range(5)]
    assert [row["id"] for row in catalogue.export(Photo.objects.all())] == [photo.key for photo in photos]


def test_copies_stand_beside_their_photo_with_its_file(make_photo: Maker, owner: User) -> None:
    photo = make_photo(name="a.jpg")
    copy = make_copy(photo, owner, picture_edits.set_picture(photo, given(CROP)))
    rows = list(catalogue.export(Photo.objects.all()))
    assert [row["id"] for row in rows] == [photo.key, copy.key]
    assert [row["copy_number"] for row in rows] == [0, 1]
    assert rows[0]["path"] == rows[1]["path"]
    assert [row["picture_edit"] for row in rows] == [None, given(CROP)]
    assert rows[0]["stack"] == {**rows[1]["stack"], "cover": True}
