"""Common words about photos that can be trusted, and which of them each picture shows.

benchmarks/word_maps/vocabulary.py chose the words and the score that each one needs; vocabulary.csv says how often each
is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision.words.library import Library
from vision.words.query import Query

FILE = Path(__file__).parent / "vocabulary.npz"
ABOUT = ("scenes", "things")
MOST = 6  # words of a picture: those that fit best
NONE = np.iinfo(np.uint16).max  # fills the row of a picture with fewer words
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Vocabulary:
    """The words, their topics, the query of each, and the score that a picture needs to show it."""

    words: tuple[str, ...]
    about: tuple[str, ...]
    queries: tuple[Query, ...]
    thresholds: Vectors

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        with np.load(path) as stored:
            vectors = stored["vectors"].astype(np.float32)
            names = [round(name, 4) for name in stored["names"].tolist()]  # exactly the values that query.read gives
            return cls(
                tuple(stored["words"].tobytes().decode().split("\n")),
                tuple(ABOUT[at] for at in stored["about"].tolist()),
                tuple(Query(vector, name) for vector, name in zip(vectors, names, strict=True)),
                stored["thresholds"],
            )

    def shown(self, library: Library) -> NDArray[np.uint16]:
        """The numbers of the words that each picture shows, best first: rows of MOST, filled up with NONE."""
        above = scores(library, self.queries) - self.thresholds
        order = np.argsort(-above, axis=1, kind="stable")[:, :MOST]
        fits = np.take_along_axis(above, order, axis=1) >= 0
        found = np.full((len(above), MOST), NONE, np.uint16)
        found[:, : order.shape[1]] = np.where(fits, order, NONE)
        return found


def scores(library: Library, queries: Sequence[Query]) -> Vectors:
    """How far each picture scores above random texts for each query, in standard deviations: pictures × queries."""
    found = np.empty((len(library.vectors), len(queries)), np.float32)
    for at, asked in enumerate(queries):
        chance = library.chance(asked.names)
        found[:, at] = (library.vectors @ asked.vector - chance.mean) / chance.spread
    return found


@cache
def shipped() -> Vocabulary:
    """The vocabulary that comes with Mirage, read once."""
    return Vocabulary.read()
