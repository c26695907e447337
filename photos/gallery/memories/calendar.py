"""The calendar: covers of years, months and days, and the photos of one day in all years."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, Q, Subquery
from django.db.models.functions import Coalesce, TruncDate

from photos.gallery.timeline import TILE_FIELDS, Timeline
from photos.models import Photo, PhotoQuerySet

GOOD = 4  # stars of a photo that is a cover before others
MEMORIES = 1_000  # photos of one day in all years, at most
MEMORIES_OF_YEAR = 30
NEAR = timedelta(days=10)  # the most that a memory's day may differ from today
# The cover of a month or a day: a favourite, or one with many stars, or any photo, or a video; the one added last.
BEST = Coalesce(
    Max("pk", filter=Q(favourite=True)),
    Max("pk", filter=Q(rating__gte=GOOD)),
    Max("pk", filter=Q(kind=Photo.Kind.PHOTO)),
    Max("pk"),
)


@dataclass(frozen=True)
class Span:
    """A year, a month or a day of the calendar: its first day, how many photos it has, and one of them."""

    first: date
    count: int = 0
    cover: Photo | None = None


@dataclass(frozen=True)
class Memory:
    """Some photos of one day, and how many there are."""

    date: date
    photos: list[Photo]
    count: int


def years(timeline: Timeline) -> list[Span]:
    """The years with photos, the latest first. Their covers are the last favourites, else the last photos."""
    counts = years_of(timeline)
    lasts = {year: last_of(timeline, year) for year in counts}
    covers = {
        photo.taken_month // 100: photo
        for photo in timeline.owned.only(*TILE_FIELDS, "taken_month").filter(pk__in=list(lasts.values()))
    }
    return [Span(date(year, 1, 1), count, covers.get(year)) for year, count in counts.items()]


def last_of(timeline: Timeline, year: int) -> Coalesce:
    """The id of the favourite that was taken last in a year, or else of the photo: one step in an index each."""
    shown = timeline.photos().order_by("-taken_local", "-id")
    of_year = shown.filter(between(date(year, 1, 1), date(year, 12, 31))).values("pk")
    return Coalesce(Subquery(of_year.filter(favourite=True)[:1]), Subquery(of_year[:1]))


def months_of(timeline: Timeline, year: int) -> list[Span]:
    """The twelve months of a year."""
    of_year = taken_between(timeline.photos(), date(year, 1, 1), date(year, 12, 31))
    rows = of_year.values("taken_month").annotate(count=Count("pk"), cover=BEST)
    found = {date(year, row["taken_month"] % 100, 1): row for row in rows}
    return spans(timeline, [date(year, month, 1) for month in range(1, 13)], found)


def days_of(timeline: Timeline, year: int, month: int) -> list[Span]:
    """The days of a month."""
    length = calendar.monthrange(year, month)[1]
    days = [date(year, month, day) for day in range(1, length + 1)]
    of_month = taken_between(timeline.photos(), days[0], days[-1]).annotate(day=TruncDate("taken_local", tzinfo=UTC))
    rows = of_month.values("day").annotate(count=Count("pk"), cover=BEST)
    return spans(timeline, days, {row["day"]: row for row in rows})


def spans(timeline: Timeline, firsts: list[date], rows: Mapping[date, Mapping[str, Any]]) -> list[Span]:
    """A span for each of these days, with what a query found for it."""
    covers = in_bulk(timeline, (row["cover"] for row in rows.values()))
    return [
        Span(first, rows[first]["count"], covers.get(rows[first]["cover"])) if first in rows else Span(first)
        for first in firsts
    ]


def in_bulk(timeline: Timeline, ids: Iterable[int]) -> dict[int, Photo]:
    return timeline.owned.only(*TILE_FIELDS).in_bulk(list(ids))


def taken_between(photos: PhotoQuerySet, first: date, last: date) -> PhotoQuerySet:
    """The photos from one day to another, both included, by the clock of where they were taken, in no order."""
    return photos.filter(between(first, last)).order_by()


def between(first: date, last: date) -> Q:
    """Taken from one day to another, both included, by the clock of where it was."""
    start, end = datetime.combine(first, time.min, UTC), datetime.combine(last, time.max, UTC)
    return Q(taken_local__gte=start, taken_local__lte=end)


def years_of(timeline: Timeline) -> dict[int, int]:
    """The number of photos by year, the latest year first."""
    counts: dict[int, int] = {}
    for month in timeline.months():
        counts[month.year] = counts.get(month.year, 0) + month.count
    return counts


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
    parts = [dated.filter(between(first, last)) for first, last in spans]
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
