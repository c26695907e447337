"""Editing time, place and words: preview, doing, undoing, resetting. Batches: test_bulk.py."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts import undoing
from accounts.models import Activity, User
from photos.editing import bulk, columns, edits
from photos.models import Photo, PhotoEdit, RawMetadata

MakePhoto = Callable[..., Photo]
BERLIN = {"latitude": 52.52, "longitude": 13.405, "altitude": None, "place": "Berlin", "region": "State of Berlin"}
BERLIN |= {"country": "Germany", "country_code": "DE", "zone": "Europe/Berlin"}


@pytest.fixture
def make_told(make_photo: MakePhoto) -> MakePhoto:
    """Photos whose files say something: `make_told({"title": "…"}, {"title": "xmp"}, …)`."""

    def make(told: dict[str, Any] | None = None, sources: dict[str, str] | None = None, **fields: Any) -> Photo:
        photo = make_photo(**fields)
        photo.set_taken(photo.taken_local, 60, "exif")
        says = {
            "taken_local": photo.taken_local.replace(tzinfo=None).isoformat(),
            "taken_at": photo.taken_at.isoformat(),
            "taken_offset": 60,
            "taken_source": "exif",
            "taken_doubtful": False,
            **(told or {}),
        }
        RawMetadata.objects.create(photo=photo, fields=says, sources=sources or {})
        for name, value in columns.effective(says, sources or {}, {}).items():
            setattr(photo, name, value)
        photo.save()
        return photo

    return make


def state(photo: Photo) -> dict[str, Any]:
    """Everything an edit can change."""
    names = {name for field in edits.FIELDS for name in columns.columns_of(field)} | {"taken_month"}
    held = Photo.objects.filter(pk=photo.pk).values(*names).get()
    return {**held, "edits": dict(PhotoEdit.objects.filter(photo=photo).values_list("field", "value"))}


def do(owner: User, change: bulk.Change, photos: Any = None) -> Activity:
    return bulk.make(owner, Photo.objects.all() if photos is None else photos, change, owner)


def test_words_are_edited_previewed_and_undone(owner: User, make_told: MakePhoto) -> None:
    first, second = make_told({"title": "From the file"}), make_told({"title": "Holiday"})
    change = edits.set_words(title=" Holiday ", rating=4)
    before = [state(first), state(second)]
    seen = bulk.preview(Photo.objects.all(), change)
    assert (seen.total, seen.changing) == (2, 2)
    assert seen.examples[0].values == {"title": ("From the file", "Holiday"), "rating": (None, 4)}
    assert [state(first), state(second)] == before  # a preview changes nothing
    activity = do(owner, change)
    assert (state(first)["title"], state(second)["rating"]) == ("Holiday", 4)
    assert bulk.progress_of(activity) == bulk.Progress(2, 2, 2, 0, finished=True, undone=False)
    undoing.undo(activity, owner)
    assert activity.undone_at
    assert [state(first), state(second)] == before


def test_a_camera_is_shifted_and_another_left(owner: User, make_told: MakePhoto) -> None:
    slow = make_told({"camera_make": "Canon", "camera_model": "EOS 40D"}, taken=datetime(2024, 1, 31, 23, 30))
    other = make_told({"camera_make": "Canon", "camera_model": "G9"})
    left = state(other)
    do(owner, edits.shift_time(timedelta(hours=1, minutes=7)), edits.of_camera(slow))
    shifted = state(slow)
    assert shifted["taken_local"] == datetime(2024, 2, 1, 0, 37, tzinfo=UTC)
    assert shifted["taken_at"] == datetime(2024, 1, 31, 23, 37, tzinfo=UTC)
    assert (shifted["taken_month"], shifted["taken_offset"], shifted["taken_source"]) == (202402, 60, "user")
    assert state(other) == left


@pytest.mark.parametrize("zone", ["+²", "+1:²", "-", "+", "+a", "+1:2:3", "+99:00"])
def test_an_offset_that_is_none_is_no_zone(zone: str) -> None:
    assert edits.offset_in(zone, datetime(2024, 7, 1)) is None


def test_a_zone_keeps_the_clock_or_the_instant(owner: User, make_told: MakePhoto) -> None:
    photo = make_told(taken=datetime(2024, 7, 1, 12, 0))
    do(owner, edits.set_zone("Asia/Tokyo"))
    found = state(photo)
    assert (found["taken_local"].hour, found["taken_at"].hour, found["taken_offset"]) == (12, 3, 540)
    do(owner, edits.set_zone("-03:30", keep="instant"))
    found = state(photo)
    assert (found["taken_local"].isoformat()[8:16], found["taken_at"].hour) == ("30T23:30", 3)
    assert found["taken_offset"] == -210


def test_a_place_names_itself_and_its_zone(owner: User, make_told: MakePhoto) -> None:
    told = make_told(sources={"taken_offset": "exif", "taken_local": "exif"})
    home = make_told(sources={"taken_offset": "home", "taken_local": "exif"}, taken=datetime(2024, 7, 1, 12, 0))
    video = make_told(sources={"taken_offset": "home", "taken_at": "container"}, taken=datetime(2024, 7, 1, 12, 0))
    change = edits.set_place(35.6764, 139.65)
    do(owner, change)
    for photo in (told, home, video):
        found = state(photo)
        assert (found["latitude"], found["country_code"], found["country"]) == (35.6764, "JP", "Japan")
    assert state(told)["taken_offset"] == 60  # the camera said it
    assert (state(home)["taken_offset"], state(home)["taken_local"].hour, state(home)["taken_at"].hour) == (540, 12, 3)
    assert (state(video)["taken_local"].hour, state(video)["taken_at"].hour) == (20, 11)
    do(owner, edits.reset(["position"]))
    assert (state(home)["taken_offset"], state(home)["latitude"], state(home)["country"]) == (60, None, "")


def test_fields_are_reset_one_by_one(owner: User, make_told: MakePhoto) -> None:
    photo = make_told({"title": "From the file", "latitude": 1.0, "longitude": 2.0})
    before = state(photo)
    do(owner, edits.set_words(title="", description="Mine"))
    do(owner, edits.clear_place())
    assert (state(photo)["title"], state(photo)["latitude"]) == ("", None)
    assert set(edits.edited_fields(photo)) == {"title", "description", "position"}
    do(owner, edits.reset(["title"]))
    assert (state(photo)["title"], state(photo)["description"]) == ("From the file", "Mine")
    everything = do(owner, edits.reset())
    assert state(photo) == before
    undoing.undo(everything, owner)
    assert (state(photo)["description"], state(photo)["latitude"]) == ("Mine", None)


def test_copied_from_another_photo(owner: User, make_told: MakePhoto) -> None:
    source = make_told({"title": "Wedding", "rating": 5}, taken=datetime(2001, 2, 3, 4, 5))
    target = make_told()
    do(owner, edits.SetFields({"position": BERLIN}), Photo.objects.filter(pk=source.pk))
    source.refresh_from_db()
    do(owner, edits.copy_from(source, ["taken", "position", "title"]), Photo.objects.filter(pk=target.pk))
    copied, original = state(target), state(source)
    for name in ("taken_local", "taken_at", "latitude", "longitude", "place", "country_code", "title"):
        assert copied[name] == original[name]
    assert copied["rating"] is None


def test_undo_leaves_what_was_changed_since(owner: User, make_told: MakePhoto) -> None:
    first, second = make_told(), make_told()
    older = do(owner, edits.set_words(title="Older"))
    newer = do(owner, edits.set_words(title="Newer"), Photo.objects.filter(pk=first.pk))
    undoing.undo(older, owner)
    assert (state(first)["title"], state(second)["title"]) == ("Newer", "")
    assert bulk.progress_of(older).kept == 1
    undoing.undo(newer, owner)
    assert state(first)["title"] == "Older"


def test_the_last_first_leads_all_the_way_back(owner: User, make_told: MakePhoto) -> None:
    photos = [make_told({"title": f"{n}"}, taken=datetime(2024, 1, 1, 10, n)) for n in range(3)]
    before = [state(photo) for photo in photos]
    done = [
        do(owner, change)
        for change in (
            edits.set_words(title="A"),
            edits.shift_time(timedelta(minutes=-90)),
            edits.SetFields({"position": BERLIN}),
            edits.set_words(title="B", description="C"),
            edits.reset(["title", "taken"]),
            edits.set_time(datetime(1999, 12, 31, 23, 59), 0),
        )
    ]
    for activity in reversed(done):
        undoing.undo(activity, owner)
        assert bulk.progress_of(activity).kept == 0
    assert [state(photo) for photo in photos] == before


def test_without_readable_metadata_undo_restores_the_columns(owner: User, make_photo: MakePhoto) -> None:
    photo = make_photo(title="Kept from somewhere")
    before = state(photo)
    activity = do(owner, bulk.Together.of([edits.set_words(title="New"), edits.shift_time(timedelta(days=1))]))
    undoing.undo(activity, owner)
    assert state(photo) == before


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: edits.set_words(rating=6),
        lambda: edits.set_words(title="x" * 256),
        lambda: edits.set_words(sha256="x"),
        lambda: edits.set_place(91, 0),
        lambda: edits.set_zone("Mars/Olympus"),
        lambda: edits.set_zone("+25:00"),
        lambda: edits.set_time(datetime(1, 1, 1)),
        lambda: edits.set_time(datetime(2000, 1, 1), 2000),
        lambda: edits.shift_time(timedelta()),
        lambda: edits.reset(["sha256"]),
    ],
)
def test_invalid_values_are_refused(wrong: Callable[[], Any]) -> None:
    with pytest.raises(edits.InvalidEdit):
        wrong()


@pytest.mark.parametrize("count", [2, 12])
def test_a_batch_asks_the_same_number_of_questions(
    owner: User, make_told: MakePhoto, count: int, django_assert_num_queries: Any
) -> None:
    ids = [make_told().pk for _ in range(count)]
    with django_assert_num_queries(5):
        edits.set_words(title="Same").apply(ids, datetime.now(UTC), owner)


def test_many_different_values_are_written_alike(owner: User, make_told: MakePhoto) -> None:
    photos = [make_told({"title": f"{n}"}, taken=datetime(2024, 1, 31, 20 + n // 20, n * 2)) for n in range(25)]
    before = [state(photo) for photo in photos]
    activity = do(owner, edits.shift_time(timedelta(hours=4)))
    after = [state(photo) for photo in photos]
    assert [one["taken_local"] - other["taken_local"] for one, other in zip(after, before, strict=True)] == [
        timedelta(hours=4)
    ] * 25
    assert all(one["taken_at"] == one["taken_local"] - timedelta(hours=1) for one in after)
    assert {one["taken_month"] for one in after} == {202402}
    undoing.undo(activity, owner)
    assert [state(photo) for photo in photos] == before
