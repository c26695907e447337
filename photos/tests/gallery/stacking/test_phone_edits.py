"""An iPhone's IMG_E1234 and IMG_1234 become one tile, in any order, and only if they are of one moment."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from photos.gallery import viewer
from photos.gallery.stacking import live, phone_edits, stacks
from photos.models import PairDecision, Photo, Stack
from photos.tests.gallery.stacking.test_live import make_half  # noqa: F401

Maker = Callable[..., Photo]
NOON = datetime(2022, 7, 1, 12, tzinfo=UTC)
IPHONE = {"camera_make": "Apple", "camera_model": "iPhone 12"}
LIVE = ("IMG_1234.HEIC", "IMG_1234.MOV", "IMG_E1234.HEIC", "IMG_E1234.MOV")


def arrive(photo: Photo) -> None:
    """What the stage `metadata` does once a file has been read."""
    phone_edits.join(photo)
    photo.refresh_from_db()
    live.pair(photo)


def names_of(stack: Stack) -> list[str]:
    return sorted(stack.photos.values_list("original_name", flat=True))


@pytest.mark.parametrize("identifier", ["", "A-1"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_a_live_photo_and_its_edit_in_every_order(make_half: Maker, order: tuple[int, ...], identifier: str) -> None:  # noqa: F811
    for place in order:
        camera = IPHONE if LIVE[place].endswith("HEIC") else {}
        arrive(make_half(LIVE[place], live_id=identifier, **camera))
    stack = Stack.objects.get()
    assert (stack.kind, names_of(stack)) == (Stack.Kind.LIVE, sorted(LIVE))
    assert stack.cover
    assert stack.cover.original_name == "IMG_E1234.HEIC"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("original", "edit"),
    [
        ("IMG_1234.HEIC", "IMG_E1234.JPG"),
        ("IMG_1234.JPG", "IMG_E1234.jpg"),
        ("IMG_1234.DNG", "IMG_E1234.HEIC"),
        ("IMG_1234.PNG", "IMG_E1234.PNG"),
        ("img_1234.jpg", "img_e1234.jpg"),
        ("IMG_1234 (2).HEIC", "IMG_E1234 (2).HEIC"),
        ("IMG_1234.MOV", "IMG_E1234.MOV"),
    ],
)
def test_the_edit_is_on_top(make_half: Maker, original: str, edit: str, order: tuple[int, int]) -> None:  # noqa: F811
    both = [make_half(original), make_half(edit, NOON + timedelta(seconds=1))]
    for place in order:
        arrive(both[place])
    stack = Stack.objects.get()
    assert (stack.kind, stack.cover, set(stack.photos.all())) == (Stack.Kind.EDITED, both[1], set(both))


@pytest.mark.parametrize(
    "other",
    [
        {"taken": NOON + timedelta(minutes=1)},
        {"taken": NOON + timedelta(days=365)},
        {"camera_model": "iPhone 15"},
        {"taken_precision": "day"},
        {"folder": "anna/2022/08"},
        {"name": "IMG_E1235.JPG"},
        {"name": "IMG_E1234_b.JPG"},
        {"name": "IMG_F1234.JPG"},
        {"name": "IMG_E1234.MOV", "duration": 90.0},
        {"trashed_at": NOON},
    ],
    ids=str,
)
def test_what_does_not_belong_together(make_half: Maker, other: dict[str, Any]) -> None:  # noqa: F811
    original = make_half("IMG_1234.HEIC", **IPHONE)
    edit = make_half(other.pop("name", "IMG_E1234.JPG"), **({"taken": NOON} | IPHONE | other))
    arrive(edit)
    arrive(original)
    assert not Stack.objects.exists()


def test_strangers_keep_theirs(make_half: Maker, stranger: User) -> None:  # noqa: F811
    make_half("IMG_1234.HEIC", owner=stranger)
    arrive(make_half("IMG_E1234.HEIC"))
    assert not Stack.objects.exists()


def test_an_edit_that_has_lost_its_time_zone(make_half: Maker) -> None:  # noqa: F811
    original = make_half("IMG_1234.HEIC")
    original.set_taken(NOON, 120, "exif")
    original.save()
    arrive(make_half("IMG_E1234.JPG"))
    assert Stack.objects.get().photos.count() == 2


def test_what_the_owner_decided_stays(make_half: Maker, owner: User) -> None:  # noqa: F811
    original, edit = make_half("IMG_1234.HEIC"), make_half("IMG_E1234.HEIC")
    arrive(edit)
    stack = Stack.objects.get()
    stack.cover = original
    stack.save()
    arrive(edit)
    arrive(original)
    stack.refresh_from_db()
    assert stack.cover == original, "read again, the cover that was chosen stays"
    stacks.unstack(stack, owner)
    original.refresh_from_db()
    arrive(original)
    assert Photo.objects.filter(stack=None).count() == 2
    PairDecision.objects.all().delete()
    original.stack = Stack.objects.create(owner=owner)
    original.save()
    arrive(edit)
    edit.refresh_from_db()
    assert edit.stack is None


def test_the_cover_of_a_live_photo_that_was_chosen_stays(make_half: Maker) -> None:  # noqa: F811
    still, video = make_half("IMG_1.HEIC"), make_half("IMG_1.MOV")
    arrive(still)
    Stack.objects.update(cover=video)
    still.refresh_from_db()
    arrive(still)
    assert Stack.objects.get().cover == video


def test_copies_come_along(make_half: Maker, make_photo: Maker, owner: User) -> None:  # noqa: F811
    original = make_half("IMG_1234.HEIC")
    copies = Stack.objects.create(owner=owner, kind=Stack.Kind.COPY, cover=original)
    copy = make_photo(copy_number=1, sha256=original.sha256, stack=copies)
    Photo.objects.filter(pk=original.pk).update(stack=copies)
    edit = make_half("IMG_E1234.HEIC")
    arrive(edit)
    stack = Stack.objects.get()
    assert (stack.kind, stack.cover, set(stack.photos.all())) == (Stack.Kind.EDITED, edit, {original, copy, edit})


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_raw_with_its_picture_and_the_edit(make_half: Maker, order: tuple[int, ...]) -> None:  # noqa: F811
    files = [("IMG_1234.DNG", "image/x-adobe-dng"), ("IMG_1234.HEIC", "image/heic"), ("IMG_E1234.JPG", "image/jpeg")]
    for place in order:
        name, mime = files[place]
        photo = make_half(name, media_type=mime)
        arrive(photo)
        stacks.stack([photo.pk])
    stack = Stack.objects.get(pk=photo_stack(photo))
    assert (stack.photos.count(), stack.cover and stack.cover.original_name) == (3, "IMG_E1234.JPG")


def photo_stack(photo: Photo) -> int:
    photo.refresh_from_db()
    assert photo.stack_id
    return photo.stack_id


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_burst_of_which_one_was_edited(make_half: Maker, order: tuple[int, ...]) -> None:  # noqa: F811
    names = ("IMG_1234.HEIC", "IMG_1235.HEIC", "IMG_E1234.HEIC")
    for place in order:
        photo = make_half(names[place], NOON, burst_id="" if place == 2 else "B")
        arrive(photo)
        stacks.stack([photo.pk])
    burst = Stack.objects.get(pk=photo_stack(photo))
    assert (burst.kind, names_of(burst)) == (Stack.Kind.BURST, sorted(names))


def test_the_edit_stays_on_top_when_the_video_meets_its_still_first(make_half: Maker) -> None:  # noqa: F811
    video = make_half("IMG_1234.MOV")
    for name in ("IMG_E1234.MOV", "IMG_E1234.HEIC"):
        arrive(make_half(name))
    make_half("IMG_1234.HEIC")
    live.pair(video)  # a worker that reads it again comes before the one that reads the still
    cover = Stack.objects.get().cover
    assert cover
    assert cover.original_name == "IMG_E1234.HEIC"


def test_each_still_plays_its_own_video(make_half: Maker) -> None:  # noqa: F811
    photos = {name: make_half(name) for name in LIVE}
    for photo in photos.values():
        arrive(photo)
    stacked = list(Stack.objects.get().photos.order_by("pk"))
    for stem in ("IMG_1234", "IMG_E1234"):
        still = photos[f"{stem}.HEIC"]
        still.refresh_from_db()
        assert photos[f"{stem}.MOV"].key in viewer.motion_of(still, stacked)
    edit = photos["IMG_E1234.HEIC"]
    edit.refresh_from_db()
    without = [one for one in stacked if one.original_name != "IMG_E1234.MOV"]
    assert viewer.motion_of(edit, without) == "", "a Live Photo that was switched off when it was edited"
