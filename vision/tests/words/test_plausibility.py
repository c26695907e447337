"""Animals that the object model names, checked against the whole picture."""

import numpy as np
import pytest

from vision.coco import LABELS
from vision.words import plausibility
from vision.words.plausibility import chance, doubtful

PICTURE = np.zeros(384, np.float32)


@pytest.fixture(autouse=True)
def looks_like_a_dog(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that looks three deviations more like “dog” than like other names."""
    alike = np.zeros((1, len(LABELS)), np.float32)
    alike[0, LABELS.index("dog")] = 3
    monkeypatch.setattr(plausibility, "likeness", lambda embeddings: alike)


def test_an_animal_that_the_picture_does_not_show_is_doubtful() -> None:
    assert doubtful([("bear", 0.7), ("dog", 0.3), ("giraffe", 0.5)], PICTURE) == [True, False, True]


def test_a_sure_find_needs_little_support() -> None:
    assert chance(0.95, 1) > plausibility.CHANCE > chance(0.2, 0)


def test_things_are_never_doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plausibility, "likeness", lambda embeddings: pytest.fail("looked at without an animal"))
    assert doubtful([("bottle", 0.21), ("person", 0.2)], PICTURE) == [False, False]


def test_score_and_likeness_both_raise_the_chance() -> None:
    chances = [chance(score, alike) for score in (0.3, 0.6, 0.9) for alike in (-1.0, 1.0, 3.0)]
    assert all(0 < each < 1 for each in chances)
    assert chance(0.6, 1) < chance(0.6, 2) < chance(0.9, 2)
