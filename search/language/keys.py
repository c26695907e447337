"""What a search key is, and the registry of all keys. The keys of a photo library are in search/keys.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mirage.registry import Registry
from mirage.wording import Words
from search.index.indexed import Columns, Rows

ANY, ALL, ALONE = "any", "all", "alone"


class Kind(Enum):
    """What a key takes."""

    TEXT = "text"  # words; their beginnings are enough
    NAME = "name"  # people, tags, albums: things with a name
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"  # one of its `choices`
    NEAR = "near"
    PHOTO = "photo"  # the key of a photo


@dataclass(frozen=True)
class Choice:
    """A word that a key takes: what it means, which photos it finds (Compiler -> Q), and its other spellings."""

    about: Words = ""
    condition: Callable[[Any], Any] | None = None
    spellings: tuple[str, ...] = ()
    short: Words = ""  # of an order: its name alone


@dataclass(frozen=True)
class Key:
    """Everything about a key: how it is written, what it finds, what is indexed and proposed for it.

    `condition`, `proposals` and `facet` take and return types that modules above this one define.
    """

    name: str
    kind: Kind
    about: Words  # a line of the help sheet
    example: str
    aliases: tuple[str, ...] = ()
    icon: str = "search"
    choices: Mapping[str, Choice] = field(default_factory=dict)
    units: Mapping[str, float] = field(default_factory=dict)  # how many of the column's units one of each is
    modes: tuple[str, ...] = ()  # how several values may be combined
    condition: Callable[[Any, Any], Any] | None = None  # Compiler, Term -> Q or Question; None: no photos
    indexed: Columns | Rows | None = None  # its words in the full-text index
    proposals: Callable[[Any, str], list[Any]] | None = None  # User, what was typed -> [Name]
    facet: Callable[[Any, Any], Any] | None = None  # Counted, User -> Facet
    counted: tuple[str, ...] = ()  # columns of photos that the facet counts by

    def choice(self, text: str) -> str:
        """The choice that is written so, in any case; empty if there is none."""
        text = text.lower()
        if text in self.choices:
            return text
        return next((name for name, choice in self.choices.items() if text in choice.spellings), "")


KEYS: Registry[Key] = Registry("search key")


def register(*keys: Key) -> None:
    """Make these keys part of the language."""
    for key in keys:
        KEYS.add(key.name, key)


def find(name: str) -> Key | None:
    """The key of that name or alias, in any case."""
    name = name.lower()
    return KEYS.get(name) or next((key for key in KEYS.values() if name in key.aliases), None)
