"""The time limit of searches, wherever they run: on the page, in smart albums, behind links, in the API."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy

from mirage.web.time_limit import time_limit
from photos.gallery.timeline import Cursor, Month, Page, Timeline
from photos.models import Photo

TOO_LONG = _lazy("This search takes too long. Leave something out, or narrow it down, for example by a date.")


def in_time() -> AbstractContextManager[None]:
    """Limits a search to MIRAGE_SEARCH_SECONDS. Raises TakesTooLong."""
    return time_limit(settings.MIRAGE_SEARCH_SECONDS, str(TOO_LONG))


class SearchedTimeline(Timeline):
    """A listing of search results. Each query raises TakesTooLong after the limit."""

    def older(self, before: Cursor | None = None) -> Page:
        with in_time():
            return super().older(before)

    def newer(self, after: Cursor) -> Page:
        with in_time():
            return super().newer(after)

    def around(self, photo: Photo) -> Page:
        with in_time():
            return super().around(photo)

    def part(self, start: Cursor, end: Cursor) -> Page:
        with in_time():
            return super().part(start, end)

    def neighbours(self, photo: Photo) -> tuple[Photo | None, Photo | None]:
        with in_time():
            return super().neighbours(photo)

    def months(self) -> list[Month]:
        with in_time():
            return super().months()

    def keys_of_day(self, text: str, limit: int) -> list[str]:
        with in_time():
            return super().keys_of_day(text, limit)

    def keys_between(self, one: Photo, other: Photo, limit: int) -> list[str]:
        with in_time():
            return super().keys_between(one, other, limit)
