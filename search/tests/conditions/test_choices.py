"""What each value of is:, has:, taken: and type: finds, and what it does not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from albums.models import Album, AlbumItem
from duplicates.models import DuplicateGroup, DuplicateMember
from people.models import Face, Person
from photos.gallery import kinds
from photos.models import Comment, DetectedObject, Photo, PhotoEdit, PhotoText, RawMetadata, Stack
from search.compile import select
from search.conditions import choices
from search.keys import TABLE
from tags.models import PhotoTag, Tag

BOX = {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1}
MONDAY = datetime(2024, 5, 13)


@pytest.fixture
def finds(owner: User) -> Callable[[str], set[str]]:
    return lambda query: {photo.original_name for photo in select(Photo.objects.all(), owner, query)}


def face(photo: Photo, name: str | None, **more: Any) -> None:
    person = None if name is None else Person.objects.create(owner=photo.owner, name=name)
    Face.objects.create(photo=photo, person=person, assignment="confirmed" if person else "none", **BOX, **more)


def member(photo: Photo, status: str) -> None:
    group = DuplicateGroup.objects.create(owner=photo.owner, tier="same", status=status)
    DuplicateMember.objects.create(group=group, photo=photo, similarity=1)


def tagged(photo: Photo, rejected: bool) -> None:
    tag = Tag.objects.create(owner=photo.owner, name="sea", path="sea")
    PhotoTag.objects.create(photo=photo, tag=tag, rejected=rejected)


def item(photo: Photo) -> None:
    AlbumItem.objects.create(album=Album.objects.create(owner=photo.owner, name="A"), photo=photo, position=1)


# What a photo must have to be found: columns, or a function that gives it more.
HAVING: dict[str, dict[str, Any] | Callable[[Photo], Any]] = {
    "is:favourite": {"favourite": True},
    "is:archived": {"archived": True},
    "is:panorama": {"panorama": True},
    "is:animated": {"animated": True},
    "is:doubtful": {"taken_doubtful": True},
    "is:trashed": {"trashed_at": "2024-05-13T00:00Z"},
    "is:unnamed": lambda photo: face(photo, None),
    "is:duplicate": lambda photo: member(photo, "open"),
    "is:live": {"live_id": "A1"},
    "is:stacked": lambda photo: Photo.objects.update(stack=Stack.objects.create(owner=photo.owner)),
    "is:edited": lambda photo: PhotoEdit.objects.create(photo=photo, field="title", value="", by=photo.owner),
    "has:gps": {"latitude": 0.0, "longitude": 0.0},
    "has:title": {"title": "A"},
    "has:description": {"description": "A"},
    "has:rating": {"rating": 0},
    "has:faces": lambda photo: face(photo, None),
    "has:people": lambda photo: face(photo, "Anna"),
    "has:comments": lambda photo: Comment.objects.create(photo=photo, author=photo.owner, text="A"),
    "has:text": lambda photo: PhotoText.objects.create(photo=photo, text="A", model="test"),
    "has:objects": lambda photo: DetectedObject.objects.create(photo=photo, label="dog", score=1, model="test", **BOX),
    "has:tags": lambda photo: tagged(photo, rejected=False),
    "has:albums": item,
    "type:video": {"kind": "video", "media_type": "video/mp4"},
    "type:raw": {"media_type": "image/x-sony-arw"},
    "type:png": {"media_type": "image/png"},
    "type:heic": {"media_type": "image/heif"},
    "type:webp": {"media_type": "image/webp"},
    "type:gif": {"media_type": "image/gif"},
    "type:avif": {"media_type": "image/avif"},
    "type:jxl": {"media_type": "image/jxl"},
    "type:tiff": {"media_type": "image/tiff"},
    "type:mp4": {"media_type": "video/mp4"},
    "type:mov": {"media_type": "video/quicktime"},
}
BY_LOOKS = {f"is:{name}" for name in kinds.NAMES}  # photos/tests/gallery/test_kinds.py
OTHER_WAY_ROUND = {"is:untagged", "type:photo", "type:jpeg"}  # which a plain photo is


@pytest.mark.parametrize("query", HAVING)
def test_a_photo_is_found_by_what_it_has_and_a_plain_one_is_not(
    query: str, finds: Callable[[str], set[str]], make_photo: Callable[..., Photo]
) -> None:
    having = HAVING[query]
    photo = make_photo(name="it.jpg", **(having if isinstance(having, dict) else {}))
    if not isinstance(having, dict):
        having(photo)
    make_photo(name="plain.jpg")
    assert finds(query) == {"it.jpg"}
    assert finds(f"-{query}") == {"plain.jpg"}


def test_each_choice_is_tried() -> None:
    every = {f"{key.name}:{name}" for key in TABLE for name, choice in key.choices.items() if choice.condition}
    assert {query for query in every if not query.startswith("taken:")} == HAVING.keys() | OTHER_WAY_ROUND | BY_LOOKS


@pytest.mark.parametrize(
    ("query", "give"),
    [
        ("is:unnamed", lambda photo: face(photo, "Anna")),
        ("is:edited", lambda photo: PhotoEdit.objects.create(photo=photo, field="picture_edit", value=None)),
        ("is:unnamed", lambda photo: face(photo, None, not_a_face=True)),
        ("has:faces", lambda photo: face(photo, None, not_a_face=True)),
        ("has:people", lambda photo: face(photo, "")),
        ("is:duplicate", lambda photo: member(photo, "resolved")),
        ("has:tags", lambda photo: tagged(photo, rejected=True)),
        ("-is:untagged", lambda photo: tagged(photo, rejected=True)),
    ],
)
def test_rows_that_do_not_count(
    query: str, give: Callable[[Photo], None], finds: Callable[[str], set[str]], make_photo: Callable[..., Photo]
) -> None:
    give(make_photo())
    assert finds(query) == set()


def test_a_plain_photo(finds: Callable[[str], set[str]], make_photo: Callable[..., Photo]) -> None:
    make_photo(name="a.jpg", media_type="image/jpeg")
    for query in ("is:untagged", "type:photo", "type:jpeg", "type:jpg,video"):
        assert finds(query) == {"a.jpg"}, query


def test_somebody_without_a_name_is_unnamed(finds: Callable[[str], set[str]], make_photo: Callable[..., Photo]) -> None:
    face(make_photo(name="a.jpg"), "")
    assert finds("is:unnamed") == finds("has:faces") == {"a.jpg"}


def test_a_photo_with_a_video_inside_is_live(
    finds: Callable[[str], set[str]], make_photo: Callable[..., Photo]
) -> None:
    RawMetadata.objects.create(photo=make_photo(name="a.jpg"), fields={"motion_video": {"offset": 1}})
    RawMetadata.objects.create(photo=make_photo(name="b.jpg"), fields={"title": "B"})
    RawMetadata.objects.create(photo=make_photo(name="c.jpg"), fields={"motion_video": None})  # as it is written
    assert finds("is:live") == {"a.jpg"}
    assert finds("-is:live") == {"b.jpg", "c.jpg"}


@pytest.mark.parametrize(
    ("hour", "minute", "part"),
    [
        *((5, 0, "morning"), (11, 59, "morning"), (12, 0, "afternoon"), (16, 59, "afternoon"), (17, 0, "evening")),
        *((21, 59, "evening"), (22, 0, "night"), (0, 0, "night"), (4, 59, "night")),
    ],
)
def test_parts_of_the_day(
    hour: int, minute: int, part: str, finds: Callable[[str], set[str]], make_photo: Callable[..., Photo]
) -> None:
    make_photo(name="a.jpg", taken=MONDAY.replace(hour=hour, minute=minute))
    parts = ("morning", "afternoon", "evening", "night")
    assert [name for name in parts if finds(f"taken:{name}")] == [part]


@pytest.mark.parametrize("number", range(7))
def test_days_of_the_week(number: int, finds: Callable[[str], set[str]], make_photo: Callable[..., Photo]) -> None:
    taken = MONDAY.replace(day=MONDAY.day + number, hour=23, minute=59)
    make_photo(name="a.jpg", taken=taken)
    found = [name for name in choices.WEEKDAYS.values() if finds(f"taken:{name}")]
    assert found == [f"{taken:%A}".lower()]
    assert bool(finds("taken:weekend")) == (number >= 5)
