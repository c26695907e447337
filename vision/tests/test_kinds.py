"""Kinds of pictures by their embeddings."""

from pathlib import Path

import numpy as np
import pytest

from vision import kinds
from vision.embeddings import DIMENSION


def test_each_kind_has_its_bit(tmp_path: Path) -> None:
    weights = np.zeros((len(kinds.NAMES), 4), np.float16)
    weights[:, :3] = [[1, 0, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [-1, -1, -1]]
    weights[4, 3] = 0.5
    np.savez(tmp_path / "kinds.npz", weights=weights, thresholds=np.full(len(kinds.NAMES), 0.5, np.float32))
    models = kinds.Models.read(tmp_path / "kinds.npz")
    shown = models.likely(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.2, 0.2, 0.2], [0, 0, 0]], np.float32))
    names = [{name for name in kinds.NAMES if bits & kinds.bit(name)} for bits in shown.tolist()]
    assert names == [{"screenshot"}, {"document", "receipt"}, {"receipt", "meme"}, set(), {"blurred"}]
    assert models.likely(np.empty((0, 3), np.float32)).shape == (0,)


def test_those_that_mirage_comes_with_take_embeddings() -> None:
    models = kinds.shipped()
    assert models.weights.shape == (len(kinds.NAMES), DIMENSION + 1)
    assert np.isfinite(models.weights).all()
    noise = np.random.default_rng(3).normal(size=(500, DIMENSION)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    assert models.log_odds(noise).shape == (500, len(kinds.NAMES))


@pytest.mark.parametrize("name", kinds.NAMES)
def test_bits_differ(name: str) -> None:
    assert [other for other in kinds.NAMES if kinds.bit(other) == kinds.bit(name)] == [name]
