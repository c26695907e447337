"""What WordNet says about things that have a name: what kind of thing they are, and what they look like.

"Okapi" alone tells a text encoder little; "similar to the giraffe but smaller" tells it what to look for. The file has
WordNet's nouns for things that can be photographed, with synonyms, kind and the first sentence of the definition.
"""

import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parent / "things.txt.xz"
SENSES = 2  # how many meanings of a name are looked for, the most common ones
_ARTICLE = re.compile(r"^(?:a|an|the|some)\s+")
_ENDINGS = (("ies", "y"), ("ves", "fe"), ("ves", "f"), ("es", ""), ("s", ""))


@dataclass(frozen=True, slots=True)
class Thing:
    """One meaning of a name."""

    name: str
    kinds: tuple[str, ...]  # what kind of thing it is, and what kind that is
    gloss: str

    @property
    def texts(self) -> tuple[str, str]:
        """Two ways to describe it to a text encoder."""
        return self.gloss, ", ".join((self.name, *self.kinds))


@dataclass(frozen=True)
class Things:
    """Meanings by name, most common first. They stay two texts that are searched, because 50,000 objects take 60 MB."""

    lines: bytes  # the file
    starts: NDArray[np.uint32]  # where each line begins, and where the file ends begin
    names: bytes  # one line each: its names in lower case, each between two bars

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        """Read the file. The most common meaning of a name comes first.

        Each line has names and kinds, separated by |, and a definition, with tabs between the three.
        """
        lines = lzma.decompress(path.read_bytes())
        ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == ord("\n"))
        starts = np.concatenate([[0], ends + 1, [len(lines) + 1]]).astype(np.uint32)
        names = bytearray()
        for start in starts[starts < len(lines)].tolist():  # cutting it into lines would take 8 MB
            names += b"|" + lines[start : lines.index(b"\t", start)] + b"|\n"
        return cls(lines, starts, bytes(names[:-1]).decode().lower().encode())

    def called(self, text: str) -> tuple[Thing, ...]:
        """The meanings of a name, SENSES at most; none if it is not a name. Plurals and articles are understood."""
        for name in _forms(text):
            if places := [*islice(self._places(name), SENSES)]:
                return tuple(self._thing(name, place) for place in places)
        return ()

    def _places(self, name: str) -> Iterator[int]:
        """The numbers of the lines with this name."""
        if not name or "|" in name:
            return
        sought, at = f"|{name}|".encode(), -1
        while (at := self.names.find(sought, at + 1)) >= 0:
            yield self.names.count(b"\n", 0, at)

    def _thing(self, name: str, place: int) -> Thing:
        start, following = self.starts[place : place + 2].tolist()
        _, kinds, gloss = self.lines[start : following - 1].decode().split("\t")
        return Thing(name, tuple(filter(None, kinds.split("|"))), gloss)


@cache
def shipped() -> Things:
    """The things in the file that comes with Mirage, read once."""
    return Things.read()


def _forms(text: str) -> Iterator[str]:
    name = _ARTICLE.sub("", " ".join(text.lower().split()))
    yield from (name, name.replace("-", " "), name.replace(" ", "-"), name.replace(" ", ""))
    for ending, instead in _ENDINGS:
        if name.endswith(ending):
            yield name.removesuffix(ending) + instead
