"""Memories of the library itself."""

from datetime import date, datetime

import pytest
from django.http import Http404

from photos.gallery.memories import own
from photos.gallery.memories.kinds import memory_or_404

TODAY = date(2024, 5, 31)


def told(memories):
    return [(memory.key, memory.title, memory.text) for memory in memories]


def test_this_day_in_earlier_years(owner, stranger, make_photo):
    wanted = make_photo(taken=datetime(2023, 5, 31, 9))
    make_photo(taken=datetime(2020, 5, 31, 9)), make_photo(taken=datetime(2024, 5, 31, 9))
    make_photo(taken=datetime(2019, 5, 31, 9), owner=stranger)
    found = own.days_for(owner, TODAY)
    assert told(found) == [
        ("day.2023-05-31", "1 year ago", "31 May 2023"),
        ("day.2020-05-31", "4 years ago", "31 May 2020"),
    ]
    assert (found[0].cover, list(found[0].photos)) == (wanted, [wanted])


def test_a_favourite_stands_for_its_day(owner, make_photo):
    make_photo(taken=datetime(2023, 5, 31, 9))
    liked = make_photo(taken=datetime(2023, 5, 31, 8), favourite=True)
    make_photo(taken=datetime(2023, 5, 31, 7))
    assert own.days_for(owner, TODAY)[0].cover == liked


def test_a_day_without_photos_offers_the_nearest(owner, make_photo):
    make_photo(taken=datetime(2021, 6, 4, 9)), make_photo(taken=datetime(2019, 5, 20, 9))
    assert told(own.days_for(owner, TODAY)) == [("day.2021-06-04", "3 years ago", "4 June 2021")]


def test_what_is_archived_trashed_or_rejected_is_no_memory(owner, make_photo):
    when = datetime(2023, 5, 31, 9)
    make_photo(taken=when, archived=True), make_photo(taken=when, rating=-1), make_photo(taken=when).delete()
    make_photo(taken=when, trashed_at="2024-01-01T00:00Z")
    assert own.days_for(owner, TODAY) == []


@pytest.mark.parametrize("key", ["day.9999-12-31", "day.0001-01-01", "month.9999-12", "month.0001-01"])
def test_the_ends_of_time_are_days_like_others(owner, key):
    assert list(memory_or_404(owner, key).photos) == []


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2024, 2, 29), (12, 2023)),
        (date(2024, 3, 1), (3, 2024)),
        (date(2024, 11, 30), (9, 2024)),
        (date(2024, 12, 1), (12, 2024)),
    ],
)
def test_when_seasons_begin(day, start):
    assert own.start_of_season(day) == start


@pytest.mark.parametrize(("latitude", "title"), [(47.0, "Spring 2022"), (-36.8, "Autumn 2022"), (None, "Spring 2022")])
def test_a_season_is_called_as_where_it_was(owner, make_photo, latitude, title):
    for day in range(own.LEAST_IN_SEASON):
        place = {} if latitude is None else {"latitude": latitude, "longitude": 10.0}
        make_photo(taken=datetime(2022, 4, 1 + day, 9), **place)
    assert told(own.seasons_for(owner, TODAY)) == [("season.2022-03", title, "March to May")]


def test_winter_has_two_years_and_each_week_another_season(owner, make_photo):
    for day in range(own.LEAST_IN_SEASON):
        make_photo(taken=datetime(2019, 1, 1 + day, 9)), make_photo(taken=datetime(2021, 12, 1 + day, 9))
    weeks = [own.seasons_for(owner, date(2024, 1, day))[0].title for day in (1, 8, 15)]
    assert weeks[0] == weeks[2] != weeks[1]
    assert set(weeks) == {"Winter 2018/19", "Winter 2021/22"}
    assert memory_or_404(owner, "season.2018-12").photos.count() == own.LEAST_IN_SEASON


def test_some_photos_are_no_season(owner, make_photo):
    make_photo(taken=datetime(2022, 4, 1, 9))
    assert own.seasons_for(owner, TODAY) == []


def test_the_month_nearest_in_the_calendar(owner, make_photo):
    (
        make_photo(taken=datetime(2021, 1, 5)),
        make_photo(taken=datetime(2022, 11, 5)),
        make_photo(taken=datetime(2024, 5, 1)),
    )
    assert told(own.months_for(owner, TODAY)) == [("month.2021-01", "January 2021", "")]
    assert told(own.months_for(owner, date(2024, 12, 1))) == [("month.2022-11", "November 2022", "")]


@pytest.mark.parametrize(
    "key",
    [
        "day.2024-13-01",
        "day.",
        "day",
        "season.2024-05",
        "season.9999-12",
        "month.2024",
        "cloud.1",
        "",
        "day.\0",
        "month.x",
    ],
)
def test_what_is_no_memory_is_not_found(owner, key):
    with pytest.raises(Http404):
        memory_or_404(owner, key)
