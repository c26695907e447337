"""What WordNet says of things that have a name: what kind they are of, and how they look.

"Okapi" alone says little to a text encoder; "similar to the giraffe but smaller" says what to look for. The file holds
WordNet's nouns for what can be photographed: synonyms, kind, and the first sentence of the definition.
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
    """Meanings by name, the commonest first. Kept as two texts that are searched: 50,000 objects would cost 60 MB."""

    lines: bytes  # the file
    starts: NDArray[np.uint32]  # where each line begins, and where one more would
    names: bytes  # a line for each: its names in lower case, each between two bars

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        """A line: names (by |), kinds (by |) and gloss, separated by tabs; the commonest meaning of a name first."""
        lines = lzma.decompress(path.read_bytes())
        ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == ord("\n"))
        starts = np.concatenate([[0], ends + 1, [len(lines) + 1]]).astype(np.uint32)
        names = bytearray()
        for start in starts[starts < len(lines)].tolist():  # not cut into lines: that would cost 8 MB
            names += b"|" + lines[start : lines.index(b"\t", start)] + b"|\n"
        return cls(lines, starts, bytes(names[:-1]).decode().lower().encode())

    def called(self, text: str) -> tuple[Thing, ...]:
        """What a name stands for, SENSES meanings at most; nothing where it is none. Plurals and articles are fine."""
        for name in _forms(text):
            if places := [*islice(self._places(name), SENSES)]:
                return tuple(self._thing(name, place) for place in places)
        return ()

    def _places(self, name: str) -> Iterator[int]:
        """The lines that have the name."""
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
    """Those of the file that Mirage comes with, read once."""
    return Things.read()


def _forms(text: str) -> Iterator[str]:
    name = _ARTICLE.sub("", " ".join(text.lower().split()))
    yield from (name, name.replace("-", " "), name.replace(" ", "-"), name.replace(" ", ""))
    for ending, instead in _ENDINGS:
        if name.endswith(ending):
            yield name.removesuffix(ending) + instead
