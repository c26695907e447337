"""Improves a pair of maps by telling each picture's text from those of other pictures, from the closed form on.

The loss is that of CLIP (Radford et al., 2021), by Adam in numpy. Noise as large as the spread of the vectors keeps it
from learning the pictures by heart; without it, it does.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vision.words.maps import Map

Vectors = NDArray[np.float32]
STEPS, WARM_UP, BATCH = 2000, 50, 512
RATE, HOLD = 3e-3, 1e-2  # of learning, as a share of a matrix's mean number; and how strongly it is drawn back
NOISE, TEMPERATURE = 0.5, 0.05
FIRST, SECOND = 0.9, 0.999  # Adam's moments


def improve(pair: tuple[Map, Map], pictures: Vectors, texts: Sequence[Vectors], seed: int) -> tuple[Map, Map]:
    """The maps of pictures and of texts, after learning from pictures and the texts of each."""
    random = np.random.default_rng(seed)
    starts = np.cumsum([0, *map(len, texts)])
    sides = [pictures - pair[0].centre, np.concatenate(texts) - pair[1].centre]
    noises = [NOISE * side.std(axis=0) for side in sides]
    steps = [Adam(side.matrix) for side in pair]
    for step in range(1, STEPS + 1):
        drawn = random.choice(len(pictures), min(BATCH, len(pictures)), replace=False)
        told = starts[drawn] + (random.random(len(drawn)) * (starts[drawn + 1] - starts[drawn])).astype(int)
        rows = [
            side[places] + noise * random.standard_normal((len(places), side.shape[1]), dtype=np.float32)
            for side, places, noise in zip(sides, (drawn, told), noises, strict=True)
        ]
        slopes = gradients(rows, [one.matrix for one in steps])
        rate = RATE * min(1, step / WARM_UP) * (1 + np.cos(np.pi * step / STEPS)) / 2
        for one, slope in zip(steps, slopes, strict=True):
            one.take(slope, step, rate)
    return Map(pair[0].centre, steps[0].matrix), Map(pair[1].centre, steps[1].matrix)


class Adam:
    """A matrix that is learned (Kingma and Ba, 2015), and drawn back to where it began."""

    def __init__(self, matrix: Vectors) -> None:
        self.begun, self.matrix, self.size = matrix, matrix.copy(), float(np.abs(matrix).mean())
        self.mean, self.square = np.zeros_like(matrix), np.zeros_like(matrix)

    def take(self, slope: Vectors, step: int, rate: float) -> None:
        self.mean = FIRST * self.mean + (1 - FIRST) * slope
        self.square = SECOND * self.square + (1 - SECOND) * slope**2
        change = self.mean / (1 - FIRST**step) / (np.sqrt(self.square / (1 - SECOND**step)) + 1e-12)
        self.matrix -= np.float32(rate) * (self.size * change + HOLD * (self.matrix - self.begun)).astype(np.float32)


def gradients(rows: Sequence[Vectors], matrices: Sequence[Vectors]) -> list[Vectors]:
    """How the loss changes with both matrices, for pictures and their texts, row by row."""
    mapped = [one @ matrix for one, matrix in zip(rows, matrices, strict=True)]
    lengths = [np.linalg.norm(one, axis=1, keepdims=True) for one in mapped]
    units = [one / length for one, length in zip(mapped, lengths, strict=True)]
    alike = units[0] @ units[1].T / TEMPERATURE
    wrong = (shares(alike, 1) + shares(alike, 0)) / 2 - np.eye(len(alike), dtype=np.float32)
    wrong /= len(alike) * TEMPERATURE
    pulls = wrong @ units[1], wrong.T @ units[0]
    turned = [
        (pull - unit * (unit * pull).sum(axis=1, keepdims=True)) / length
        for pull, unit, length in zip(pulls, units, lengths, strict=True)
    ]
    return [one.T @ turn for one, turn in zip(rows, turned, strict=True)]


def shares(values: Vectors, axis: int) -> Vectors:
    grown = np.exp(values - values.max(axis=axis, keepdims=True))
    return np.asarray(grown / grown.sum(axis=axis, keepdims=True), np.float32)
