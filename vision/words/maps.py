"""The maps that bring pictures and texts into one space, as benchmarks/words_train.py learns them.

There are two pairs of maps, and each gives half of a vector: one pair was learned mostly from sentences, the other
mostly from names of things. How much each half counts depends on the query (query.py). Beside them stands what words
that many sentences said look like, learned from the pictures themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision.fingerprints import normalised

FILE = Path(__file__).parent / "maps.npz"
Vectors = NDArray[np.float32]
KINDS, MEASURED = ("names", "others"), ("null_texts", "absence", "showing")  # in the file: names_absence and so on
EVEN = 0.5  # names that count more make a query one of a name


@dataclass(frozen=True)
class Map:
    """Subtracts the mean, multiplies by a matrix, and normalises the result."""

    centre: Vectors  # the mean; as many numbers as an input vector
    matrix: Vectors  # as many rows, × half of a vector's dimensions

    def __call__(self, vectors: Vectors) -> Vectors:
        return normalised(self._moved(vectors))

    def reach(self, vectors: Vectors) -> float:
        """The length of the first mapped vector before it is normalised: how far it lies from the middle."""
        return float(np.linalg.norm(self._moved(vectors)[0]))

    def _moved(self, vectors: Vectors) -> Vectors:
        return ((vectors.astype(np.float32) - self.centre) @ self.matrix).astype(np.float32)


@dataclass(frozen=True)
class Looks:
    """What words look like: directions among pictures' vectors, in which those that show the word lie."""

    places: dict[str, int] = field(default_factory=dict)  # the row of each word
    rows: Vectors = field(default_factory=lambda: np.empty((0, 0), np.float32))  # both halves; rarer words are longer

    def of(self, words: Sequence[str]) -> Vectors | None:
        """The direction of these words together, both halves normalised; None if none of them is known."""
        found = [place for word in words if (place := self._place(word)) is not None]
        return each_half_normalised(self.rows[found].sum(axis=0)) if found else None

    def _place(self, word: str) -> int | None:
        """Plural and singular look alike."""
        forms = (word, word.removesuffix("s"), f"{word}s")
        return next((self.places[form] for form in forms if form in self.places), None)


@dataclass(frozen=True)
class Measure:
    """What tells what a score is worth."""

    null_texts: Vectors  # rows of encoded texts about anything, which pictures are similar to only by chance
    absence: (
        Vectors  # weights of library.EVIDENCE, the last a constant, for the log odds that any picture shows a query
    )
    showing: Vectors  # the same for one picture, with library.SIGNS


@dataclass(frozen=True)
class Maps:
    """What the file holds."""

    picture_sentences: Map
    picture_names: Map
    text_sentences: Map
    text_names: Map
    of_names: Measure  # for queries that are names explained by the dictionary
    of_others: Measure  # for all others, by texts as people write them below photos
    known_words: frozenset[str]  # words learned from sentences, which need no dictionary
    looks: Looks = field(default_factory=Looks)

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        with np.load(path) as file:
            stored = {name: file[name] for name in file.files}
        maps = {
            name: Map(stored[f"{name}_centre"].astype(np.float32), stored[f"{name}_matrix"].astype(np.float32))
            for name in ("picture_sentences", "picture_names", "text_sentences", "text_names")
        }
        names, others = (Measure(*(stored[f"{kind}_{part}"].astype(np.float32) for part in MEASURED)) for kind in KINDS)
        words = stored["looks_words"].tobytes().decode().split()
        return cls(
            **maps,
            of_names=names,
            of_others=others,
            known_words=frozenset(stored["known_words"].tobytes().decode().split()),
            looks=Looks({word: place for place, word in enumerate(words)}, stored["looks"].astype(np.float32)),
        )

    def measure(self, names: float) -> Measure:
        """What tells what scores are worth if names count so much."""
        return self.of_names if names > EVEN else self.of_others

    def pictures(self, vectors: Vectors) -> Vectors:
        """Vectors of pictures, from rows of their embeddings: both halves, each normalised."""
        return np.concatenate([self.picture_sentences(vectors), self.picture_names(vectors)], axis=1)

    def texts(self, vectors: Vectors, names: float, looks: Vectors | None = None, share: float = 0) -> Vectors:
        """Vectors of texts, from rows of encoder.encode. `names`, 0 to 1, says how much the half for names counts.

        `looks`, of Looks.of, is added to each half, `share` times as long as what the maps say.
        """
        halves = [self.text_sentences(vectors), self.text_names(vectors)]
        if looks is not None:
            halves = [normalised(said + share * seen) for said, seen in zip(halves, np.split(looks, 2), strict=True)]
        return np.concatenate([(1 - names) * halves[0], names * halves[1]], axis=1)


def each_half_normalised(row: Vectors) -> Vectors:
    """A vector of both halves, each of length 1."""
    return normalised(row.reshape(2, -1)).ravel()


@cache
def shipped() -> Maps:
    """The maps that come with Mirage, read once."""
    return Maps.read()
