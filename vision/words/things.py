"""What WordNet says of things that have a name: what kind they are of, and how they look.

"Okapi" alone says little to a text encoder; "similar to the giraffe but smaller" says what to look for. The file holds
WordNet's nouns for what can be photographed: synonyms, kind, and the first sentence of the definition.
"""

import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

FILE = Path(__file__).parent / "things.txt.xz"
SENSES = 2  # the commonest meanings of a name that are looked for
_ARTICLE = re.compile(r"^(?:a|an|the|some)\s+")
_ENDINGS = (("ies", "y"), ("ves", "fe"), ("ves", "f"), ("es", ""), ("s", ""))


@dataclass(frozen=True, slots=True)
class Thing:
    """One meaning of a name."""

    name: str
    kinds: tuple[str, ...]  # what it is, and what that is
    gloss: str

    @property
    def texts(self) -> tuple[str, str]:
        """Two ways to say it, for a text encoder."""
        return self.gloss, ", ".join((self.name, *self.kinds))


@dataclass(frozen=True)
class Things:
    """Meanings by name, the commonest first. They are kept as lines of the file: 50,000 objects would cost 60 MB."""

    lines: list[str]
    places: dict[str, list[int]]  # of each name's lines

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        """A line: names (by |), kinds (by |) and gloss, separated by tabs; the commonest meaning of a name first."""
        lines = lzma.decompress(path.read_bytes()).decode().splitlines()
        places: dict[str, list[int]] = {}
        for place, line in enumerate(lines):
            for name in line[: line.index("\t")].lower().split("|"):
                places.setdefault(name, []).append(place)
        return cls(lines, places)

    def called(self, text: str) -> tuple[Thing, ...]:
        """What a name stands for, SENSES meanings at most; nothing where it is none. Plurals and articles are fine."""
        for name in _forms(text):
            if name in self.places:
                return tuple(self._thing(name, place) for place in self.places[name][:SENSES])
        return ()

    def _thing(self, name: str, place: int) -> Thing:
        _, kinds, gloss = self.lines[place].split("\t")
        return Thing(name, tuple(filter(None, kinds.split("|"))), gloss)


@cache
def shipped() -> Things:
    """Those of the file that Mirage comes with, read once."""
    return Things.read()


def _forms(text: str) -> Iterator[str]:
    name = _ARTICLE.sub("", " ".join(text.lower().split()))
    yield from (name, name.replace("-", " "), name.replace(" ", "-"), name.replace(" ", ""))
    for ending, instead in _ENDINGS:
        if name.endswith(ending):
            yield name.removesuffix(ending) + instead
