"""The lists' queries: order, pages, days, months, neighbours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photos.access import photos_of
from photos.gallery.lists import LISTINGS
from photos.gallery.timeline import PAGE_SIZE, Cursor, Page, Timeline, parse_day
from photos.models import Photo


def timeline(owner, name="timeline", zone=UTC):
    return Timeline(LISTINGS[name], photos_of(owner), zone)


def names(page: Page) -> list[str]:
    return [photo.original_name for day in page.days for photo in day.photos]


def fill(make_photo, count, start=datetime(2024, 5, 1, 12), step=timedelta(days=-1)):
    return [make_photo(name=f"{number}.jpg", taken=start + number * step) for number in range(count)]


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 4)


def test_newest_first_by_the_wall_clock_and_then_by_id(owner, make_photo):
    noon = datetime(2024, 5, 1, 12)
    for name, taken in (("old", noon), ("new", noon + timedelta(hours=1)), ("same", noon)):
        make_photo(name=name, taken=taken)
    assert names(timeline(owner).older()) == ["new", "same", "old"]


def test_each_list_holds_what_it_says(owner, make_photo, django_assert_num_queries):
    make_photo(name="plain")
    make_photo(name="favourite", favourite=True)
    make_photo(name="archived", archived=True)
    make_photo(name="favourite archived", favourite=True, archived=True)
    make_photo(name="video", kind="video")
    make_photo(name="trashed", trashed_at=datetime(2024, 6, 1, tzinfo=UTC), favourite=True)
    make_photo(name="not ready", displayable=False)
    found = {name: set(names(timeline(owner, name).older())) for name in LISTINGS}
    assert found == {
        "timeline": {"plain", "favourite", "video"},
        "recent": {"plain", "favourite", "video"},
        "favourites": {"favourite", "favourite archived"},
        "videos": {"video"},
        "archive": {"archived", "favourite archived"},
        "trash": {"trashed"},
    }


def test_pages_follow_each_other_without_loss_or_repetition(owner, make_photo, small_pages):
    made = fill(make_photo, 11)
    seen, page = [], timeline(owner).older()
    assert page.newer is None
    while True:
        seen += names(page)
        if page.older is None:
            break
        page = timeline(owner).older(page.older)
        assert page.newer is not None
    assert seen == [photo.original_name for photo in made]


def test_pages_upwards_meet_the_ones_downwards(owner, make_photo, small_pages):
    made = fill(make_photo, 11)
    seen: list[str] = []
    page = timeline(owner).newer(Cursor(datetime(2000, 1, 1, tzinfo=UTC), 0))
    while True:
        seen = names(page) + seen
        if page.newer is None:
            break
        page = timeline(owner).newer(page.newer)
    assert seen == [photo.original_name for photo in made]


def test_photos_of_one_instant_are_told_apart_by_id(owner, make_photo, small_pages):
    fill(make_photo, 10, step=timedelta())
    first = timeline(owner).older()
    second = timeline(owner).older(first.older)
    assert names(first) == ["9.jpg", "8.jpg", "7.jpg", "6.jpg"]
    assert names(second) == ["5.jpg", "4.jpg", "3.jpg", "2.jpg"]
    assert names(timeline(owner).newer(second.newer)) == names(first)


def test_a_page_ends_with_a_day_unless_the_day_is_long(owner, make_photo, small_pages):
    fill(make_photo, 3)
    fill(make_photo, 3, start=datetime(2024, 4, 1, 12), step=timedelta(minutes=-1))
    assert len(names(timeline(owner).older())) == 3
    fill(make_photo, 6, start=datetime(2024, 6, 1, 12), step=timedelta(minutes=-1))
    assert len(names(timeline(owner).older())) == 4


def test_days_carry_date_cursors_and_at_most_two_places(owner, make_photo):
    for place in ("Porto", "Lisbon", "Lisbon", "", "Faro", "Porto"):
        make_photo(place=place, country_code="PT")
    (day,) = timeline(owner).older().days
    assert day.date == date(2024, 5, 1)
    assert sorted(day.places) == [("Lisbon", "PT"), ("Porto", "PT")]
    assert (day.start.id, day.end.id) == (day.photos[0].pk, day.photos[-1].pk)


def test_a_list_by_instant_has_its_days_in_the_users_zone(owner, make_photo):
    make_photo(added_at=datetime(2024, 5, 1, 23, 30, tzinfo=UTC))
    zoned = timeline(owner, "recent", ZoneInfo("Europe/Lisbon"))  # an hour ahead in May
    assert [day.date for day in zoned.older().days] == [date(2024, 5, 2)]
    assert zoned.keys_of_day("2024-05-02", 10)
    assert not zoned.keys_of_day("2024-05-01", 10)


def test_a_month_is_entered_above_its_last_day(owner, make_photo):
    for month in (4, 5, 6):
        make_photo(name=f"{month}", taken=datetime(2024, month, 28, 23, 59, 59))
    page = timeline(owner).older(Cursor.above(parse_day("2024-05")))
    assert names(page) == ["5", "4"]
    assert names(timeline(owner).newer(page.newer)) == ["6"]


def test_below_the_oldest_photo_there_is_a_way_back(owner, make_photo):
    make_photo(name="only")
    page = timeline(owner).older(Cursor(datetime(1999, 1, 1, tzinfo=UTC), 0))
    assert (page.days, page.older) == ([], None)
    assert names(timeline(owner).newer(page.newer)) == ["only"]


def test_the_page_around_a_photo_shows_it(owner, make_photo, small_pages):
    made = fill(make_photo, 12, step=timedelta(minutes=-1))
    for photo in (made[0], made[1], made[6], made[11]):
        assert photo.original_name in names(timeline(owner).around(photo))
    assert names(timeline(owner).around(made[1]))[0] == made[0].original_name


def test_months_are_counted_newest_first(owner, stranger, make_photo):
    for taken in (datetime(2023, 12, 31), datetime(2024, 1, 1), datetime(2024, 1, 31)):
        make_photo(taken=taken)
    make_photo(taken=datetime(2022, 1, 1), owner=stranger)
    assert [(m.year, m.month, m.count) for m in timeline(owner).months()] == [(2024, 1, 2), (2023, 12, 1)]


def test_neighbours_are_those_of_the_list(owner, make_photo):
    made = fill(make_photo, 5)
    Photo.objects.filter(pk__in=[made[0].pk, made[4].pk]).update(favourite=True)
    assert timeline(owner).neighbours(made[2]) == (made[1], made[3])
    assert timeline(owner).neighbours(made[0]) == (None, made[1])
    assert timeline(owner, "favourites").neighbours(made[2]) == (made[0], made[4])
    assert timeline(owner, "trash").neighbours(made[2]) == (None, None)


def test_keys_between_two_photos_include_both_in_either_order(owner, make_photo):
    made = fill(make_photo, 6)
    keys = [photo.key for photo in made[1:4]]
    assert timeline(owner).keys_between(made[1], made[3], 100) == keys
    assert timeline(owner).keys_between(made[3], made[1], 100) == keys
    assert timeline(owner).keys_between(made[3], made[1], 2) == keys[:2]


def test_a_page_costs_the_same_number_of_queries_whatever_its_size(owner, make_photo, django_assert_num_queries):
    for count in (3, 30):
        fill(make_photo, count)
        with django_assert_num_queries(1):
            [day.places for day in timeline(owner).older().days]


def test_the_indexes_made_for_the_lists_are_used(owner, make_photo):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a table of a few rows without its indexes")
    cursor = Cursor(datetime(2024, 1, 1, tzinfo=UTC), 7)
    indexes = {"timeline": "photo_timeline"} | {name: f"photo_{name}" for name in LISTINGS if name != "timeline"}
    for name, index in indexes.items():
        for query in (timeline(owner, name).below(cursor), timeline(owner, name).above(cursor)):
            plan = query.explain()
            assert f"INDEX {index} " in plan, f"{name}: {plan}"
            assert "TEMP B-TREE" not in plan, f"{name}: {plan}"
    assert "INDEX photo_favourites " in timeline(owner, "favourites").month_counts().explain()


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**62))
def test_a_cursor_survives_its_text(time, number):
    cursor = Cursor(time, number)
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "x", "1", "1.x", "9" * 40 + ".1", "."])
def test_invalid_cursors_are_refused(text):
    with pytest.raises(ValueError):
        Cursor.parse(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2024-02", date(2024, 2, 29)), ("2023-12", date(2023, 12, 31)), ("2024-02-03", date(2024, 2, 3))],
)
def test_a_month_stands_for_its_last_day(text, day):
    assert parse_day(text) == day


@pytest.mark.parametrize("text", ["", "2024", "2024-13", "2024-02-30", "today"])
def test_invalid_days_are_refused(text):
    with pytest.raises(ValueError):
        parse_day(text)


def test_the_last_day_of_the_calendar_is_refused():
    with pytest.raises(ValueError):
        Cursor.above(date.max)


def test_a_page_is_large_enough_to_fill_a_screen():
    assert PAGE_SIZE >= 60
