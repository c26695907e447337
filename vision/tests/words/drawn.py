"""Directions at random, a few dimensions wide, in the place of vectors of pictures and texts."""

import numpy as np
from numpy.typing import NDArray

from vision.fingerprints import normalised
from vision.words.maps import Maps
from vision.words.query import Query

Vectors = NDArray[np.float32]
WIDE, HALF, RANDOM = 16, 8, 60


def directions(count: int, seed: int) -> Vectors:
    return normalised(np.random.default_rng(seed).standard_normal((count, WIDE)).astype(np.float32))


def asked_for(known: Maps, vector: Vectors, names: float = 0.5) -> Query:
    return Query(known.texts(vector[None], names)[0], names)
