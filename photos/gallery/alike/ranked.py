"""A list of the gallery ordered by rank, such as similar photos."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby

from django.db.models import Case, When

from photos.gallery.timeline import EPOCH, Cursor, Day, Month, Page, Timeline
from photos.models import Photo, PhotoQuerySet


@dataclass(frozen=True)
class Ranked:
    """A photo in the list: its id and its heading."""

    id: int
    heading: str


@dataclass(frozen=True)
class Ranking(Timeline):
    """A short list on a single page, with sections instead of days. `newer` means before, `older` means after."""

    ranks: Sequence[Ranked] = field(kw_only=True)

    def photos(self) -> PhotoQuerySet:
        cases = [When(pk=one.id, then=rank) for rank, one in enumerate(self.ranks)]
        found = self.listing.select(self.owned).filter(pk__in=[one.id for one in self.ranks]).as_tiles()
        return found.annotate(rank=Case(*cases, default=-1)).order_by("rank")

    def cursor(self, photo: Photo) -> Cursor | None:
        """A place by rank. A photo outside the list, such as the one that is compared with, comes first."""
        ranks = {one.id: rank for rank, one in enumerate(self.ranks)}
        return Cursor(EPOCH + timedelta(microseconds=ranks.get(photo.pk, -1) + 1), photo.pk)

    def below(self, cursor: Cursor) -> PhotoQuerySet:
        return self._among(self.ranks[rank_at(cursor) + 1 :])

    def above(self, cursor: Cursor) -> PhotoQuerySet:
        return self._among(self.ranks[: max(rank_at(cursor), 0)]).reverse()

    def _among(self, ranks: Sequence[Ranked]) -> PhotoQuerySet:
        return self.photos().filter(pk__in=[one.id for one in ranks])

    def older(self, before: Cursor | None = None) -> Page:
        return Page(self._days(list(self.photos().with_stack_counts())), None, None)

    def newer(self, after: Cursor) -> Page:
        return self.older()

    def around(self, photo: Photo) -> Page:
        return self.older()

    def part(self, start: Cursor, end: Cursor) -> Page:
        return self.older()

    def place_of(self, text: str) -> Cursor:
        return Cursor(EPOCH, 0)

    def months(self) -> list[Month]:
        return []

    def keys_of_day(self, text: str, limit: int) -> list[str]:
        return []  # all tiles are loaded, so the page does not ask

    def keys_between(self, one: Photo, other: Photo, limit: int) -> list[str]:
        low, high = sorted(rank_at(place) for place in (self.cursor(one), self.cursor(other)) if place)
        within = self._among(self.ranks[max(low, 0) : high + 1])
        return list(within.values_list("key", flat=True)[:limit])

    def _days(self, photos: list[Photo]) -> list[Day]:
        headings = {one.id: one.heading for one in self.ranks}
        groups = [(name, list(group)) for name, group in groupby(photos, key=lambda photo: headings[photo.pk])]
        return [
            Day(self.day(group[0]), group, Cursor(EPOCH, 0), Cursor(EPOCH, 0), name, number)
            for number, (name, group) in enumerate(groups)
        ]


def rank_at(cursor: Cursor) -> int:
    return (cursor.time - EPOCH) // timedelta(microseconds=1) - 1
