"""Words that people use of photos and that can be trusted: which of them each picture shows.

benchmarks/word_maps/vocabulary.py chose them and the score that each needs; vocabulary.csv says how often each
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
MOST = 6  # words of a picture, those that fit best
NONE = np.iinfo(np.uint16).max  # where a picture has fewer
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Vocabulary:
    """The words, what they are about, how each is asked for, and the score from which a picture shows it."""

    words: tuple[str, ...]
    about: tuple[str, ...]
    queries: tuple[Query, ...]
    thresholds: Vectors

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        with np.load(path) as stored:
            vectors = stored["vectors"].astype(np.float32)
            names = [round(name, 4) for name in stored["names"].tolist()]  # exactly as query.read gives them
            return cls(
                tuple(stored["words"].tobytes().decode().split("\n")),
                tuple(ABOUT[at] for at in stored["about"].tolist()),
                tuple(Query(vector, name) for vector, name in zip(vectors, names, strict=True)),
                stored["thresholds"],
            )

    def shown(self, library: Library) -> NDArray[np.uint16]:
        """The numbers of the words that each picture shows, best first: MOST a row, NONE where there are fewer."""
        above = scores(library, self.queries) - self.thresholds
        order = np.argsort(-above, axis=1, kind="stable")[:, :MOST]
        fits = np.take_along_axis(above, order, axis=1) >= 0
        found = np.full((len(above), MOST), NONE, np.uint16)
        found[:, : order.shape[1]] = np.where(fits, order, NONE)
        return found


def scores(library: Library, queries: Sequence[Query]) -> Vectors:
    """How far above random texts each picture scores for each query, in deviations: pictures × queries."""
    found = np.empty((len(library.vectors), len(queries)), np.float32)
    for at, asked in enumerate(queries):
        chance = library.chance(asked.names)
        found[:, at] = (library.vectors @ asked.vector - chance.mean) / chance.spread
    return found


@cache
def shipped() -> Vocabulary:
    """The one that Mirage comes with, read once."""
    return Vocabulary.read()
