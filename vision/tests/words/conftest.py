"""Maps of a few known directions, and queries in them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.fingerprints import normalised
from vision.words.maps import Map, Maps
from vision.words.query import Query

Vectors = NDArray[np.float32]
WIDE, HALF, RANDOM = 16, 8, 60


def directions(count: int, seed: int) -> Vectors:
    return normalised(np.random.default_rng(seed).standard_normal((count, WIDE)).astype(np.float32))


@pytest.fixture
def known() -> Maps:
    """Maps that keep the first half of the numbers for sentences and the second for names."""
    first, second = np.eye(WIDE, dtype=np.float32)[:, :HALF], np.eye(WIDE, dtype=np.float32)[:, HALF:]
    centre = np.zeros(WIDE, np.float32)
    drawn = directions(RANDOM, 1)
    return Maps(
        picture_sentences=Map(centre, first),
        picture_names=Map(centre, second),
        text_sentences=Map(centre, first),
        text_names=Map(centre, second),
        null_texts=np.concatenate([normalised(drawn[:, :HALF]), normalised(drawn[:, HALF:])], axis=1),
        known_words=frozenset({"dog", "snow", "child"}),
        absence=np.array([1, 0, 0, 0, 0, 0, 0, -1], np.float32),  # by the best score alone
        showing=np.array([1, 1, 0, -6], np.float32),
    )


def asked_for(known: Maps, vector: Vectors, names: float = 0.5) -> Query:
    return Query(known.texts(vector[None], names)[0], names)
