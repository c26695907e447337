"""The page Explore: shelves of tiles that show what a library holds. Apps add theirs in `AppConfig.ready`.

SHELVES.add("people", Shelf("People", 20, people_tiles, shape="round", more="people:people"))
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Activity, User
from mirage.registry import Registry
from mirage.wording import Words, number_in_words
from photos.access import photos_of
from photos.addresses import thumbnail_address
from photos.gallery import place_names
from photos.gallery.memories.today import suiting
from photos.gallery.timeline import TILE_FIELDS
from photos.models import Photo

PLACES = 12
MEMORIES = 8
KEPT_SECONDS = 600  # how long tiles are kept that take long to count; what workers find meanwhile appears then


@dataclass(frozen=True)
class Tile:
    """A link to some photos, with a picture or an icon."""

    title: str
    url: str
    picture: str = ""
    icon: str = "image"
    text: str = ""  # a smaller line, such as how many photos there are
    plays: str = ""  # the list that the player plays instead of following the link


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
    """A row of tiles under a title. `more` names the page with all of them; `shape` is round, square or wide.

    `kept` is for tiles that take long to count: they are found again after an action of the user or a new photo.
    """

    title: Words
    place: int  # the smallest comes first
    tiles: Callable[[Visitor], list[Tile]]
    shape: str = "square"
    more: str = ""
    kept: bool = False

    @property
    def more_url(self) -> str:
        return reverse(self.more) if self.more else ""


SHELVES: Registry[Shelf] = Registry("shelf")


def filled(visitor: Visitor) -> list[tuple[Shelf, list[Tile]]]:
    """The shelves that are not empty, in their order."""
    kept = kept_tiles(visitor)
    shelves = sorted(SHELVES.items(), key=lambda item: item[1].place)
    every = [(shelf, kept[name] if name in kept else shelf.tiles(visitor)) for name, shelf in shelves]
    return [(shelf, tiles) for shelf, tiles in every if tiles]


def kept_tiles(visitor: Visitor) -> dict[str, list[Tile]]:
    """The tiles that take long to count, as they were found since the library last changed."""
    place, state = f"explore:{visitor.user.pk}:{visitor.language}:{get_language()}", state_of(visitor.user)
    known: tuple[object, dict[str, list[Tile]]] | None = cache.get(place)
    if known is None or known[0] != state:
        known = state, {name: shelf.tiles(visitor) for name, shelf in SHELVES.items() if shelf.kept}
        cache.set(place, known, KEPT_SECONDS)
    return known[1]


def state_of(user: User) -> object:
    """Something that differs after whatever the user did to the library, and after each new photo."""
    newest = photos_of(user).order_by("-pk").values_list("pk", flat=True).first()
    done = Activity.objects.filter(owner=user).aggregate(latest=Max("pk"), undone=Max("undone_at"))
    return newest, done, user.automatic_labels


def search_url(text: str) -> str:
    """The address of a search."""
    return f"{reverse('search:search')}?{urlencode({'q': text})}"


def pictures(ids: Iterable[int | None]) -> dict[int, str]:
    """The addresses of thumbnails by the photos' ids."""
    found = Photo.objects.filter(displayable=True).only(*TILE_FIELDS).in_bulk([pk for pk in ids if pk])
    return {pk: thumbnail_address(photo, "small") for pk, photo in found.items()}


def memories(visitor: Visitor) -> list[Tile]:
    """The memories that suit today."""
    return [
        Tile(
            card.title,
            card.url,
            thumbnail_address(card.cover, "small"),
            text=card.text,
            plays=card.listing,
        )
        for card in suiting(visitor.user, visitor.today)[:MEMORIES]
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
            ngettext("%(number)s photo", "%(number)s photos", town["count"])
            % {"number": number_in_words(town["count"])},
        )
        for town in towns
    ]


OWN = {
    "memories": Shelf(_lazy("Memories"), 10, memories, shape="wide", more="photos:memories_strip"),
    "places": Shelf(_lazy("Places"), 30, places, more="photos:map"),
}
