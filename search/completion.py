"""What could be meant by the beginning of a word: keys, and after a key the names that the library has."""

import re
from calendar import month_name
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Q

from accounts.models import User
from albums.access import visible_albums
from media.sandbox import shared
from people.access import listed_people
from people.covers import covers
from people.models import Face
from photos.access import photos_of
from photos.models import DetectedObject
from search.keys import KEYS, Key, Kind, find
from search.language import dates
from search.language.tree import written
from search.language.words import words
from search.models import SavedSearch
from search.names import contains
from tags.access import shared_tags
from tags.models import Tag

Kept = TypeVar("Kept")
SHOWN = 8
OF_EACH = 3  # of each kind, after a bare word
COUNTS_SECONDS = 10  # how long the names of a library are remembered
LONGEST_NAME = 3  # words before the cursor that may be one name
TAIL = re.compile(
    r"""(?:^|(?<=[\s(]))-?(?:(?P<key>[^\W\d_]+)[:：])?
    (?P<done>(?:(?:"[^"]*"|[^\s"(),]+),)*)(?P<operator>[<>=]*)(?P<part>"[^"]*|[^\s"(),]*)$""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Completion:
    """A proposal: what is shown, and the whole search when it is taken, with the place of the cursor in it."""

    label: str
    text: str
    cursor: int
    about: str = ""
    icon: str = "search"
    count: int | None = None
    face: Face | None = None


@dataclass(frozen=True)
class Name:
    """Something that a library has: `value` is what is written after the key."""

    key: str
    value: str
    count: int | None = None
    face: Face | None = None
    about: str = ""


ICONS = {
    "person": "user", "tag": "tag", "album": "images", "place": "map-pin", "country": "map-pin", "near": "map-pin",
    "camera": "camera", "lens": "camera", "date": "calendar-days", "added": "calendar-days", "object": "scan-search",
    "type": "film", "similar": "images",
}  # fmt: skip


def complete(user: User, text: str, cursor: int) -> list[Completion]:
    """Proposals for the word that the cursor is behind, the best first."""
    before, after = text[:cursor], text[cursor:]
    tail = TAIL.search(before)
    if tail is None:
        return []
    if tail["key"]:
        key = find(tail["key"])
        if key is None:
            return []
        part = tail["part"].lstrip('"')
        start = tail.start("operator") if not tail["operator"] else tail.start("part")
        return [replaced(before, start, after, name) for name in names_for(user, key, part)][:SHOWN]
    if not tail["part"] or tail["part"].startswith('"'):
        return starters(user, before, after) if not before.strip() else []
    return [*keys_for(before, tail, after), *bare(user, before, after)][:SHOWN]


def replaced(before: str, start: int, after: str, name: Name, key: str = "") -> Completion:
    """The proposal that puts the name in place of what was begun."""
    taken = f"{before[:start]}{key}{written(name.value)} "
    return Completion(
        name.value, taken + after.lstrip(), len(taken), name.about or (KEYS[name.key].about if key else ""),
        ICONS.get(name.key, "search"), name.count, name.face,
    )  # fmt: skip


def starters(user: User, before: str, after: str) -> list[Completion]:
    """For an empty box: searches that were kept, and what one could begin with."""
    kept = SavedSearch.objects.filter(owner=user).order_by("-pinned", "-pk")[:OF_EACH]
    saved = [Completion(one.name, one.query, len(one.query), "Saved search", "bookmark") for one in kept]
    shown = ("person", "place", "date", "tag", "type", "is")
    return saved + [of_key(KEYS[name], "", after) for name in shown][: SHOWN - len(saved)]


def of_key(key: Key, before: str, after: str) -> Completion:
    taken = f"{before}{key.name}:"
    return Completion(
        f"{key.name}:", taken + after, len(taken), f"{key.about}, as in {key.example}", ICONS.get(key.name, "search")
    )


def keys_for(before: str, tail: re.Match[str], after: str) -> list[Completion]:
    """The keys that begin so."""
    part = tail["part"].lower()
    begun = [key for key in KEYS.values() if any(name.startswith(part) for name in (key.name, *key.aliases))]
    return [of_key(key, before[: tail.start("part")], after) for key in begun[:OF_EACH]]


def bare(user: User, before: str, after: str) -> list[Completion]:
    """People, places, tags, albums … by the last words, the longest name first."""
    starts = [found.start() for found in re.finditer(r'[^\s()"]+', before)][-LONGEST_NAME:]
    for start in starts:
        part = before[start:]
        if re.search(r'[:"()]', part):
            continue
        found: list[Name] = []
        for key in ("person", "tag", "place", "album", "country", "object", "camera"):
            found += fitting(library_names(user, key), part)[:OF_EACH]
        if found:
            return [replaced(before, start, after, name, f"{name.key}:") for name in found]
    return []


def names_for(user: User, key: Key, part: str) -> list[Name]:
    """The values of a key that begin so."""
    if key.kind is Kind.CHOICE:
        begun = [name for name in key.choices if name.startswith(part.lower())]
        return [Name(key.name, name, about=key.choices[name]) for name in begun]
    if key.kind is Kind.DATE:
        return [Name(key.name, text) for text in dates_for(user) if text.startswith(part.lower())]
    if key.kind is Kind.NEAR:
        return towns(part)
    if key.kind is Kind.NUMBER:
        return [Name(key.name, key.example.partition(":")[2], about=key.about)] if not part else []
    return fitting(library_names(user, key.name), part)


def fitting(names: Iterable[Name], part: str) -> list[Name]:
    """Those with a word that begins so, names that begin so first."""
    asked = words(part)
    if not asked:
        return [] if part.strip() else list(names)[:SHOWN]
    found = [(words(name.value), name) for name in names]
    hits = [(known[: len(asked) - 1] + known[len(asked) - 1 : len(asked)], known, name) for known, name in found]
    ranked = [
        (not contains(head, asked, exact=False), name) for head, known, name in hits if contains(known, asked, False)
    ]
    return [name for _, name in sorted(ranked, key=lambda one: one[0])][:SHOWN]


def towns(part: str) -> list[Name]:
    """Towns of the world, the largest first."""
    if not part.strip():
        return []
    found = shared().call("media.metadata.towns:find_towns", part[:80], SHOWN)
    return [
        Name("near", town["name"], about=", ".join(filter(None, (town["region"], town["country"])))) for town in found
    ]


def dates_for(user: User) -> list[str]:
    """Dates as words, and the years that the library has."""
    fixed = ["today", "yesterday", "last week", "last month", "last year", "this week", "this month", "this year"]
    taken = photos_of(user).order_by().values_list("taken_month", flat=True).distinct()
    years = remembered(user, "years", lambda: sorted({month // 100 for month in taken}, reverse=True))
    return [*fixed, *(f"{year:04}" for year in years), *dates.SEASONS, *(name.lower() for name in month_name if name)]


# --- what a library has ----------------------------------------------------------------------------------------------


def library_names(user: User, key: str) -> list[Name]:
    """The names that a key can have in the user's library, the most frequent first."""
    sources: dict[str, Callable[[User], list[Name]]] = {
        "person": people, "tag": tags, "album": albums, "object": objects,
        "place": lambda user: columns(user, "place", "place"),
        "country": lambda user: columns(user, "country", "country"),
        "camera": lambda user: columns(user, "camera", "camera_model"),
        "lens": lambda user: columns(user, "lens", "lens"),
    }  # fmt: skip
    if key not in sources:
        return []
    return remembered(user, key, lambda: sources[key](user))


def remembered(user: User, what: str, make: Callable[[], Kept]) -> Kept:
    """What was made some seconds ago, or made now: a key is pressed several times a second."""
    return cache.get_or_set(f"completion:{user.pk}:{what}", make, COUNTS_SECONDS)  # type: ignore[return-value]


def people(user: User) -> list[Name]:
    rows = list(listed_people(user).exclude(name=""))
    faces = covers(rows)
    return [Name("person", person.name, person.photo_count, faces.get(person.pk)) for person in rows]


def tags(user: User) -> list[Name]:
    used = Count("photo_tags", filter=Q(photo_tags__rejected=False))
    rows = Tag.objects.filter(owner=user).annotate(used=used).order_by("-used", "path")
    own = dict(rows.values_list("path", "used"))
    theirs = shared_tags(user).order_by("path").values_list("path", flat=True)
    return [Name("tag", path, own.get(path)) for path in dict.fromkeys([*own, *theirs])]


def albums(user: User) -> list[Name]:
    rows = visible_albums(user).order_by("-created_at")
    return [Name("album", name) for name in rows.values_list("name", flat=True)]


def objects(user: User) -> list[Name]:
    rows = DetectedObject.objects.in_force().filter(photo__owner=user).order_by().values_list("label")
    counted = rows.annotate(count=Count("photo", distinct=True)).order_by("-count")
    return [Name("object", label, count) for label, count in counted]


def columns(user: User, key: str, column: str) -> list[Name]:
    """The values of a column of the photos."""
    rows = photos_of(user).present().exclude(**{column: ""}).order_by().values_list(column)
    return [Name(key, value, count) for value, count in rows.annotate(count=Count("pk")).order_by("-count", column)]
