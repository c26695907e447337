"""Kinds of pictures that people look for and that no thing in them gives away: screenshots, documents, memes and more.

A logistic model for each kind over the embedding that every photo has, so nothing is computed from the picture again.
benchmarks/word_maps/kinds.py learns them and measures how often each is right; docs/measured/words.md has the figures.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_suffix(".npz")
NAMES = ("screenshot", "document", "receipt", "meme", "blurred")  # the place of each is the number of its bit
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Models:
    """The contents of the file."""

    weights: Vectors  # one row for each model: the weights of an embedding's numbers, then a constant
    thresholds: Vectors  # the lowest log odds with which a picture counts as of that kind

    @classmethod
    def read(cls, path: Path = FILE) -> Self:
        with np.load(path) as stored:
            return cls(stored["weights"].astype(np.float32), stored["thresholds"].astype(np.float32))

    def log_odds(self, embeddings: Vectors) -> Vectors:
        """The log odds of each kind, a column each, for rows of embeddings."""
        return np.asarray(embeddings @ self.weights[:, :-1].T + self.weights[:, -1], np.float32)

    def likely(self, embeddings: Vectors) -> NDArray[np.uint8]:
        """For each row of embeddings the bits of the kinds that the picture probably is."""
        return np.packbits(self.log_odds(embeddings) >= self.thresholds, axis=1, bitorder="little")[:, 0]


def bit(name: str) -> int:
    """The bit of one of NAMES."""
    return 1 << NAMES.index(name)


@cache
def shipped() -> Models:
    """The models that come with Mirage, read once."""
    return Models.read()
