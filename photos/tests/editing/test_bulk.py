"""Changes of many photos: previews, batches, undo, and continuing after a kill."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts import batches, undoing
from accounts.models import Activity, User
from photos.editing import bulk, edits
from photos.models import Photo

MakePhoto = Callable[..., Photo]
TITLED = edits.SetFields({"title": "New"})
RATED = edits.SetFields({"rating": 5})


@pytest.fixture
def five(make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five photos, which are changed in batches of two."""
    monkeypatch.setattr(bulk.Changes, "size", 2)
    for _ in range(5):
        make_photo(title="Old")


def titles() -> list[str]:
    return list(Photo.objects.order_by("pk").values_list("title", flat=True))


def make(owner: User, change: bulk.Change) -> Activity:
    return bulk.make(owner, Photo.objects.all(), change, owner)


def test_a_preview_changes_nothing(owner: User, five: None) -> None:
    seen = bulk.preview(Photo.objects.all(), TITLED, examples=3)
    assert (seen.total, seen.examined, seen.changing, len(seen.examples)) == (5, 5, 5, 3)
    assert seen.examples[0].values == {"title": ("Old", "New")}
    assert titles() == ["Old"] * 5


def test_a_preview_examines_a_limited_number(owner: User, five: None) -> None:
    seen = bulk.preview(Photo.objects.all(), TITLED, examine=3)
    assert (seen.total, seen.examined, seen.changing) == (5, 3, 3)


def test_all_batches_are_done_and_undone(owner: User, five: None) -> None:
    activity = make(owner, TITLED)
    assert titles() == ["New"] * 5
    assert bulk.progress_of(activity) == bulk.Progress(5, 5, 5, 0, finished=True, undone=False)
    undoing.undo(activity, owner)
    assert titles() == ["Old"] * 5
    assert bulk.progress_of(activity).undone


def test_photos_without_a_change_are_not_counted(owner: User, five: None) -> None:
    Photo.objects.filter(pk=Photo.objects.first().pk).update(title="New")  # type: ignore[union-attr]
    assert bulk.progress_of(make(owner, TITLED)).changed == 4


def test_it_continues_after_a_kill(owner: User, five: None) -> None:
    activity = bulk.begin(owner, Photo.objects.all(), TITLED, owner)
    assert batches.step(activity.pk)
    assert titles() == ["New"] * 2 + ["Old"] * 3
    batches.carry_on(activity.pk)
    assert not batches.step(activity.pk)
    assert titles() == ["New"] * 5


def test_a_half_done_change_can_be_undone(owner: User, five: None) -> None:
    activity = bulk.begin(owner, Photo.objects.all(), TITLED, owner)
    batches.step(activity.pk)
    undoing.undo(activity, owner)
    batches.carry_on(activity.pk)
    assert titles() == ["Old"] * 5


def test_many_photos_are_left_to_a_worker(owner: User, five: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(bulk.Changes, "at_once", 1)
    monkeypatch.setattr(batches, "enqueue", lambda *call: told.append(call) or True)  # type: ignore[func-returns-value]
    activity = make(owner, TITLED)
    assert not bulk.progress_of(activity).finished
    assert batches.resume_unfinished() == 1
    assert told == [("io", "accounts.batches.carry_on", activity.pk)] * 2


def test_a_strangers_photos_are_left_alone(owner: User, stranger: User, make_photo: MakePhoto) -> None:
    make_photo(owner=stranger, title="Old")
    assert (make(owner, TITLED).detail["total"], titles()) == (0, ["Old"])


def test_several_changes_count_a_photo_once_and_are_undone_together(owner: User, make_photo: MakePhoto) -> None:
    photo = make_photo(title="Old")
    activity = make(owner, bulk.Together.of([TITLED, RATED]))
    assert bulk.progress_of(activity).changed == 1
    photo.refresh_from_db()
    assert (photo.title, photo.rating) == ("New", 5)
    undoing.undo(activity, owner)
    photo.refresh_from_db()
    assert (photo.title, photo.rating) == ("Old", None)


def test_the_preview_of_several_changes_merges_them(make_photo: MakePhoto) -> None:
    photo = make_photo(title="Old")
    (difference,) = bulk.Together.of([TITLED, RATED]).differences([photo.pk])
    assert difference.values == {"title": ("Old", "New"), "rating": (None, 5)}


def test_a_change_survives_being_stored() -> None:
    change = bulk.Together.of([TITLED, RATED])
    assert bulk.unpack(bulk.pack(change)) == change


def test_only_changes_are_unpacked() -> None:
    with pytest.raises(TypeError, match="is not a change"):
        bulk.unpack({"type": "photos.editing.bulk.Difference", "values": {}})
