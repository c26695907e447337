"""How a search can be narrowed down: people, places, years … among the results, with counts."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from mirage.wording import Words
from people.covers import covers
from people.grouping.constraints import batches
from people.models import Face, Person
from photos.gallery import kinds
from photos.gallery import vocabulary as shown
from photos.gallery.timeline import Month
from photos.models import Photo
from search.compile import Found
from search.language.keys import KEYS
from search.language.tree import Node, Term, Value, both, conjuncts, in_english, written
from tags.access import GIVEN
from tags.models import PhotoTag, Tag

SHOWN = 8
ORDER = ("person", "place", "date", "camera", "tag", "type")  # keys whose facets come first
MANY = 4_000  # from this many results on, the database counts and searches again: measured at 100,000 photos


@dataclass(frozen=True)
class Choice:
    """A value to narrow down to: the search with it (or without it, if it is on), and how many photos that leaves."""

    label: str
    count: int
    search: str
    is_on: bool
    face: Face | None = None


@dataclass(frozen=True)
class Facet:
    """The choices of one key."""

    title: Words
    icon: str
    choices: list[Choice]


def joined(parts: list[Node]) -> Node | None:
    return both(parts) if parts else None


def facets(counts: "Counted", user: User) -> Iterator[Facet]:
    """The facets that have any choices."""
    for name in dict.fromkeys([*ORDER, *KEYS]):
        if make := KEYS[name].facet:
            facet = make(counts, user)
            if len(facet.choices) > 1 or any(choice.is_on for choice in facet.choices):
                yield facet


def choice(found: Found, label: Words, count: int, term: Term, face: Face | None = None) -> Choice:
    """A term added to the search; a date replaces the one in the search."""
    parts = list(conjuncts(found.tree.root))
    is_on = term in map(in_english, parts)
    kept = [part for part in parts if in_english(part) != term and not (term.key == "date" and is_date(part))]
    search = replace(found.tree, root=joined(kept if is_on else [*kept, term]))
    return Choice(str(label), count, str(search), is_on, face)


def is_date(node: Node) -> bool:
    return isinstance(node, Term) and node.key == "date"


def exactly(key: str, text: str) -> Term:
    """The key with exactly this value."""
    value = written(text)
    return Term(key, (Value(value.text, "=", value.exact),))


# --- counting ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """The results, read only once, because a search may be expensive."""

    found: Found
    ids: list[int]  # None if there are many
    columns: tuple[str, ...]
    groups: list[tuple[Any, ...]]  # the counted values of columns
    seen: dict[int, Counter[str]] = field(default_factory=dict)  # rows by user, read once

    @cached_property
    def total(self) -> int:
        return sum(group[-1] for group in self.groups)

    def by(self, column: str) -> Counter[Any]:
        """How many of the photos have each value of the column."""
        at, counts = self.columns.index(column), Counter[Any]()
        for group in self.groups:
            counts[group[at]] += group[-1]
        return counts

    def shown(self, user: User) -> Counter[str]:
        """How many of the photos show each word of the vocabulary."""
        if user.pk not in self.seen:
            ids = self.ids or list(self.found.photos.order_by().values_list("pk", flat=True))
            self.seen[user.pk] = shown.counted(user, ids)
        return self.seen[user.pk]

    @property
    def parts(self) -> Iterator[Any]:
        """The photos for conditions on related rows: in lists of ids, or as the whole search if there are many."""
        if self.total > MANY:
            yield self.found.photos.order_by().values("pk")
        else:
            yield from batches(self.ids)

    def having(self, rows: QuerySet[Any, Any], name: str) -> Counter[int]:
        """How many of the photos have each of these, by a key of rows that belong to photos.

        Owners are checked afterwards: otherwise SQLite would read the rows of all photos.
        """
        counts = Counter[int]()
        for part in self.parts:
            some = rows.filter(photo__in=part).order_by().values_list(name)
            counts.update(dict(some.annotate(count=Count("photo", distinct=True))))
        return counts


def counted(found: Found) -> Counted:
    """Count values of the photos' own columns: here if there are few photos, else in the database."""
    columns = tuple(sorted({column for key in KEYS.values() for column in key.counted}))
    photos = found.photos.order_by()
    rows = list(photos.values_list("pk", *columns)[: MANY + 1])
    if len(rows) > MANY:
        return Counted(found, [], columns, list(photos.values_list(*columns).annotate(Count("pk"))))
    return Counted(found, [row[0] for row in rows], columns, [(*row[1:], 1) for row in rows])


def most_common(counts: Counter[Any], limit: int) -> list[tuple[Any, int]]:
    """The most common values; equal counts keep their order. Empty values are left out."""
    named = ((thing, count) for thing, count in counts.items() if thing not in ("", None))
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))[:limit]


# --- facets -----------------------------------------------------------------------------------------------------------


def people(counts: Counted, user: User) -> Facet:
    seen = counts.having(Face.objects.filter(not_a_face=False, person__isnull=False), "person")
    named = Person.objects.filter(owner=user, hidden=False).exclude(name="")
    rows = most_common(Counter({pk: seen[pk] for pk in named.values_list("pk", flat=True) if pk in seen}), SHOWN)
    known = named.select_related("cover__photo").in_bulk([person for person, _count in rows])
    shown = covers(known.values())
    made = [
        choice(counts.found, known[pk].name, count, Term("person", (written(known[pk].name),)), shown.get(pk))
        for pk, count in rows
    ]
    return Facet(_("People"), "users", made)


def places(counts: Counted, user: User) -> Facet:
    """Towns, and countries if there are several."""
    found = counts.found
    countries = most_common(counts.by("country"), SHOWN // 2)
    made = [choice(found, name, count, exactly("country", name)) for name, count in countries]
    if len(made) == 1 and not made[0].is_on:
        made = []
    towns = most_common(counts.by("place"), SHOWN - len(made))
    made += [choice(found, name, count, exactly("place", name)) for name, count in towns]
    return Facet(_("Places"), "map-pin", made)


def times(counts: Counted, user: User) -> Facet:
    """Years, or months if all photos are from one year."""
    found, months = counts.found, counts.by("taken_month")
    years = Counter[int]()
    for month, count in months.items():
        years[month // 100] += count
    if len(years) == 1 and len(months) > 1:
        named = [Month(month // 100, month % 100, count) for month, count in sorted(months.items())]
        made = [
            choice(found, date_format(one.first, _("F Y")), one.count, Term("date", (written(one.id),)))
            for one in named
        ]
        return Facet(_("Months"), "calendar-days", made)
    made = [
        choice(found, f"{year:04}", count, Term("date", (written(f"{year:04}"),)))
        for year, count in sorted(years.items(), reverse=True)
    ]
    return Facet(_("Years"), "calendar-days", made)


def of_column(title: Words, icon: str, key: str, column: str) -> Callable[[Counted, User], Facet]:
    """The most common values of a column, each as a whole value."""

    def facet(counts: Counted, user: User) -> Facet:
        rows = most_common(counts.by(column), SHOWN)
        return Facet(title, icon, [choice(counts.found, value, count, exactly(key, value)) for value, count in rows])

    return facet


def tags(counts: Counted, user: User) -> Facet:
    """Learned tags count on the user's own photos only; on others', only tags that were added by hand."""
    own, given = counts.having(PhotoTag.objects.filter(rejected=False), "tag"), Counter[int]()
    known = Tag.objects.in_bulk(own)
    if any(tag.owner_id != user.pk for tag in known.values()):
        given = counts.having(PhotoTag.objects.filter(GIVEN), "tag")
    paths = Counter[str]()
    for pk, tag in known.items():
        paths[tag.path] += own[pk] if tag.owner_id == user.pk else given[pk]
    rows = most_common(+paths, SHOWN)
    made = [choice(counts.found, path, count, Term("tag", (written(path),))) for path, count in rows]
    return Facet(_("Tags"), "tag", made)


def vocabulary(subject: str, title: Words) -> Callable[[Counted, User], Facet]:
    """What the photos show, in words that are certain enough."""
    key = {"things": "looks", "scenes": "scene"}[subject]

    def facet(counts: Counted, user: User) -> Facet:
        known = set(shown.about(subject))
        seen = Counter({word: count for word, count in counts.shown(user).items() if word in known})
        rows = most_common(seen, SHOWN)
        made = [choice(counts.found, shown.named(word), count, Term(key, (written(word),))) for word, count in rows]
        return Facet(title, KEYS[key].icon, made)

    return facet


def kinds_of_pictures(counts: Counted, user: User) -> Facet:
    """Screenshots, documents and the like."""
    asked = {name: Count("pk", filter=condition) for name, condition in kinds.of_kinds(user).items()}
    found = Counter[str]()
    for part in counts.parts:
        found.update(Photo.objects.filter(pk__in=part).aggregate(**asked))
    made = [
        choice(counts.found, str(kinds.PLURALS[name]), count, Term("is", (Value(name),)))
        for name, count in most_common(+found, SHOWN)
    ]
    return Facet(pgettext("kinds of photos", "Kinds"), "image", made)


def types(counts: Counted, user: User) -> Facet:
    made = [
        choice(counts.found, KEYS["type"].choices[kind].about, count, Term("type", (Value(kind),)))
        for kind, count in most_common(counts.by("kind"), SHOWN)
    ]
    return Facet(_("Types"), "film", made)
