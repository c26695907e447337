"""What is shown as one tile: RAW with JPEG, bursts, and what owners stack."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from photos import stacks
from photos.models import Photo, Stack

Maker = Callable[..., Photo]
RAW, JPEG = "image/x-canon-cr2", "image/jpeg"
NOON = datetime(2024, 5, 1, 12)


def stack_of(photo: Photo) -> Stack | None:
    photo.refresh_from_db()
    return photo.stack


def stack(*photos: Photo) -> None:
    stacks.stack([photo.pk for photo in photos])


def test_raw_with_its_jpeg(make_photo: Maker) -> None:
    raw = make_photo(name="IMG_1.CR2", media_type=RAW, taken=NOON)
    jpeg = make_photo(name="IMG_1.JPG", media_type=JPEG, taken=NOON + timedelta(seconds=1))
    stack(raw)
    made = stack_of(raw)
    assert made is not None
    assert (made.kind, made.cover, stack_of(jpeg)) == ("raw", jpeg, made)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "IMG_2.JPG"},
        {"taken": NOON + timedelta(minutes=1)},
        {"path": "anna/2024/06/IMG_1.JPG"},
        {"media_type": "video/mp4", "kind": "video"},
    ],
    ids=str,
)
def test_not_the_same_release(make_photo: Maker, other: dict[str, Any]) -> None:
    raw = make_photo(name="IMG_1.CR2", media_type=RAW, taken=NOON)
    make_photo(**{"name": "IMG_1.JPG", "media_type": JPEG, "taken": NOON, **other})
    stack(raw)
    assert stack_of(raw) is None


def test_raw_of_a_stranger(make_photo: Maker, stranger: Any) -> None:
    raw = make_photo(name="IMG_1.CR2", media_type=RAW, taken=NOON)
    make_photo(name="IMG_1.JPG", taken=NOON, owner=stranger)
    stack(raw)
    assert stack_of(raw) is None


def test_burst_grows_as_its_photos_come(make_photo: Maker) -> None:
    first, second = (make_photo(burst_id="b", taken=NOON + timedelta(seconds=n)) for n in range(2))
    stack(second, first)
    third = make_photo(burst_id="b", taken=NOON + timedelta(seconds=2))
    stack(third)
    made = stack_of(first)
    assert made is not None
    assert (made.kind, made.cover) == ("burst", first)
    assert set(made.photos.all()) == {first, second, third}
    assert Stack.objects.count() == 1


def test_what_the_owner_stacked_is_left_alone(make_photo: Maker) -> None:
    raw = make_photo(name="IMG_1.CR2", media_type=RAW, taken=NOON)
    jpeg = make_photo(name="IMG_1.JPG", taken=NOON)
    mine = stacks.make([jpeg, make_photo()], jpeg)
    stack(raw)
    assert stack_of(raw) is None
    assert stack_of(jpeg) == mine


def test_stacking_takes_photos_out_of_other_stacks(make_photo: Maker) -> None:
    photos = [make_photo() for _ in range(3)]
    stacks.make(photos[:2], photos[0])
    made = stacks.make(photos[1:], photos[2])
    assert stack_of(photos[0]) is None  # one photo is no stack
    assert set(made.photos.all()) == set(photos[1:])
    stacks.dissolve(made)
    assert stack_of(photos[1]) is None
