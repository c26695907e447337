"""A library's pictures scored for a query, against what texts about anything score: chances, and whether any shows it.

Some pictures are similar to every text. Their similarity to the nearest of many random texts (their popularity) is
taken off their scores, as cross-domain local scaling does (Conneau et al., 2018). The same random texts say what a
query would score that nothing shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vision.words import maps
from vision.words.query import Query

Vectors = NDArray[np.float32]
NEAREST = 5  # random texts that make up a picture's popularity
WEIGHT = 0.5  # of popularity
ABSENT = 0.5  # the chance that any picture shows a query, below which the answer is that none does
BEST = 3  # pictures whose mean score is evidence that something is shown
AT_ONCE = 4096  # pictures that are compared with the random texts at a time
SIGNS = ("above what random texts score on it", "above its library's others", "log odds that any shows it", "constant")
EVIDENCE = ("best", "mean of the BEST", "mean of all", "spread", "log of the count", "names", "familiar", "constant")


@dataclass(frozen=True)
class Chance:
    """What random texts score in a library, by the weight that names have."""

    popularity: Vectors  # of each picture
    mean: Vectors  # of each picture's scores
    spread: Vectors  # their standard deviation
    tops: Vectors  # 2 × 4: mean and deviation of what _Tops measures of the random texts


@dataclass(frozen=True)
class Library:
    """A row for each picture, as maps.Maps.pictures gives it."""

    vectors: Vectors
    known: maps.Maps

    @classmethod
    def of(cls, embeddings: Vectors, known: maps.Maps | None = None) -> Self:
        """The library of rows of DINOv2's vectors, as the embedding stage stores them (float16 will do)."""
        known = known or maps.shipped()
        return cls(known.pictures(embeddings), known)

    @cached_property
    def _chances(self) -> dict[float, Chance]:
        return {}

    def chance(self, names: float) -> Chance:
        """What random texts score here. Computed once for each weight of names: 800 products a picture."""
        if names not in self._chances:
            self._chances[names] = self._against_random_texts(names)
        return self._chances[names]

    def scores(self, query: Query) -> Vectors:
        """How well each picture fits, its popularity taken off. The order of an answer is by these."""
        if not len(self.vectors):
            return np.empty(0, np.float32)
        return np.asarray(self.vectors @ query.vector - self.chance(query.names).popularity, np.float32)

    def shows(self, query: Query, scores: Vectors) -> float:
        """The chance, 0 to 1, that any picture shows what is asked for. 0 in an empty library."""
        if not len(scores):
            return 0.0
        return float(_logistic(self._log_odds(query, scores)))

    def chances(self, query: Query, scores: Vectors) -> Vectors:
        """The chance, 0 to 1, of each picture to show what is asked for. A page of answers ends where it is low."""
        if not len(scores):
            return np.empty(0, np.float32)
        return _logistic(self.signs(query, scores) @ self.known.showing)

    def signs(self, query: Query, scores: Vectors) -> Vectors:
        """SIGNS of each picture, one row each."""
        chance = self.chance(query.names)
        rows = np.empty((len(scores), len(SIGNS)), np.float32)
        rows[:, 0] = (scores + chance.popularity - chance.mean) / chance.spread
        rows[:, 1] = (scores - scores.mean()) / max(float(scores.std()), 1e-6)
        rows[:, 2] = self._log_odds(query, scores)
        rows[:, 3] = 1
        return rows

    def evidence(self, query: Query, scores: Vectors) -> Vectors:
        """EVIDENCE that any picture shows what is asked for, in deviations of what random texts have here."""
        means, deviations = self.chance(query.names).tops
        tops = _Tops(1)
        tops.add(scores[None])
        measured = (tops.measured()[0] - means) / np.maximum(deviations, 1e-6)
        familiar = np.sort(self._random_texts(query.names) @ query.vector)[-NEAREST:].mean()
        return np.array([*measured, np.log10(len(scores)), query.names, familiar, 1], np.float32)

    def _log_odds(self, query: Query, scores: Vectors) -> float:
        return float(self.evidence(query, scores) @ self.known.absence)

    def _against_random_texts(self, names: float) -> Chance:
        random = self._random_texts(names)
        popularity, mean, spread, tops = [], [], [], _Tops(len(random))
        for rows in self._in_parts():
            scores = random @ rows.T
            popularity.append(WEIGHT * np.partition(scores, -NEAREST, axis=0)[-NEAREST:].mean(axis=0))
            mean.append(scores.mean(axis=0))
            spread.append(scores.std(axis=0))
            tops.add(scores - popularity[-1])
        measured = tops.measured()
        stacked = np.stack([measured.mean(axis=0), measured.std(axis=0)])
        return Chance(np.concatenate(popularity), np.concatenate(mean), np.concatenate(spread), stacked)

    def _random_texts(self, names: float) -> Vectors:
        half = self.vectors.shape[1] // 2
        return self.known.null_texts * np.repeat(np.array([1 - names, names], np.float32), half)

    def _in_parts(self) -> Iterator[Vectors]:
        for first in range(0, len(self.vectors), AT_ONCE):
            yield self.vectors[first : first + AT_ONCE]


class _Tops:
    """Of several texts' scores, which come in parts: the best, the mean of the BEST, the mean of all, the spread."""

    def __init__(self, texts: int) -> None:
        self.best = np.empty((texts, 0), np.float32)
        self.sums = np.zeros((2, texts))
        self.count = 0

    def add(self, scores: Vectors) -> None:
        """The scores of some pictures, one row a text."""
        self.best = np.sort(np.concatenate([self.best, scores], axis=1), axis=1)[:, -BEST:]
        self.sums += scores.sum(axis=1, dtype=np.float64), np.square(scores, dtype=np.float64).sum(axis=1)
        self.count += scores.shape[1]

    def measured(self) -> Vectors:
        """One row a text."""
        mean, square = self.sums / self.count
        spread = np.sqrt(np.maximum(square - mean**2, 0))
        return np.stack([self.best[:, -1], self.best.mean(axis=1), mean, spread], axis=1).astype(np.float32)


def _logistic(odds: NDArray[np.floating] | float) -> Vectors:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), np.float32)
