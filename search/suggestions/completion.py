"""What the beginning of a word may mean: keys, and after a key the names in the library."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from people.models import Face
from search.language.keys import KEYS, Key, Kind, find
from search.language.tree import written
from search.models import SavedSearch
from search.suggestions.proposals import SHOWN, Name

OF_EACH = 3  # of each kind, after a bare word
BARE = ("person", "tag", "place", "album", "country", "object", "camera")  # what a bare word may name, likeliest first
STARTERS = ("person", "place", "date", "tag", "type", "is")  # keys that an empty box offers
LONGEST_NAME = 3  # words before the cursor that may form one name
TAIL = re.compile(
    r"""(?:^|(?<=[\s(]))-?(?:(?P<key>[^\W\d_]+)[:：])?
    (?P<done>(?:(?:"[^"]*"|[^\s"(),]+),)*)(?P<operator>[<>=]*)(?P<part>"[^"]*|[^\s"(),]*)$""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Completion:
    """A proposal: what is shown, and the whole search with it, with the place of the cursor."""

    label: str
    text: str
    cursor: int
    about: str = ""
    icon: str = "search"
    count: int | None = None
    face: Face | None = None


def complete(user: User, text: str, cursor: int) -> list[Completion]:
    """Proposals for the word at the cursor, the best first."""
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
        return [replaced(before, start, after, key, name) for name in names_for(user, key, part)][:SHOWN]
    if not tail["part"] or tail["part"].startswith('"'):
        return starters(user, before, after) if not before.strip() else []
    return [*keys_for(before, tail, after), *bare(user, before, after)][:SHOWN]


def replaced(before: str, start: int, after: str, key: Key, name: Name, *, bare: bool = False) -> Completion:
    """The proposal that replaces the typed beginning by the name; for a bare word, with its key."""
    taken = f"{before[:start]}{key.name + ':' if bare else ''}{written(name.value)} "
    about = str(name.about or (key.about if bare else ""))
    return Completion(name.value, taken + after.lstrip(), len(taken), about, key.icon, name.count, name.face)


def starters(user: User, before: str, after: str) -> list[Completion]:
    """For an empty box: saved searches, and examples to begin with."""
    kept = SavedSearch.objects.filter(owner=user).order_by("-pinned", "-pk")[:OF_EACH]
    saved = [Completion(one.name, one.query, len(one.query), _("Saved search"), "bookmark") for one in kept]
    return saved + [of_key(KEYS[name], "", after) for name in STARTERS][: SHOWN - len(saved)]


def of_key(key: Key, before: str, after: str) -> Completion:
    taken = f"{before}{key.name}:"
    return Completion(
        f"{key.name}:",
        taken + after,
        len(taken),
        _("%(about)s, such as %(example)s") % {"about": key.about, "example": key.example},
        key.icon,
    )


def keys_for(before: str, tail: re.Match[str], after: str) -> list[Completion]:
    """The keys with this beginning."""
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
        found = [(KEYS[name], one) for name in BARE for one in names_for(user, KEYS[name], part)[:OF_EACH]]
        if found:
            return [replaced(before, start, after, key, name, bare=True) for key, name in found]
    return []


def names_for(user: User, key: Key, part: str) -> list[Name]:
    """The values of a key with this beginning."""
    if key.proposals:
        return key.proposals(user, part)
    if key.kind is Kind.NUMBER and not part:
        return [Name(key.example.partition(":")[2], about=key.about)]
    return [Name(name, about=choice.about) for name, choice in key.choices.items() if name.startswith(part.lower())]
