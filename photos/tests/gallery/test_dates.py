from collections.abc import Callable
from datetime import datetime

import pytest

from photos.gallery import dates
from photos.gallery.memories import calendar
from photos.gallery.tiles import spoken
from photos.models import Photo


@pytest.mark.parametrize(
    ("precision", "day", "weekday", "moment"),
    [
        ("year", "1950", "1950", "1950"),
        ("month", "July 1950", "July 1950", "July 1950"),
        ("day", "4 July 1950", "Tuesday, 4 July 1950", "4 July 1950"),
        ("time", "4 July 1950", "Tuesday, 4 July 1950", "4 July 1950, 10:05"),
    ],
)
def test_no_more_is_told_than_is_known(precision: str, day: str, weekday: str, moment: str) -> None:
    photo = Photo(taken_local=datetime(1950, 7, 4, 10, 5), taken_precision=precision)
    told = (dates.day_text(photo), dates.weekday_text(photo), dates.moment_text(photo))
    assert told == (day, weekday, moment)
    assert dates.time_text(photo) == ("10:05" if precision == "time" else "")
    assert spoken(photo) == f"Photo, {moment}"


def test_on_new_years_day_pictures_of_a_year_alone_are_no_memories(make_photo: Callable[..., Photo]) -> None:
    year = make_photo(taken=datetime(1950, 1, 1), taken_precision="year")
    month = make_photo(taken=datetime(1951, 1, 1), taken_precision="month")
    day = make_photo(taken=datetime(1952, 1, 1), taken_precision="day")
    taken = make_photo(taken=datetime(1953, 1, 1, 15))
    assert {year, month}.isdisjoint({day, taken})
    memories = calendar.on_this_day(Photo.objects.all(), [1950, 1951, 1952, 1953], 1, 1)
    assert [photo for memory in memories for photo in memory.photos] == [taken, day]
