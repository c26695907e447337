"""Live Photos: two files become one tile, by their identifier or by name, folder and second."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from photos.gallery.stacking import live
from photos.models import PairDecision, Photo, Stack

MakePhoto = Callable[..., Photo]
NOON = datetime(2022, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def make_half(make_photo: MakePhoto) -> Callable[..., Photo]:
    """`make_half("IMG_1.HEIC")`: as it lies in the library."""

    def make(name: str, taken: datetime = NOON, folder: str = "anna/2022/07", **fields: Any) -> Photo:
        video = name.lower().endswith((".mov", ".mp4", ".mp"))
        values = {"kind": "video", "duration": 2.5} if video else {"kind": "photo"}
        values |= {"original_name": name, "path": f"{folder}/{name}", "taken": taken}
        return make_photo(**(values | fields))

    return make


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("still", "video"),
    [
        ("IMG_1.HEIC", "IMG_1.MOV"),
        ("IMG_1.JPG", "IMG_1.mov"),
        ("IMG_1.heic", "IMG_1.MP4"),
        ("PXL_1.MP.jpg", "PXL_1.MP"),
        ("PXL_1.MP~2.jpg", "PXL_1.MP~2.mp4"),
        ("PXL_1.MV.jpg", "PXL_1.MV.mp4"),
    ],
)
def test_halves_of_one_name_and_second(
    make_half: Callable[..., Photo], still: str, video: str, order: tuple[int, int]
) -> None:
    halves = [make_half(still), make_half(video, NOON + timedelta(seconds=1))]
    stack = live.pair(halves[order[0]])
    assert stack is not None
    assert (stack.kind, stack.cover) == (Stack.Kind.LIVE, halves[0])
    assert set(stack.photos.all()) == set(halves)
    assert live.pair(halves[order[1]]) == stack


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("IMG_2.MOV", {}),
        ("img_1.MOV", {}),
        ("IMG_1.MOV", {"taken": NOON + timedelta(seconds=9)}),
        ("IMG_1.MOV", {"taken": NOON + timedelta(days=1)}),
        ("IMG_1.MOV", {"duration": 60.0}),
        ("IMG_1.MOV", {"duration": None}),
        ("IMG_1.MOV", {"folder": "anna/2022/08"}),
        ("IMG_1.MOV", {"taken_precision": "day"}),
        ("IMG_1.MOV", {"live_id": "B"}),
        ("IMG_1.AVI", {"kind": "video", "duration": 2.0}),
        ("IMG_1.MP", {}),
    ],
)
def test_files_that_do_not_belong_together(make_half: Callable[..., Photo], name: str, fields: dict[str, Any]) -> None:
    still = make_half("IMG_1.HEIC", live_id="A")
    other = make_half(name, **fields)
    assert live.pair(still) is None
    assert live.pair(other) is None


def test_a_clock_without_a_zone_is_off_by_one(make_half: Callable[..., Photo]) -> None:
    still, video = make_half("IMG_1.JPG"), make_half("IMG_1.MOV", NOON - timedelta(hours=2, seconds=1))
    assert live.pair(still) is not None
    video.refresh_from_db()
    assert video.stack is not None


def test_a_namesake_of_the_month_stands_under_a_number(make_half: Callable[..., Photo]) -> None:
    make_half("IMG_1.MOV", NOON - timedelta(days=3))
    video = make_half("IMG_1.MOV", path="anna/2022/07/IMG_1-1.MOV")
    still = make_half("IMG_1.HEIC", path="anna/2022/07/IMG_1-1.HEIC")
    stack = live.pair(video)
    assert stack is not None
    assert set(stack.photos.all()) == {still, video}


def test_files_in_place_must_share_a_folder(make_half: Callable[..., Photo]) -> None:
    still = make_half("IMG_1.HEIC", folder="/photos/a", in_place=True)
    make_half("IMG_1.MOV", folder="/photos/b", in_place=True)
    assert live.pair(still) is None
    make_half("IMG_1.MOV", folder="/photos/a", in_place=True)
    assert live.pair(still) is not None


def test_the_identifier_comes_first(make_half: Callable[..., Photo]) -> None:
    still = make_half("IMG_1.HEIC", live_id="A")
    make_half("IMG_1.MOV")
    real = make_half("renamed.MOV", live_id="A")
    stack = live.pair(still)
    assert stack is not None
    assert set(stack.photos.all()) == {still, real}


def test_decisions_of_the_owner_stay(make_half: Callable[..., Photo], owner: User) -> None:
    still, video = make_half("IMG_1.HEIC"), make_half("IMG_1.MOV")
    PairDecision.objects.create(first=still, second=video, verdict="different")
    assert live.pair(still) is None
    PairDecision.objects.all().delete()
    still.stack = Stack.objects.create(owner=owner)
    still.save()
    assert live.pair(video) is None


def test_two_candidates_are_not_paired(make_half: Callable[..., Photo]) -> None:
    still = make_half("IMG_1.HEIC")
    make_half("IMG_1.MOV")
    make_half("IMG_1.MP4")
    assert live.pair(still) is None


def test_nobody_elses(make_half: Callable[..., Photo], stranger: User) -> None:
    still = make_half("IMG_1.HEIC")
    make_half("IMG_1.MOV", owner=stranger)
    assert live.pair(still) is None
