"""What a search could be narrowed down to: people, places, years … of what was found, with counts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from accounts.models import User
from people.covers import covers
from people.models import Face, Person
from photos.models import Photo
from photos.timeline import Month
from search.compile import Found
from search.tree import Node, Term, Tree, Value, both, conjuncts, written
from tags.access import GIVEN
from tags.models import PhotoTag

SHOWN = 8
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


def facets(found: Found, user: User) -> Iterator[Facet]:
    """The kinds that have anything to choose from."""
    for facet in (people(found, user), places(found), times(found), cameras(found), tags(found, user), types(found)):
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


def people(found: Found, user: User) -> Facet:
    faces = Face.objects.filter(photo__in=found.photos.values("pk"), not_a_face=False, person__owner=user)
    named = faces.filter(person__hidden=False).exclude(person__name="").order_by()
    counts = named.values_list("person").annotate(count=Count("photo", distinct=True)).order_by("-count", "person")
    rows = list(counts[:SHOWN])
    known = Person.objects.select_related("cover__photo").in_bulk([person for person, _ in rows])
    shown = covers(known.values())
    made = [
        choice(found, known[pk].name, count, Term("person", (written(known[pk].name),)), shown.get(pk))
        for pk, count in rows
    ]
    return Facet("People", "users", made)


def places(found: Found) -> Facet:
    """Towns; countries too where there are several."""
    rows = list(found.photos.order_by().values_list("country", "place").annotate(Count("pk")))
    countries, towns = Counter[str](), Counter[str]()
    for country, place, count in rows:
        countries[country] += count
        towns[place] += count
    del countries[""], towns[""]
    made = [choice(found, name, count, exactly("country", name)) for name, count in countries.most_common(SHOWN // 2)]
    if len(made) == 1 and not made[0].is_on:
        made = []
    made += [choice(found, name, count, exactly("place", name)) for name, count in towns.most_common(SHOWN - len(made))]
    return Facet("Places", "map-pin", made)


def times(found: Found) -> Facet:
    """Years; months where all is of one year."""
    rows = found.photos.order_by().values_list("taken_month").annotate(Count("pk"))
    months = Counter(dict(rows))
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


def cameras(found: Found) -> Facet:
    rows = found.photos.exclude(camera_model="").order_by().values_list("camera_model").annotate(count=Count("pk"))
    made = [
        choice(found, model, count, exactly("camera", model))
        for model, count in rows.order_by("-count", "camera_model")[:SHOWN]
    ]
    return Facet("Cameras", "camera", made)


def tags(found: Found, user: User) -> Facet:
    rows: Any = PhotoTag.objects.filter(Q(tag__owner=user, rejected=False) | GIVEN, photo__in=found.photos.values("pk"))
    rows = rows.order_by().values_list("tag__path").annotate(count=Count("pk")).order_by("-count", "tag__path")
    made = [choice(found, path, count, Term("tag", (written(path),))) for path, count in rows[:SHOWN]]
    return Facet("Tags", "tag", made)


def types(found: Found) -> Facet:
    rows = found.photos.order_by().values_list("kind").annotate(count=Count("pk")).order_by("-count")
    made = [choice(found, TYPES[Photo.Kind(kind)], count, Term("type", (Value(kind),))) for kind, count in rows]
    return Facet("Types", "film", made)
