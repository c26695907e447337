"""The values in a library for a key: people, tags, albums, places … with the beginning that was typed."""

from calendar import month_name
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Q

from accounts.models import User
from albums.access import visible_albums
from media.sandbox import shared
from mirage.wording import Words
from people.access import listed_people
from people.covers import covers
from people.models import Face, Person
from photos.access import photos_of
from photos.gallery import vocabulary as shown
from photos.models import DetectedObject
from search.language import dates
from search.language.names import contains
from search.language.words import words
from tags.access import shared_tags
from tags.models import Tag

Kept = TypeVar("Kept")
SHOWN = 8
REMEMBERED_SECONDS = 10  # how long the names of a library are cached: somebody types several keys a second
RELATIVE_DATES = (
    "today", "yesterday", "last week", "last month", "last year", "this week", "this month", "this year",
)  # fmt: skip


@dataclass(frozen=True)
class Name:
    """A value of a key, in the form in which it is written after it."""

    value: str
    count: int | None = None
    face: Face | None = None
    about: Words = ""


def fitting(names: Iterable[Name], part: str) -> list[Name]:
    """Those with a word that begins so, names that begin so first."""
    asked = words(part)
    if not asked:
        return [] if part.strip() else list(names)[:SHOWN]
    known = [(words(f"{name.value} {name.about}"), name) for name in names]
    hits = [(having, name) for having, name in known if contains(having, asked, exact=False)]
    hits.sort(key=lambda hit: not contains(hit[0][: len(asked)], asked, exact=False))
    return [name for _, name in hits[:SHOWN]]


def of_library(what: str) -> Callable[[Callable[[User], list[Name]]], Callable[[User, str], list[Name]]]:
    """Make proposals from the names in a library, which are cached for some seconds as `what`."""

    def proposing(names_of: Callable[[User], list[Name]]) -> Callable[[User, str], list[Name]]:
        return lambda user, part: fitting(remembered(user, what, lambda: names_of(user)), part)

    return proposing


def remembered(user: User, what: str, make: Callable[[], Kept]) -> Kept:
    """A result from the cache, or a new one."""
    return cache.get_or_set(f"completion:{user.pk}:{what}", make, REMEMBERED_SECONDS)  # type: ignore[return-value]


def people(user: User, part: str) -> list[Name]:
    """People in most photos first. Faces are looked up only for those that are shown."""
    named = listed_people(user).exclude(name="")
    known = remembered(user, "people", lambda: list(named.values_list("pk", "name", "photo_count")))
    ids = {name: pk for pk, name, _ in known}
    shown = fitting([Name(name, count) for _, name, count in known], part)
    rows = Person.objects.filter(pk__in=[ids[one.value] for one in shown]).select_related("cover__photo")
    faces = covers(rows)
    return [replace(one, face=faces.get(ids[one.value])) for one in shown]


@of_library("tags")
def tags(user: User) -> list[Name]:
    """The user's own tags, most frequent first, then those on shared photos."""
    used = Count("photo_tags", filter=Q(photo_tags__rejected=False))
    rows = Tag.objects.filter(owner=user).annotate(used=used).order_by("-used", "path")
    own = dict(rows.values_list("path", "used"))
    theirs = shared_tags(user).order_by("path").values_list("path", flat=True)
    return [Name(path, own.get(path)) for path in dict.fromkeys([*own, *theirs])]


@of_library("albums")
def albums(user: User) -> list[Name]:
    return [*map(Name, visible_albums(user).order_by("-created_at").values_list("name", flat=True))]


@of_library("objects")
def objects(user: User) -> list[Name]:
    rows = DetectedObject.objects.not_rejected().filter(photo__owner=user).order_by().values_list("label")
    most = rows.annotate(count=Count("photo", distinct=True)).order_by("-count")
    return [thing(label, count) for label, count in most]


def thing(word: str, count: int) -> Name:
    """What can be recognised, with what it is called in the reader's language."""
    called = shown.named(word)
    return Name(word, count, about="" if called == word else called)


def vocabulary(subject: str) -> Callable[[User, str], list[Name]]:
    """Which `things` or `scenes` the user's photos show, the most frequent first."""

    @of_library(subject)
    def values(user: User) -> list[Name]:
        counts = shown.counted(user, list(photos_of(user).present().order_by().values_list("pk", flat=True)))
        return [thing(word, counts[word]) for word in sorted(shown.about(subject), key=lambda word: -counts[word])]

    return values


def of_column(column: str) -> Callable[[User, str], list[Name]]:
    """The values of a column of the photos, the most frequent first."""

    @of_library(column)
    def values(user: User) -> list[Name]:
        rows = photos_of(user).present().exclude(**{column: ""}).order_by().values_list(column)
        return [Name(*row) for row in rows.annotate(count=Count("pk")).order_by("-count", column)]

    return values


def towns(user: User, part: str) -> list[Name]:
    """Towns of the world, the largest first."""
    if not part.strip():
        return []
    found = shared().call("media.metadata.towns:find_towns", part[:80], SHOWN)
    return [Name(town["name"], about=", ".join(filter(None, (town["region"], town["country"])))) for town in found]


def days(user: User, part: str) -> list[Name]:
    """Words for dates, and the years in the library."""
    taken = photos_of(user).order_by().values_list("taken_month", flat=True).distinct()
    years = remembered(user, "years", lambda: sorted({month // 100 for month in taken}, reverse=True))
    months = (name.lower() for name in month_name if name)
    texts = (*RELATIVE_DATES, *(f"{year:04}" for year in years), *dates.SEASONS, *months)
    return [Name(text) for text in texts if text.startswith(part.lower())]
