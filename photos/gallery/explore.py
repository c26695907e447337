"""The page Explore: shelves of tiles that show what a library holds. Apps add theirs in `AppConfig.ready`.

SHELVES.add("people", Shelf("People", 20, people_tiles, shape="round", more="people:people"))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mirage.registry import Registry
from mirage.wording import counted
from photos.access import photos_of, timeline_photos
from photos.addresses import thumbnail_address
from photos.gallery import place_names
from photos.gallery.calendar import nearest_day, on_this_day, years_before
from photos.gallery.timeline import TILE_FIELDS
from photos.models import Photo

PLACES = 12
MEMORIES = 8


@dataclass(frozen=True)
class Tile:
    """A link to some photos, with a picture or an icon."""

    title: str
    url: str
    picture: str = ""
    icon: str = "image"
    text: str = ""  # a smaller line, such as how many photos there are


@dataclass(frozen=True)
class Visitor:
    """The user who sees the page, and the language of place names."""

    user: User
    language: str = place_names.ENGLISH

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.user.zone)


@dataclass(frozen=True)
class Shelf:
    """A row of tiles under a title. `more` names the page with all of them; `shape` is round, square or wide."""

    title: str
    place: int  # the smallest comes first
    tiles: Callable[[Visitor], list[Tile]]
    shape: str = "square"
    more: str = ""

    @property
    def more_url(self) -> str:
        return reverse(self.more) if self.more else ""


SHELVES: Registry[Shelf] = Registry("shelf")


def filled(visitor: Visitor) -> list[tuple[Shelf, list[Tile]]]:
    """The shelves that are not empty, in their order."""
    shelves = [(shelf, shelf.tiles(visitor)) for shelf in sorted(SHELVES.values(), key=lambda shelf: shelf.place)]
    return [(shelf, tiles) for shelf, tiles in shelves if tiles]


def search_url(text: str) -> str:
    """The address of a search."""
    return f"{reverse('search:search')}?{urlencode({'q': text})}"


def pictures(ids: Iterable[int | None]) -> dict[int, str]:
    """The addresses of thumbnails by the photos' ids."""
    found = Photo.objects.filter(displayable=True).only(*TILE_FIELDS).in_bulk([pk for pk in ids if pk])
    return {pk: thumbnail_address(photo, "small") for pk, photo in found.items()}


def memories(visitor: Visitor) -> list[Tile]:
    """Photos of today's date in earlier years, or of the nearest day with photos."""
    photos, today = timeline_photos(visitor.user).on_timeline().as_tiles(), visitor.today
    years = years_before(photos, today.year)
    day = nearest_day(photos, years, today)
    if day is None:
        return []
    found = on_this_day(photos, years, day.month, day.day)[:MEMORIES]
    return [
        Tile(
            counted(today.year - memory.date.year, "year") + " ago",
            f"{reverse('photos:memories')}?day={day:%m-%d}",
            thumbnail_address(memory.photos[0], "small"),
            text=f"{memory.date:%-d %B %Y}",
        )
        for memory in found
    ]


def places(visitor: Visitor) -> list[Tile]:
    """The towns with the most photos."""
    placed = photos_of(visitor.user).on_timeline().exclude(place="").order_by().values("place", "country_code")
    towns = placed.annotate(count=Count("pk"), newest=Max("pk")).order_by("-count", "place")[:PLACES]
    covers = pictures(town["newest"] for town in towns)
    return [
        Tile(
            place_names.town_in(visitor.language, town["country_code"], town["place"]),
            search_url(f'place:"{town["place"]}"'),
            covers.get(town["newest"], ""),
            "map-pin",
            counted(town["count"]),
        )
        for town in towns
    ]


OWN = {
    "memories": Shelf("Memories", 10, memories, shape="wide", more="photos:memories"),
    "places": Shelf("Places", 30, places, more="photos:map"),
}
