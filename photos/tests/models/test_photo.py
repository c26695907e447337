"""Photos, and the verbs over many of them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from photos.models import Comment, Photo, PhotoEdit, PhotoFile, PhotoQuerySet, RawMetadata, Stack
from photos.models.photo import make_key

Maker = Callable[..., Photo]
NOW = datetime(2024, 5, 1, tzinfo=UTC)


def names(photos: PhotoQuerySet) -> list[str]:
    return sorted(photos.values_list("original_name", flat=True))


@pytest.fixture
def mixed(make_photo: Maker) -> None:
    """One photo of each state in which a list may meet it."""
    make_photo(name="plain")
    make_photo(name="archived", archived=True)
    make_photo(name="trashed", trashed_at=NOW)
    make_photo(name="unseen", displayable=False)


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("present", ["archived", "plain", "unseen"]),
        ("trashed", ["trashed"]),
        ("displayable", ["archived", "plain", "trashed"]),
        ("on_timeline", ["plain"]),
        ("searched", ["archived", "plain", "trashed"]),
    ],
)
def test_which_photos_a_verb_names(mixed: None, verb: str, expected: list[str]) -> None:
    assert names(getattr(Photo.objects, verb)()) == expected


def test_trashing_twice_keeps_the_first_day(make_photo: Maker) -> None:
    make_photo()
    old = make_photo(trashed_at=NOW)
    assert Photo.objects.all().trash() == 1
    old.refresh_from_db()
    assert old.trashed_at == NOW
    assert Photo.objects.trashed().count() == 2
    assert Photo.objects.all().restore() == 2
    assert Photo.objects.present().count() == 2


# --- stacks ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def stack(owner: User) -> Stack:
    return Stack.objects.create(owner=owner)


def members(make_photo: Maker, stack: Stack, *fields: dict[str, object]) -> list[Photo]:
    return [make_photo(name=f"{number}", stack=stack, **given) for number, given in enumerate(fields)]


def tiles(photos: PhotoQuerySet) -> list[str]:
    return names(photos.as_tiles())


def test_a_stack_is_one_tile_its_cover(make_photo: Maker, stack: Stack) -> None:
    make_photo(name="alone")
    photos = members(make_photo, stack, {}, {}, {})
    assert tiles(Photo.objects.all()) == ["0", "alone"]
    stack.cover = photos[2]
    stack.save()
    assert tiles(Photo.objects.all()) == ["2", "alone"]


def test_without_the_cover_the_first_photo_stands_for_the_stack(make_photo: Maker, stack: Stack) -> None:
    photos = members(make_photo, stack, {"favourite": True}, {"favourite": True}, {})
    stack.cover = photos[2]
    stack.save()
    assert tiles(Photo.objects.filter(favourite=True)) == ["0"]
    assert tiles(Photo.objects.filter(favourite=False)) == ["2"]


def test_two_stacks_are_two_tiles(owner: User, make_photo: Maker, stack: Stack) -> None:
    members(make_photo, stack, {}, {})
    other = Stack.objects.create(owner=owner)
    first = make_photo(name="other", stack=other)
    make_photo(name="hidden", stack=other)
    other.cover = first
    other.save()
    assert tiles(Photo.objects.all()) == ["0", "other"]


def counts(photos: PhotoQuerySet) -> Sequence[int | None]:
    found: Any = photos.with_stack_counts().order_by("pk")
    return [photo.stack_count for photo in found]


def test_how_many_a_tile_stands_for(make_photo: Maker, stack: Stack) -> None:
    make_photo()
    members(make_photo, stack, {}, {}, {"trashed_at": NOW}, {"displayable": False}, {"archived": True})
    assert counts(Photo.objects.present().displayable()) == [None, 3, 3, 3]


# --- one photo -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offset", "instant"),
    [(120, datetime(2024, 4, 30, 22, tzinfo=UTC)), (-60, datetime(2024, 5, 1, 1, tzinfo=UTC)), (None, NOW), (0, NOW)],
)
def test_a_wall_clock_and_its_offset_give_the_instant(make_photo: Maker, offset: int | None, instant: datetime) -> None:
    photo = make_photo()
    photo.set_taken(datetime(2024, 5, 1), offset, "exif")
    assert (photo.taken_at, photo.taken_local, photo.taken_offset, photo.taken_source) == (instant, NOW, offset, "exif")


@pytest.mark.parametrize("fields", [None, ["taken_local"], {"title", "taken_local"}])
def test_the_month_follows_the_wall_clock(make_photo: Maker, fields: list[str] | None) -> None:
    photo = make_photo(taken=datetime(2024, 12, 31, 23, 59))
    assert photo.taken_month == 202412
    photo.taken_local = datetime(1999, 1, 1, tzinfo=UTC)
    photo.save(update_fields=fields)
    photo.refresh_from_db()
    assert photo.taken_month == 199901


def test_saving_other_fields_alone_leaves_the_month(make_photo: Maker) -> None:
    photo = make_photo()
    photo.title = "Beach"
    photo.taken_local = datetime(1999, 1, 1, tzinfo=UTC)
    photo.save(update_fields=["title"])
    assert Photo.objects.get().taken_month == 202405


def test_name_and_address(make_photo: Maker) -> None:
    photo, video = make_photo(name="a.jpg"), make_photo(name="b.mp4", kind="video")
    assert str(photo) == "a.jpg"
    assert photo.get_absolute_url() == f"/photo/{photo.key}/"
    assert (photo.is_video, video.is_video) == (False, True)


def test_keys_are_long_and_never_alike() -> None:
    keys = {make_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {16}


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": 91.0, "longitude": 0.0},
        {"latitude": 0.0, "longitude": -180.5},
        {"rating": 6},
        {"rating": -2},
    ],
)
def test_impossible_values_are_refused(make_photo: Maker, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_photo(**fields)


def test_one_content_is_there_once_for_an_owner(make_photo: Maker, stranger: User) -> None:
    make_photo(sha256="a" * 64)
    make_photo(sha256="a" * 64, owner=stranger)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_photo(sha256="a" * 64)


def test_rows_beside_a_photo_say_what_they_are(owner: User, make_photo: Maker, stack: Stack) -> None:
    photo = make_photo()
    rows = [
        PhotoFile(photo=photo, kind="sidecar", path="anna/a.xmp"),
        RawMetadata(photo=photo),
        PhotoEdit(photo=photo, field="title"),
        Comment(photo=photo, author=owner, text="x" * 100),
        stack,
    ]
    texts = ["sidecar anna/a.xmp", f"raw metadata of {photo.pk}", f"title of {photo.pk}", "x" * 60]
    assert [str(row) for row in rows] == [*texts, f"manual {stack.pk}"]


def test_everything_goes_with_its_photo_but_the_stack(make_photo: Maker, stack: Stack, owner: User) -> None:
    photo = make_photo(stack=stack)
    stack.cover = photo
    stack.save()
    PhotoEdit.objects.create(photo=photo, field="title", value="x")
    Comment.objects.create(photo=photo, author=owner, text="x", created_at=timezone.now())
    photo.delete()
    stack.refresh_from_db()
    assert stack.cover is None
    assert not PhotoEdit.objects.exists()
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "is_round"),
    [
        ({"panorama": True, "width": 6000, "height": 3000}, True),
        ({"panorama": True, "width": 6000, "height": 1500}, False),
        ({"panorama": False, "width": 6000, "height": 3000}, False),
        ({"panorama": True, "width": None, "height": None}, False),
        (
            {"panorama": True, "width": 6000, "height": 3000, "rendition": "a", "shown_width": 9, "shown_height": 9},
            False,
        ),
    ],
)
def test_a_panorama_twice_as_wide_as_high_shows_all_around(make_photo, fields, is_round):
    assert make_photo(**fields).is_round == is_round
