"""What Explore shows of the library itself: memories and places."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Activity
from photos.gallery import explore
from photos.gallery.explore import SHELVES, Visitor
from photos.gallery.memories.calendar import days_apart, nearest_day, years_before
from photos.models import Photo


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2024, 5, 31, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        (date(2020, 5, 31), date(2019, 5, 31), 1),  # the 29th of February lies between New Year and one of them
        (date(2021, 5, 30), date(2019, 5, 31), 1),
        (date(2021, 12, 31), date(2023, 1, 1), 1),
    ],
)
def test_days_of_the_year_are_apart(one, other, apart):
    assert days_apart(one, other) == days_apart(other, one) == apart


def test_the_nearest_day_with_memories_is_found(db, make_photo):
    photos = Photo.objects.all()
    assert nearest_day(photos, [2021, 2019], date(2024, 5, 31)) is None
    make_photo(taken=datetime(2024, 5, 31, 9))  # of this year
    make_photo(taken=datetime(2019, 7, 1, 9))  # too far
    assert nearest_day(photos, [2021, 2019], date(2024, 5, 31)) is None
    make_photo(taken=datetime(2021, 6, 4, 9))
    make_photo(taken=datetime(2019, 5, 29, 9))
    assert nearest_day(photos, [2021, 2019], date(2024, 5, 31)) == date(2019, 5, 29)


def test_a_leap_day_has_neighbours(db, make_photo):
    make_photo(taken=datetime(2023, 2, 27, 9))
    assert nearest_day(Photo.objects.all(), [2023], date(2024, 2, 29)) == date(2023, 2, 27)


def test_memories_lead_to_their_day(now, owner, make_photo):
    make_photo(taken=datetime(2023, 5, 31, 9)), make_photo(taken=datetime(2019, 5, 31, 9))
    found = explore.memories(Visitor(owner))
    assert [(tile.title, tile.text) for tile in found] == [
        ("1 year ago", "31 May 2023"),
        ("5 years ago", "31 May 2019"),
    ]
    assert found[0].url == "/memories/day.2023-05-31/"
    assert found[0].plays == "memory.day.2023-05-31"


def test_places_are_towns_by_the_number_of_photos(owner, stranger, make_photo):
    for place in ("Porto", "Lisbon", "Lisbon"):
        make_photo(place=place, country_code="PT")
    make_photo(place="Vienna", archived=True), make_photo(place="Oslo", owner=stranger)
    found = explore.places(Visitor(owner))
    assert [(tile.title, tile.text) for tile in found] == [("Lisbon", "2 photos"), ("Porto", "1 photo")]
    assert found[0].url == "/search/?q=place%3A%22Lisbon%22"
    assert explore.places(Visitor(owner, "pt"))[0].title == "Lisboa"


def test_empty_shelves_are_left_out_and_the_rest_is_in_order(owner, make_photo):
    assert explore.filled(Visitor(owner)) == []
    make_photo(place="Porto")
    assert [shelf.title for shelf, _ in explore.filled(Visitor(owner))] == ["Memories", "Places"]
    places = [shelf.place for shelf in SHELVES.values()]
    assert len(set(places)) == len(places)


def test_the_years_before_are_those_with_photos(db, make_photo):
    for year in (2019, 2022, 2022, 2024):
        make_photo(taken=datetime(year, 1, 1))
    assert years_before(Photo.objects.all(), 2024) == [2022, 2019]


def test_what_takes_long_to_count_is_counted_again_after_a_change(owner, stranger, make_photo, monkeypatch):
    counted = []

    def count(visitor):
        counted.append(visitor.user)
        return []

    monkeypatch.setitem(SHELVES._entries, "slow", explore.Shelf("Slow", 99, count, kept=True))

    def times(user=owner, language="en"):
        counted.clear()
        explore.filled(Visitor(user, language))
        return len(counted)

    assert [times(), times()] == [1, 0]
    assert [times(stranger), times(language="de")] == [1, 1]
    make_photo()
    assert [times(), times()] == [1, 0]
    activity = Activity.objects.create(owner=owner, verb="archive")
    assert [times(), times()] == [1, 0]
    activity.mark_undone()
    assert [times(), times()] == [1, 0]
