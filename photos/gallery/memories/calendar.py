"""The calendar: how many photos each day of a year has, and the photos of one day in all years."""

import calendar
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from django.db.models import Count
from django.db.models.functions import TruncDate

from photos.gallery.timeline import TILE_FIELDS, Timeline
from photos.models import Photo, PhotoQuerySet

LEVELS = 4  # shades for days with photos
MEMORIES = 1_000  # photos of one day in all years, at most
MEMORIES_OF_YEAR = 30
NEAR = timedelta(days=10)  # the most that a memory's day may differ from today


@dataclass(frozen=True)
class YearDay:
    """A day of the year view. `level` is 0 without photos, and LEVELS for the days with the most photos."""

    date: date
    count: int
    level: int


@dataclass(frozen=True)
class YearMonth:
    """A month of the year view. `blanks` is the number of days from Monday to its first day."""

    first: date
    count: int
    blanks: int
    days: list[YearDay]


@dataclass(frozen=True)
class Memory:
    """Some photos of one day, and how many there are."""

    date: date
    photos: list[Photo]
    count: int


def day_counts(photos: PhotoQuerySet, year: int) -> dict[date, int]:
    """How many photos were taken on each day of a year, in local time."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, tzinfo=UTC) + timedelta(days=1)
    of_year = photos.filter(taken_local__gte=start, taken_local__lt=end).order_by()
    days = of_year.annotate(day=TruncDate("taken_local", tzinfo=UTC)).values_list("day")
    return dict(days.annotate(Count("pk")))


def months_of(year: int, counts: Mapping[date, int]) -> list[YearMonth]:
    """The months of a year with their days."""
    most = max(counts.values(), default=0)
    months = []
    for month in range(1, 13):
        blanks, length = calendar.monthrange(year, month)
        dates = [date(year, month, day) for day in range(1, length + 1)]
        days = [YearDay(day, counts.get(day, 0), level(counts.get(day, 0), most)) for day in dates]
        months.append(YearMonth(dates[0], sum(day.count for day in days), blanks, days))
    return months


def level(count: int, most: int) -> int:
    """The shade of a day, on a logarithmic scale: a wedding has a hundred times as many photos as a Tuesday."""
    return math.ceil(LEVELS * math.log1p(count) / math.log1p(most)) if count else 0


def years_of(timeline: Timeline) -> dict[int, int]:
    """The number of photos by year, the latest year first."""
    counts: dict[int, int] = {}
    for month in timeline.months():
        counts[month.year] = counts.get(month.year, 0) + month.count
    return counts


def memories_of(timeline: Timeline, day: date, *, but: int) -> list[Memory]:
    """The photos of this day of the year, in all years of the list but one."""
    return on_this_day(timeline.photos(), [year for year in years_of(timeline) if year != but], day.month, day.day)


def on_this_day(photos: PhotoQuerySet, years: list[int], month: int, day: int) -> list[Memory]:
    """The photos of one day of the year in each of these years, the latest year first."""
    days = [date(year, month, day) for year in years if day <= calendar.monthrange(year, month)[1]]
    found = in_spans(photos.only(*TILE_FIELDS), [(of_year, of_year) for of_year in days])
    memories = []
    for taken, group in groupby(found[:MEMORIES], key=lambda photo: photo.taken_local.date()):
        of_day = list(group)
        memories.append(Memory(taken, spread(of_day, MEMORIES_OF_YEAR), len(of_day)))
    return memories


def in_spans(photos: PhotoQuerySet, spans: list[tuple[date, date]]) -> PhotoQuerySet:
    """The photos from the first to the last day of each of these spans, the latest first, if their day is known.

    Each span is a query of its own, joined to the others: databases read the whole library for one with many ORs.
    """
    dated = photos.filter(taken_precision__in=(Photo.Precision.DAY, Photo.Precision.TIME)).order_by()
    parts = []
    for first, last in spans:
        start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last))
        parts.append(dated.filter(taken_local__gte=start, taken_local__lt=end + timedelta(days=1)))
    if not parts:
        return photos.none()
    whole = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return whole.order_by("-taken_local", "-id")


def years_before(photos: PhotoQuerySet, year: int) -> list[int]:
    """The years before this one in which something was taken, the latest first."""
    months = photos.order_by().filter(taken_month__lt=year * 100).values_list("taken_month", flat=True).distinct()
    return sorted({month // 100 for month in months}, reverse=True)


def nearest_day(photos: PhotoQuerySet, years: list[int], today: date) -> date | None:
    """The day of the year nearest to today with photos from these years. None if there is none within NEAR."""
    middles = [
        date(year, today.month, min(today.day, calendar.monthrange(year, today.month)[1])) for year in years if year > 1
    ]
    found = in_spans(photos.only("taken_local"), [(middle - NEAR, middle + NEAR) for middle in middles])
    days = {photo.taken_local.date() for photo in found}
    return min(days, key=lambda day: (days_apart(day, today), day), default=None)


def days_apart(one: date, other: date) -> int:
    """How many days two days of the year are apart, regardless of the years and across New Year."""
    apart = abs(one.timetuple().tm_yday - other.timetuple().tm_yday)
    return min(apart, 365 - apart)


def spread(photos: list[Photo], limit: int) -> list[Photo]:
    """At most that many of the photos, evenly spread."""
    if len(photos) <= limit:
        return photos
    return [photos[place * len(photos) // limit] for place in range(limit)]
