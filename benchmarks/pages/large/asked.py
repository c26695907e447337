"""What is asked of a large library: the address of every list, page and search, and when its answer should be there."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from benchmarks.pages.timeline import YEARS
from benchmarks.web import TYPED

HTMX = {"HX-Request": "true"}
SEARCHES = {
    "a word": "beach",
    "words": "lake birthday OR garden",
    "text in pictures": "text:{word}",
    "a person": "person:Person7",
    "two people": "person:Person7,Person8 all date:2015..2020",
    "a tag": "tag:travel",
    "a place": "place:Lisbon -type:video",
    "a time": "date:summer 2018",
    "a thing": "dog",
    "numbers": "iso:>800 f:<2.8 is:favourite",
    "a camera": "camera:canon taken:morning has:faces",
    "a sentence": "photos of person7 in lisbon in summer 2018",
    "without": "christmas 2015 without person7",
    "mistyped": "lisbom",
    "everything": "is:favourite OR type:video",
}
ZOOMS = {"the world": (0, "-180,-85,180,85"), "a continent": (3, "-15,35,30,60"), "a country": (6, "-10,36,-6,42"),
         "a town": (11, "-9.4,38.5,-8.9,38.9"), "a street": (15, "-9.15,38.71,-9.13,38.73")}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """An address to ask for, anew each round, and the goal of its 95th percentile in milliseconds."""

    name: str
    address: Callable[[], str]
    goal: int = 50
    htmx: bool = False
    api: bool = False


class Ways:
    """Makes addresses by chance from what is in the library."""

    def __init__(self) -> None:
        from albums.models import Album
        from people.models import Person
        from photos.models import Photo, PhotoText
        from tags.models import Tag

        self.chance = random.Random(9)
        self.count = Photo.objects.order_by("-pk").values_list("pk", flat=True)[0]
        some = self.chance.sample(range(1, self.count + 1), 200)
        self.keys = list(Photo.objects.filter(pk__in=some, trashed_at=None).values_list("key", flat=True))
        self.albums = list(Album.objects.order_by("pk").values_list("key", flat=True)[:40])
        self.people = list(Person.objects.order_by("pk").values_list("key", flat=True)[:40])
        self.tags = list(Tag.objects.order_by("pk").values_list("pk", flat=True)[:40])
        self.word = PhotoText.objects.values_list("text", flat=True)[0].split()[0]

    def month(self) -> str:
        return f"{self.chance.randint(2006, 2025)}-{self.chance.randint(1, 12):02}"

    def cursor(self) -> str:
        moment = datetime(2006, 1, 1, tzinfo=UTC) + timedelta(days=self.chance.randrange(YEARS * 365))
        return f"{int(moment.timestamp()) * 1_000_000}.{self.chance.randint(1, self.count)}"

    def one(self, of: list[str]) -> str:
        return str(self.chance.choice(of))


def everything() -> list[Asked]:
    ways = Ways()
    return [*lists(ways), *collections(ways), *through_the_api(ways), *searches(ways), *on_the_map()]


def lists(ways: Ways) -> list[Asked]:
    one = ways.one
    return [
        Asked("timeline, whole page", lambda: "/"),
        Asked("timeline, a month", lambda: f"/?at={ways.month()}", htmx=True),
        Asked("timeline, page below", lambda: f"/?before={ways.cursor()}", htmx=True),
        Asked("timeline, page above", lambda: f"/?after={ways.cursor()}", htmx=True),
        Asked("timeline, around a photo", lambda: f"/?photo={one(ways.keys)}"),
        Asked("months", lambda: "/months/", htmx=True),
        Asked("months of favourites", lambda: "/months/?in=favourites", htmx=True),
        *(Asked(name, lambda name=name: f"/{name}/", htmx=True)  # type: ignore[misc]
          for name in ("recent", "favourites", "videos", "archive", "trash")),
        Asked("favourites, a month", lambda: f"/favourites/?at={ways.month()}", htmx=True),
        Asked("viewer", lambda: f"/photo/{one(ways.keys)}/", htmx=True),
        Asked("viewer, info", lambda: f"/photo/{one(ways.keys)}/info/", htmx=True),
    ]  # fmt: skip


def collections(ways: Ways) -> list[Asked]:
    one = ways.one
    return [
        Asked("people", lambda: "/people/", 100),
        Asked("a person", lambda: f"/people/person/{one(ways.people)}/"),
        Asked("a person, months", lambda: f"/months/?in=person.{one(ways.people)}", htmx=True),
        Asked("albums", lambda: "/albums/"),
        Asked("an album", lambda: f"/albums/album/{one(ways.albums)}/"),
        Asked("tags", lambda: "/tags/"),
        Asked("a tag", lambda: f"/tags/{ways.chance.choice(ways.tags)}/"),
        Asked("folders", lambda: "/folders/"),
        Asked("a folder", lambda: f"/folders/Pictures/{ways.chance.randint(2006, 2025)}/"),
        Asked("years", lambda: "/years/"),
        Asked("a year", lambda: f"/years/{ways.chance.randint(2006, 2025)}/"),
        Asked("memories", lambda: "/memories/strip/", htmx=True),
        Asked("explore", lambda: "/explore/"),
        Asked("library", lambda: "/library/"),
        Asked("tidy up", lambda: "/tidy/"),
        Asked("storage", lambda: "/storage/"),
        Asked("duplicates", lambda: "/duplicates/"),
        Asked("palette", lambda: "/palette/?q=al+nu+7", htmx=True),
    ]


def through_the_api(ways: Ways) -> list[Asked]:
    one = ways.one
    addresses = {
        "photos": lambda: "photos",
        "photos, a page below": lambda: f"photos?cursor={ways.cursor()}",
        "favourites": lambda: "photos?list=favourites",
        "an album": lambda: f"photos?list=album.{one(ways.albums)}",
        "a person": lambda: f"photos?list=person.{one(ways.people)}",
        "a photo": lambda: f"photos/{one(ways.keys)}",
        "albums": lambda: "albums",
        "people": lambda: "people",
        "tags": lambda: "tags",
        "changes": lambda: "changes",
        "duplicates": lambda: "duplicates",
        "memories": lambda: "memories",
    }
    return [
        Asked(f"API, {name}", lambda make=make: f"/api/v1/{make()}", 100 if name == "people" else 50, api=True)  # type: ignore[misc]
        for name, make in addresses.items()
    ]


def searches(ways: Ways) -> list[Asked]:
    found: list[Asked] = []
    for name, text in SEARCHES.items():
        query = urlencode({"q": text.replace("{word}", ways.word)})
        found += [
            Asked(f"search, {name}", lambda query=query: f"/search/?{query}", 150),  # type: ignore[misc]
            Asked(f"facets, {name}", lambda query=query: f"/search/narrow/?{query}", 300, htmx=True),  # type: ignore[misc]
        ]
    typed = [
        Asked(f"typed, {text}", lambda text=text: f"/search/complete/?{urlencode({'q': text})}", 150, htmx=True)  # type: ignore[misc]
        for text in TYPED
    ]
    return [*found, *typed, Asked("search, before a word", lambda: "/search/start/", 150, htmx=True)]


def on_the_map() -> list[Asked]:
    return [
        Asked(f"map, {name}", lambda zoom=zoom, box=box: f"/map/clusters/?zoom={zoom}&box={box}", 100)  # type: ignore[misc]
        for name, (zoom, box) in ZOOMS.items()
    ] + [
        Asked("map, its page", lambda: "/map/", 100),
        Asked("map, photos of the world", lambda: "/map/photos/?box=-180,-85,180,85", 100, htmx=True),
    ]
