"""Maps of a few dimensions."""

import numpy as np
import pytest

from vision.fingerprints import normalised
from vision.tests.words.drawn import HALF, RANDOM, WIDE, directions
from vision.words.library import EVIDENCE
from vision.words.maps import Map, Maps, Measure


@pytest.fixture
def known() -> Maps:
    """Maps that keep the first half of the numbers for sentences and the second for names."""
    first, second = np.eye(WIDE, dtype=np.float32)[:, :HALF], np.eye(WIDE, dtype=np.float32)[:, HALF:]
    centre = np.zeros(WIDE, np.float32)
    drawn = directions(RANDOM, 1)
    measure = Measure(
        null_texts=np.concatenate([normalised(drawn[:, :HALF]), normalised(drawn[:, HALF:])], axis=1),
        absence=np.array([1] + [0] * (len(EVIDENCE) - 2) + [-1], np.float32),  # by the best score alone
        showing=np.array([1, 1, 0, -6], np.float32),
    )
    return Maps(
        picture_sentences=Map(centre, first),
        picture_names=Map(centre, second),
        text_sentences=Map(centre, first),
        text_names=Map(centre, second),
        of_names=measure,
        of_others=measure,
        known_words=frozenset({"dog", "snow", "child"}),
    )
