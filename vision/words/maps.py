"""The maps that bring pictures and texts into one space, as benchmarks/words_train.py learns them.

There are two pairs of maps, and each gives half of a vector: one pair was learned mostly from sentences, the other
mostly from names of things. How much each half counts depends on the query (query.py).
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision.fingerprints import normalised

FILE = Path(__file__).parent / "maps.npz"
Vectors = NDArray[np.float32]


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
class Maps:
    """What the file holds."""

    picture_sentences: Map
    picture_names: Map
    text_sentences: Map
    text_names: Map
    null_texts: Vectors  # rows of encoded texts about anything, which pictures are similar to only by chance
    known_words: frozenset[str]  # words learned from sentences, which need no dictionary
    absence: Vectors  # weights of library.EVIDENCE, then a constant, for the log odds that any picture shows a query
    showing: Vectors  # the same for one picture, with library.SIGNS

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        with np.load(path) as file:
            stored = {name: file[name] for name in file.files}
        maps = {
            name: Map(stored[f"{name}_centre"].astype(np.float32), stored[f"{name}_matrix"].astype(np.float32))
            for name in ("picture_sentences", "picture_names", "text_sentences", "text_names")
        }
        return cls(
            **maps,
            null_texts=stored["null_texts"].astype(np.float32),
            known_words=frozenset(stored["known_words"].tobytes().decode().split()),
            absence=stored["absence"].astype(np.float32),
            showing=stored["showing"].astype(np.float32),
        )

    def pictures(self, vectors: Vectors) -> Vectors:
        """Vectors of pictures, from rows of their embeddings: both halves, each normalised."""
        return np.concatenate([self.picture_sentences(vectors), self.picture_names(vectors)], axis=1)

    def texts(self, vectors: Vectors, names: float) -> Vectors:
        """Vectors of texts, from rows of encoder.encode. `names`, 0 to 1, says how much the half for names counts."""
        halves = (1 - names) * self.text_sentences(vectors), names * self.text_names(vectors)
        return np.concatenate(halves, axis=1)


@cache
def shipped() -> Maps:
    """The maps that come with Mirage, read once."""
    return Maps.read()
