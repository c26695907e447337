"""Covers of years, months and days, and memories: the arithmetic and the queries."""

from datetime import date, datetime

import pytest

from photos.access import photos_of
from photos.gallery.lists import LISTINGS
from photos.gallery.memories.calendar import MEMORIES_OF_YEAR, Span, days_of, months_of, on_this_day, years
from photos.gallery.stacking import stacks
from photos.gallery.timeline import Timeline
from photos.models import Photo


@pytest.fixture
def timeline(owner):
    return Timeline(LISTINGS["timeline"], photos_of(owner))


def told(spans: list[Span]) -> dict[date, tuple[int, Photo | None]]:
    return {span.first: (span.count, span.cover) for span in spans if span.count}


def test_days_are_counted_by_the_wall_clock(make_photo, timeline):
    first, late, early = (
        make_photo(taken=taken)
        for taken in (datetime(2024, 12, 1), datetime(2024, 12, 31, 23, 59, 59), datetime(2024, 12, 31))
    )
    make_photo(taken=datetime(2025, 1, 1))
    make_photo(taken=datetime(2024, 11, 30, 23, 59, 59))
    days = days_of(timeline, 2024, 12)
    assert [day.first.day for day in days] == list(range(1, 32))
    assert told(days) == {date(2024, 12, 1): (1, first), date(2024, 12, 31): (2, max(late, early, key=lambda p: p.pk))}
    assert len(days_of(timeline, 2024, 2)) == 29


def test_a_year_has_twelve_months(make_photo, timeline):
    new_year, eve = make_photo(taken=datetime(2024, 1, 1)), make_photo(taken=datetime(2024, 12, 31, 23, 59))
    make_photo(taken=datetime(2023, 12, 31, 23, 59))
    make_photo(taken=datetime(2025, 1, 1))
    months = months_of(timeline, 2024)
    assert [month.first.month for month in months] == list(range(1, 13))
    assert told(months) == {date(2024, 1, 1): (1, new_year), date(2024, 12, 1): (1, eve)}


def test_years_are_those_with_photos_the_latest_first(make_photo, timeline, django_assert_max_num_queries):
    make_photo(taken=datetime(2011, 5, 31))
    last = make_photo(taken=datetime(2011, 12, 31, 23, 59))
    make_photo(taken=datetime(2011, 6, 1))
    liked = make_photo(taken=datetime(2020, 2, 1), favourite=True)
    make_photo(taken=datetime(2020, 1, 1), favourite=True)
    make_photo(taken=datetime(2020, 3, 1))
    make_photo(taken=datetime(2021, 3, 1), trashed_at=datetime(2024, 6, 1).astimezone())
    make_photo(taken=datetime(2020, 12, 1), archived=True, favourite=True)
    hidden = make_photo(taken=datetime(2020, 12, 2), favourite=True)
    stacks.stack_chosen(liked.owner, [liked, hidden], liked.owner)  # its first photo stands for both
    years(timeline)  # counts what changed
    with django_assert_max_num_queries(4):
        found = years(timeline)
    assert [(year.first, year.count, year.cover) for year in found] == [
        (date(2020, 1, 1), 3, liked),
        (date(2011, 1, 1), 3, last),
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"favourite": True}, {"rating": 5}),
        ({"rating": 4}, {"rating": 3}),
        ({"kind": "photo"}, {"kind": "video"}),
    ],
)
def test_the_cover_is_what_somebody_liked_or_a_photo_rather_than_a_video(make_photo, timeline, better, worse):
    noon = datetime(2024, 5, 30, 12)
    chosen = make_photo(taken=noon, **better)
    make_photo(taken=noon, **worse)
    assert told(months_of(timeline, 2024)) == {date(2024, 5, 1): (2, chosen)}
    assert told(days_of(timeline, 2024, 5)) == {date(2024, 5, 30): (2, chosen)}


def test_the_same_day_in_other_years(make_photo):
    wanted = [make_photo(taken=datetime(year, 5, 31, hour)) for year, hour in ((2023, 23), (2023, 0), (2011, 12))]
    make_photo(taken=datetime(2023, 5, 30, 23, 59, 59))
    make_photo(taken=datetime(2023, 6, 1))
    make_photo(taken=datetime(2022, 5, 31))
    found = on_this_day(Photo.objects.all(), [2023, 2011, 2010], 5, 31)
    assert [(memory.date, memory.photos) for memory in found] == [
        (date(2023, 5, 31), wanted[:2]),
        (date(2011, 5, 31), wanted[2:]),
    ]


def test_the_day_that_few_years_have(make_photo):
    leap = make_photo(taken=datetime(2020, 2, 29))
    make_photo(taken=datetime(2021, 3, 1))
    (memory,) = on_this_day(Photo.objects.all(), [2021, 2020], 2, 29)
    assert memory.photos == [leap]
    assert on_this_day(Photo.objects.all(), [2021], 2, 29) == []


def test_a_long_day_is_shown_in_part(make_photo):
    made = [make_photo(taken=datetime(2020, 5, 1, number // 60, number % 60)) for number in range(75)]
    (memory,) = on_this_day(Photo.objects.all(), [2020], 5, 1)
    assert (len(memory.photos), memory.count) == (MEMORIES_OF_YEAR, 75)
    assert memory.photos[0] == made[-1]
    assert len(set(memory.photos)) == MEMORIES_OF_YEAR
