"""The maps that bring pictures and texts into one space, as benchmarks/words_train.py learns them.

There are two pairs of maps, and a vector has a half from each: one pair learnt mostly from sentences, one mostly from
names of things. How much each half counts depends on what is asked (query.py).
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
    """Takes the mean away, multiplies, and makes the length one."""

    centre: Vectors  # as long as a vector that goes in
    matrix: Vectors  # that × half of a vector's dimensions

    def __call__(self, vectors: Vectors) -> Vectors:
        return normalised(self._moved(vectors))

    def reach(self, vectors: Vectors) -> float:
        """How far the first vector lies from the middle, before its length is made one."""
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
    null_texts: Vectors  # rows of encoded texts about anything: what a picture is similar to by chance
    known_words: frozenset[str]  # those that sentences taught: their meaning needs no dictionary
    absence: Vectors  # weights of library.EVIDENCE, then a constant: the log odds that a library shows a query
    showing: Vectors  # likewise for one picture, of library.SIGNS

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
        """Vectors of pictures, from rows of their embeddings: both halves, each of length one."""
        return np.concatenate([self.picture_sentences(vectors), self.picture_names(vectors)], axis=1)

    def texts(self, vectors: Vectors, names: float) -> Vectors:
        """Vectors of texts, from rows of encoder.encode. `names`, 0 to 1, is how much the names' half counts."""
        halves = (1 - names) * self.text_sentences(vectors), names * self.text_names(vectors)
        return np.concatenate(halves, axis=1)


@cache
def shipped() -> Maps:
    """Those that Mirage comes with, read once."""
    return Maps.read()
