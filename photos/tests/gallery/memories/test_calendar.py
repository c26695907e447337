"""Days of a year and memories: the arithmetic and the queries."""

from datetime import date, datetime

from photos.gallery.memories.calendar import MEMORIES_OF_YEAR, day_counts, level, months_of, on_this_day
from photos.models import Photo


def test_days_are_counted_by_the_wall_clock(make_photo):
    for taken in (datetime(2024, 1, 1), datetime(2024, 12, 31, 23, 59, 59), datetime(2024, 12, 31)):
        make_photo(taken=taken)
    make_photo(taken=datetime(2025, 1, 1))
    make_photo(taken=datetime(2023, 12, 31, 23, 59))
    assert day_counts(Photo.objects.all(), 2024) == {date(2024, 1, 1): 1, date(2024, 12, 31): 2}


def test_the_months_of_a_year():
    months = months_of(2024, {date(2024, 2, 29): 7, date(2024, 9, 1): 1})
    assert [len(month.days) for month in months] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert [month.blanks for month in months[:2]] == [0, 3]  # a Monday, a Thursday
    assert (months[1].count, months[1].days[-1].count, months[1].days[-1].level) == (7, 7, 4)
    assert months[0].days[0].level == 0
    assert months[8].blanks == 6


def test_shades_grow_with_the_count():
    assert [level(count, 1000) for count in (0, 1, 10, 100, 1000)] == [0, 1, 2, 3, 4]
    assert level(1, 1) == 4


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
