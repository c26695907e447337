"""The palette (Ctrl-K): one field that finds pages, people, albums, places and actions. Apps add what they have.

SOURCES.add("albums", Source("Album", 40, albums_in_palette))  # in the AppConfig.ready of an app

What is typed are beginnings of words: "lis au" finds "Lisbon in autumn", and "tu" finds "Tidy up" by its initials. Case
and accents make no difference.
"""

import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language, pgettext_lazy

from accounts.models import User
from mirage.registry import Registry
from mirage.web import navigation
from mirage.wording import Words

SHOWN = 12
REMEMBERED_SECONDS = 30  # how long the names of a library are kept: somebody types several letters a second
USERS_REMEMBERED = 32
LONGEST = 100  # characters that are looked at
WORD = re.compile(r"\w+")
OFFERED = ("page",)  # the sources of which something is offered before anything is typed


@dataclass(frozen=True)
class Command:
    """A line of the palette: a link, a form that is posted to `url`, or a dialog of the page that is opened."""

    key: str  # by which the browser remembers what was chosen: names are not kept there
    title: str
    url: str = ""
    icon: str = ""
    also: str = ""  # other words by which it is found
    post: tuple[tuple[str, str], ...] | None = None
    dialog: str = ""


@dataclass(frozen=True)
class Source:
    """Commands of one kind. `kind` is what the line says at its end: Album."""

    kind: Words
    place: int  # of equally good matches the smallest comes first
    commands: Callable[[User], Iterable[Command]]


@dataclass(frozen=True)
class Found:
    """A command that fits, with its kind."""

    command: Command
    kind: Words


SOURCES: Registry[Source] = Registry("source of the palette")


def find(user: User, text: str, recent: Sequence[str] = ()) -> list[Found]:
    """What fits the text, the best first; without a text what was chosen lately, and the main pages."""
    known = known_to(user)
    asked = folded(text[:LONGEST])
    if not WORD.search(asked):
        return offered(known, recent)
    ranks: list[tuple[tuple[int, bool, int, int, str], Found]] = []
    for place, one in known:
        quality = fit(asked, one.command.title, one.command.also)
        if quality is not None:
            title = one.command.title
            ranks.append(((quality, one.command.key not in recent, place, len(title), title), one))
    ranks.sort(key=lambda rank: rank[0])
    return [one for _, one in ranks[:SHOWN]]


def offered(known: Sequence[tuple[int, Found]], recent: Sequence[str]) -> list[Found]:
    """What was chosen lately, the latest first, then the main pages."""
    by_key = {one.command.key: one for _, one in known}
    latest = [by_key[key] for key in recent if key in by_key]
    pages = [one for _, one in known if one.command.key.startswith(OFFERED) and one not in latest]
    return [*latest, *pages][:SHOWN]


def known_to(user: User) -> list[tuple[int, Found]]:
    """Everything that the user can go to or do, with the places of its sources."""
    return gathered(user.pk, get_language(), int(time.monotonic() // REMEMBERED_SECONDS))


@lru_cache(maxsize=USERS_REMEMBERED)
def gathered(user_id: int, language: str | None, period: int) -> list[tuple[int, Found]]:
    """What a user can go to or do. Kept as it is: to read thousands of names from a cache would take longer."""
    user = User.objects.get(pk=user_id)
    sources = sorted(SOURCES.values(), key=lambda source: source.place)
    return [(source.place, Found(command, source.kind)) for source in sources for command in source.commands(user)]


def fit(asked: str, title: str, also: str = "") -> int | None:
    """How well a title fits what was typed, 0 for best; None if it does not. `asked` is folded already."""
    whole, words, others = prepared(title, also)
    wanted = WORD.findall(asked)
    if whole.startswith(asked.strip()):
        return 0
    if begin_in_order(wanted, words):
        return 1
    if begin(wanted, words):
        return 2
    if begin(wanted, [*words, *others]):
        return 3
    if len(wanted) == 1 and has_initials(wanted[0], words):
        return 4
    return None


@lru_cache(maxsize=20_000)
def prepared(title: str, also: str) -> tuple[str, list[str], list[str]]:
    """A folded title, its words, and the other words."""
    whole = folded(title)
    return whole, WORD.findall(whole), WORD.findall(folded(also))


def folded(text: str) -> str:
    """The text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def begin_in_order(wanted: Sequence[str], words: Sequence[str]) -> bool:
    """Whether words begin with what is wanted, in this order."""
    rest = iter(words)
    return all(any(word.startswith(part) for word in rest) for part in wanted)


def begin(wanted: Sequence[str], words: Sequence[str]) -> bool:
    """Whether for each part that is wanted another word begins with it."""
    left = list(words)
    for part in sorted(wanted, key=len, reverse=True):
        word = next((word for word in left if word.startswith(part)), None)
        if word is None:
            return False
        left.remove(word)
    return True


def has_initials(part: str, words: Sequence[str]) -> bool:
    """Whether the letters are the beginnings of words that follow each other: "tiup" for "Tidy up"."""
    return any(begin_together(part, words[place:]) for place in range(len(words)))


def begin_together(part: str, words: Sequence[str]) -> bool:
    """Whether the letters are the beginnings of the first of these words, however many."""
    left = {part}  # what may be left of the letters after each word
    for word in words:
        cuts = {(rest, length) for rest in left for length in range(1, min(len(rest), len(word)) + 1)}
        left = {rest[length:] for rest, length in cuts if word.startswith(rest[:length])}
        if "" in left:
            return True
        if not left:
            return False
    return False


def pages(user: User) -> list[Command]:
    """The doors of Mirage."""
    return [
        Command(f"page:{entry.view}", str(entry.title), entry.url, entry.icon, also=str(entry.text))
        for entry in navigation.ordered(navigation.DOORS, user)
    ]


def pages_behind(user: User) -> list[Command]:
    """The pages of the library and of what there is to tidy up, and those in the menu of the account."""
    entries = [
        *navigation.ordered(navigation.LIBRARY, user),
        *navigation.ordered(navigation.TASKS, user),
        *navigation.ordered(navigation.ACCOUNT, user),
    ]
    return [
        Command(f"in:{entry.url}", str(entry.title), entry.url, entry.icon, also=str(entry.text)) for entry in entries
    ]


OWN = {
    "pages": Source(pgettext_lazy("palette", "Page"), 10, pages),
    "behind": Source(pgettext_lazy("palette", "Page"), 20, pages_behind),
}
