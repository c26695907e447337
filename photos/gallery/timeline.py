"""The queries of the gallery's lists: their photos in order, by pages and by months.

Lists are ordered by a time and the id, newest first, and use keyset pagination: a page comes before or after a cursor,
so the thousandth page is as fast as the first.
"""

import calendar
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any, Self

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from mirage.wording import Words
from photos.gallery.dates import written
from photos.gallery.kept import months
from photos.models import Photo, PhotoQuerySet

PAGE_SIZE = 100
PART_LIMIT = 1_000  # photos of a part that is asked for by its ends
PLACES_SHOWN = 2
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TILE_FIELDS = (
    "key", "owner_id", "kind", "width", "height", "duration", "animated", "thumbhash", "displayable", "favourite",
    "title", "original_name", "place", "country_code", "taken_local", "taken_precision", "added_at", "trashed_at",
    "stack_id", "turn", "rendition", "shown_width", "shown_height", "shown_duration",
)  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """One of the gallery's lists. `order` is the column of its time, which has a partial index (photos/models)."""

    slug: str
    title: Words
    icon: str
    select: Callable[[PhotoQuerySet], PhotoQuerySet] = field(repr=False)
    order: str = "taken_local"
    address: str = ""  # of the list's page, unless it is one of the gallery's own lists
    query: str = ""  # the query string of that address, with & at its end
    is_unnamed: bool = False  # the title stands in for a name that nobody has given
    in_trash: bool = False  # its photos can only be restored or deleted for good

    @property
    def by_taken(self) -> bool:
        """Whether its days are in local time, so that the scrubber can jump to months."""
        return self.order == "taken_local"


@dataclass(frozen=True, order=True)
class Cursor:
    """A place in a list: the photo with this time and id, or a place between two photos."""

    time: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.time - EPOCH) // timedelta(microseconds=1)}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The cursor for its text. Raises ValueError."""
        microseconds, _, number = text.partition(".")
        try:
            return cls(EPOCH + timedelta(microseconds=int(microseconds)), int(number))
        except OverflowError as error:
            raise ValueError(f"not a time: {text}") from error

    @classmethod
    def above(cls, day: date, zone: tzinfo = UTC) -> Self:
        """The place just above the newest photo of that day. Raises ValueError."""
        try:
            following = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
            return cls(following.astimezone(UTC), 0)
        except OverflowError as error:
            raise ValueError(f"not a day of a calendar: {day}") from error


def parse_day(text: str) -> date:
    """The day for yyyy-mm-dd, or the last day for yyyy-mm. Raises ValueError."""
    if len(text) == len("yyyy-mm"):
        first = datetime.strptime(text, "%Y-%m").date()
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return date.fromisoformat(text)


@dataclass(frozen=True)
class Day:
    """The photos of one day on a page."""

    date: date
    photos: list[Photo]
    start: Cursor
    end: Cursor
    heading: str = ""  # for lists that are not divided into days
    section: int = 0

    @property
    def iso(self) -> str:
        return self.date.isoformat()

    @property
    def short(self) -> str:
        return written(self.date, _("D j M"))

    @property
    def full(self) -> str:
        return written(self.date, _("j F Y"))

    @property
    def month(self) -> str:
        return self.iso[: len("yyyy-mm")]

    @property
    def month_name(self) -> str:
        return written(self.date, _("F Y"))

    @property
    def places(self) -> list[tuple[str, str]]:
        """The two places where most of the day's photos were taken, each with its country code."""
        counted = Counter((photo.place, photo.country_code) for photo in self.photos if photo.place)
        return [place for place, _ in counted.most_common(PLACES_SHOWN)]


@dataclass(frozen=True)
class Page:
    """A page of a list, newest first. `newer` and `older` are the cursors of the next pages, None at the ends."""

    days: list[Day]
    newer: Cursor | None
    older: Cursor | None


@dataclass(frozen=True)
class Month:
    """A month of a list and how many photos it has."""

    year: int
    month: int
    count: int

    @property
    def id(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)


@dataclass(frozen=True)
class Timeline:
    """One user's photos in one list. `zone` is the time zone of its days: UTC for local times."""

    listing: Listing
    owned: PhotoQuerySet
    zone: tzinfo = UTC

    @property
    def time_column(self) -> str:
        """The column that has the time in `photos`."""
        return self.listing.order

    @property
    def id_column(self) -> str:
        """The column that has the photo's id in `photos`."""
        return "pk"

    def photos(self) -> PhotoQuerySet:
        """All photos of the list, newest first, one per stack."""
        return self.listing.select(self.owned).as_tiles().order_by(f"-{self.listing.order}", "-id")

    def parse(self, text: str) -> Cursor:
        """The cursor for its text. Raises ValueError."""
        return Cursor.parse(text)

    def place_of(self, text: str) -> Cursor:
        """The cursor for a day or a month, as in `parse_day`. Raises ValueError."""
        return Cursor.above(parse_day(text), self.zone)

    def cursor(self, photo: Photo) -> Cursor | None:
        """The photo's place in the list. None if it has none, such as a restored photo in the trash."""
        time = getattr(photo, self.listing.order)
        return Cursor(time, photo.pk) if time else None

    def day(self, photo: Photo) -> date:
        return getattr(photo, self.listing.order).astimezone(self.zone).date()

    def below(self, cursor: Cursor) -> PhotoQuerySet:
        """The photos older than the cursor, newest first."""
        time, pk = self.time_column, self.id_column
        # The second condition implies the first, which lets the database find the place in the index.
        return self.photos().filter(
            Q(**{f"{time}__lte": cursor.time}), Q(**{f"{time}__lt": cursor.time}) | Q(**{f"{pk}__lt": cursor.id})
        )

    def above(self, cursor: Cursor) -> PhotoQuerySet:
        """The photos newer than the cursor, oldest first."""
        time, pk = self.time_column, self.id_column
        newer = Q(**{f"{time}__gt": cursor.time}) | Q(**{f"{pk}__gt": cursor.id})
        return self.photos().filter(Q(**{f"{time}__gte": cursor.time}), newer).reverse()

    def older(self, before: Cursor | None = None) -> Page:
        """The page below the cursor, or the newest page."""
        query = self.below(before) if before else self.photos()
        rows = list(query.with_stack_counts().only(*TILE_FIELDS)[: PAGE_SIZE + 1])
        kept = self._whole_days(rows)
        top = self.cursor(kept[0]) if kept else before
        return Page(
            days=self._days(kept),
            newer=top if before and top and self.above(top).exists() else None,
            older=self.cursor(kept[-1]) if len(rows) > len(kept) else None,
        )

    def newer(self, after: Cursor) -> Page:
        """The page above the cursor."""
        rows = list(self.above(after).with_stack_counts().only(*TILE_FIELDS)[: PAGE_SIZE + 1])
        kept = self._whole_days(rows)
        more = len(rows) > len(kept)
        kept.reverse()
        return Page(
            days=self._days(kept),
            newer=self.cursor(kept[0]) if more else None,
            older=self.cursor(kept[-1]) if kept else None,
        )

    def around(self, photo: Photo) -> Page:
        """The page with the photo: from the start of its day, or half a page before it if the day is long."""
        place = self.cursor(photo)
        if place is None:
            return self.older()
        midnight = Cursor.above(self.day(photo), self.zone)
        earlier = self.above(place).filter(**{f"{self.time_column}__lt": midnight.time})
        rows = list(earlier.values_list(self.listing.order, "pk")[: PAGE_SIZE // 2])
        return self.older(midnight if len(rows) < PAGE_SIZE // 2 else Cursor(*rows[-1]))

    def part(self, start: Cursor, end: Cursor) -> Page:
        """The photos from one place to the other, both included: a page that a browser had before."""
        rows = self.between(start, end).with_stack_counts().only(*TILE_FIELDS)
        return Page(self._days(list(rows[:PART_LIMIT])), None, None)

    def neighbours(self, photo: Photo) -> tuple[Photo | None, Photo | None]:
        """The next newer and the next older photo. For a photo in a stack, those of the stack's tile."""
        place = self.cursor(self.tile_of(photo))
        if place is None:
            return None, None
        return self.above(place).only(*TILE_FIELDS).first(), self.below(place).only(*TILE_FIELDS).first()

    def tile_of(self, photo: Photo) -> Photo:
        """The photo whose tile shows this one in the list: itself, or another one of its stack."""
        if photo.stack_id is None:
            return photo
        return self.photos().filter(stack=photo.stack_id).first() or photo

    def month_counts(self) -> QuerySet[Any, Any]:
        """Pairs of yyyymm and count, newest first."""
        return self.photos().order_by("-taken_month").values_list("taken_month").annotate(Count("pk"))

    def months(self) -> list[Month]:
        """The months of the list with their counts, newest first. Those of whole libraries are kept."""
        if self.owned.whole_of and self.listing.slug in months.LISTS:
            kept = months.counts(self.owned.whole_of, self.listing.slug)
            return [Month(month // 100, month % 100, count) for month, count in kept]
        return [Month(month // 100, month % 100, count) for month, count in self.month_counts()]

    def keys_of_day(self, text: str, limit: int) -> list[str]:
        """The keys of that day's photos, newest first. Raises ValueError."""
        day = parse_day(text)
        start, end = Cursor.above(day - timedelta(days=1), self.zone), Cursor.above(day, self.zone)
        time = self.time_column
        within = self.photos().filter(**{f"{time}__gte": start.time, f"{time}__lt": end.time})
        return list(within.values_list("key", flat=True)[:limit])

    def keys_between(self, one: Photo, other: Photo, limit: int) -> list[str]:
        """The keys from one photo to the other, both included, newest first."""
        ends = self._ends(one, other)
        if ends is None:
            return []
        low, high = ends
        return list(self.between(high, low).values_list("key", flat=True)[:limit])

    def between(self, start: Cursor, end: Cursor) -> PhotoQuerySet:
        """The photos from one place down to the other, both included."""
        time, pk = self.time_column, self.id_column
        return self.below(Cursor(start.time, start.id + 1)).filter(
            Q(**{f"{time}__gte": end.time}), Q(**{f"{time}__gt": end.time}) | Q(**{f"{pk}__gte": end.id})
        )

    def _ends(self, one: Photo, other: Photo) -> tuple[Cursor, Cursor] | None:
        """The cursors of two photos, the lower one first. None if one of them is not in the list."""
        places = [place for place in (self.cursor(one), self.cursor(other)) if place]
        return (min(places), max(places)) if len(places) == 2 else None

    def _whole_days(self, rows: list[Photo]) -> list[Photo]:
        """At most a page of the rows, cut at the end of a day unless that loses more than half."""
        if len(rows) <= PAGE_SIZE:
            return rows
        broken = self.day(rows[PAGE_SIZE])
        whole = [photo for photo in rows[:PAGE_SIZE] if self.day(photo) != broken]
        return whole if len(whole) >= PAGE_SIZE // 2 else rows[:PAGE_SIZE]

    def _days(self, photos: list[Photo]) -> list[Day]:
        groups = [(day, list(group)) for day, group in groupby(photos, key=self.day)]
        return [Day(day, group, self._place(group[0]), self._place(group[-1])) for day, group in groups]

    def _place(self, photo: Photo) -> Cursor:
        return Cursor(getattr(photo, self.listing.order), photo.pk)
