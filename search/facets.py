"""What a search could be narrowed down to: people, places, years … of what was found, with counts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Count, QuerySet

from accounts.models import User
from people.covers import covers
from people.grouping.constraints import batches
from people.models import Face, Person
from photos.gallery.timeline import Month
from photos.models import Photo
from search.compile import Found
from search.language.tree import Node, Term, Tree, Value, both, conjuncts, written
from tags.access import GIVEN
from tags.models import PhotoTag, Tag

SHOWN = 8
COLUMNS = ("taken_month", "country", "place", "camera_model", "kind")
MANY = 4_000  # found photos from which on the database counts and searches again: measured at 100,000 photos
T = TypeVar("T", int, str)
TYPES = {Photo.Kind.PHOTO: "Photos", Photo.Kind.VIDEO: "Videos"}


@dataclass(frozen=True)
class Choice:
    """One thing to narrow down to: the search with it (or without, if it is on), and how many photos that leaves."""

    label: str
    count: int
    search: str
    is_on: bool
    face: Face | None = None


@dataclass(frozen=True)
class Facet:
    """A kind of things."""

    title: str
    icon: str
    choices: list[Choice]


@dataclass(frozen=True)
class Chip:
    """A part of a search, and the search without it."""

    label: str
    without: str


def chips(tree: Tree) -> list[Chip]:
    """The parts of a search, each of which can be taken away."""
    parts = conjuncts(tree.root)
    return [
        Chip(str(part), str(Tree(joined([*parts[:at], *parts[at + 1 :]]), tree.sort))) for at, part in enumerate(parts)
    ]


def joined(parts: list[Node]) -> Node | None:
    return both(parts) if parts else None


def facets(counts: "Counted", user: User) -> Iterator[Facet]:
    """The kinds that have anything to choose from."""
    for facet in (
        people(counts, user), places(counts), times(counts), cameras(counts), tags(counts, user), types(counts)
    ):  # fmt: skip
        if len(facet.choices) > 1 or any(choice.is_on for choice in facet.choices):
            yield facet


def choice(found: Found, label: str, count: int, term: Term, face: Face | None = None) -> Choice:
    """A choice of a term that is added to the search, in place of another date if it is one."""
    parts = list(conjuncts(found.tree.root))
    is_on = term in parts
    kept = [part for part in parts if part != term and not (term.key == "date" and is_date(part))]
    search = Tree(joined(kept if is_on else [*kept, term]), found.tree.sort)
    return Choice(label, count, str(search), is_on, face)


def is_date(node: Node) -> bool:
    return isinstance(node, Term) and node.key == "date"


def exactly(key: str, text: str) -> Term:
    """The key with just this value."""
    value = written(text)
    return Term(key, (Value(value.text, "=", value.exact),))


# --- counting ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """What was found, looked through once: the search may be dear."""

    found: Found
    total: int
    ids: list[int]  # none where there are many
    months: Counter[int]
    towns: Counter[tuple[str, str]]  # country and town
    cameras: Counter[str]
    kinds: Counter[str]

    @property
    def parts(self) -> Iterator[Any]:
        """The photos for conditions on what hangs on them: as lists of ids, where these are many as the search."""
        if self.total > MANY:
            yield self.found.photos.order_by().values("pk")
        else:
            yield from batches(self.ids)

    def having(self, rows: QuerySet[Any, Any], name: str) -> Counter[int]:
        """How many of the photos have each of these, by a key among the rows that hang on photos.

        Whose they are is asked afterwards: with it, SQLite would look through the rows of all photos.
        """
        counts = Counter[int]()
        for part in self.parts:
            some = rows.filter(photo__in=part).order_by().values_list(name)
            counts.update(dict(some.annotate(count=Count("photo", distinct=True))))
        return counts


def counted(found: Found) -> Counted:
    """Count by what stands in the photos' own columns: here what is not too much to fetch, else in the database."""
    photos = found.photos.order_by()
    rows = list(photos.values_list("pk", *COLUMNS)[: MANY + 1])
    if len(rows) > MANY:
        groups: list[Any] = list(photos.values_list(*COLUMNS).annotate(Count("pk")))
        ids: list[int] = []
    else:
        groups = [(*row[1:], 1) for row in rows]
        ids = [row[0] for row in rows]
    counts = Counted(found, sum(group[-1] for group in groups), ids, Counter(), Counter(), Counter(), Counter())
    for month, country, town, camera, kind, count in groups:
        counts.months[month] += count
        counts.towns[country, town] += count
        counts.cameras[camera] += count
        counts.kinds[kind] += count
    return counts


def most_common(counts: Counter[T], limit: int) -> list[tuple[T, int]]:
    """The commonest, equals in their own order; nothing is no choice."""
    named = ((thing, count) for thing, count in counts.items() if thing != "")
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))[:limit]


# --- kinds ------------------------------------------------------------------------------------------------------------


def people(counts: Counted, user: User) -> Facet:
    seen = counts.having(Face.objects.filter(not_a_face=False, person__isnull=False), "person")
    named = Person.objects.filter(owner=user, hidden=False).exclude(name="")
    rows = most_common(Counter({pk: seen[pk] for pk in named.values_list("pk", flat=True) if pk in seen}), SHOWN)
    known = named.select_related("cover__photo").in_bulk([person for person, _ in rows])
    shown = covers(known.values())
    made = [
        choice(counts.found, known[pk].name, count, Term("person", (written(known[pk].name),)), shown.get(pk))
        for pk, count in rows
    ]
    return Facet("People", "users", made)


def places(counts: Counted) -> Facet:
    """Towns; countries too where there are several."""
    countries, towns = Counter[str](), Counter[str]()
    for (country, town), count in counts.towns.items():
        countries[country] += count
        towns[town] += count
    found = counts.found
    made = [choice(found, name, count, exactly("country", name)) for name, count in most_common(countries, SHOWN // 2)]
    if len(made) == 1 and not made[0].is_on:
        made = []
    rows = most_common(towns, SHOWN - len(made))
    made += [choice(found, name, count, exactly("place", name)) for name, count in rows]
    return Facet("Places", "map-pin", made)


def times(counts: Counted) -> Facet:
    """Years; months where all is of one year."""
    found, months = counts.found, counts.months
    years = Counter[int]()
    for month, count in months.items():
        years[month // 100] += count
    if len(years) == 1 and len(months) > 1:
        named = [(Month(month // 100, month % 100, count), count) for month, count in sorted(months.items())]
        made = [
            choice(found, f"{month.first:%B %Y}", count, Term("date", (written(month.id),))) for month, count in named
        ]
        return Facet("Months", "calendar-days", made)
    made = [
        choice(found, f"{year:04}", count, Term("date", (written(f"{year:04}"),)))
        for year, count in sorted(years.items(), reverse=True)
    ]
    return Facet("Years", "calendar-days", made)


def cameras(counts: Counted) -> Facet:
    rows = most_common(counts.cameras, SHOWN)
    return Facet(
        "Cameras", "camera", [choice(counts.found, model, count, exactly("camera", model)) for model, count in rows]
    )


def tags(counts: Counted, user: User) -> Facet:
    """Of one's own tags also what was learnt; of others' what they gave themselves."""
    own, given = counts.having(PhotoTag.objects.filter(rejected=False), "tag"), Counter[int]()
    known = Tag.objects.in_bulk(own)
    if any(tag.owner_id != user.pk for tag in known.values()):
        given = counts.having(PhotoTag.objects.filter(GIVEN), "tag")
    paths = Counter[str]()
    for pk, tag in known.items():
        paths[tag.path] += own[pk] if tag.owner_id == user.pk else given[pk]
    rows = most_common(+paths, SHOWN)
    made = [choice(counts.found, path, count, Term("tag", (written(path),))) for path, count in rows]
    return Facet("Tags", "tag", made)


def types(counts: Counted) -> Facet:
    made = [
        choice(counts.found, TYPES[Photo.Kind(kind)], count, Term("type", (Value(kind),)))
        for kind, count in most_common(counts.kinds, len(TYPES))
    ]
    return Facet("Types", "film", made)
