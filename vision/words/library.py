"""A library's pictures, scored for a query against random texts: how likely each shows it, and whether any does.

Some pictures are similar to every text. Their similarity to the nearest of many random texts (their popularity) is
subtracted from their scores, as in cross-domain local scaling (Conneau et al., 2018). The same random texts tell what a
query scores if no picture shows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from vision.words import maps
from vision.words.query import TRAITS, Query

Vectors = NDArray[np.float32]
NEAREST = 5  # how many of the nearest random texts a picture's popularity is the mean of
WEIGHT = 0.5  # of popularity, where it is subtracted
# If any picture shows a query with a lower chance than this, the answer is that none does: for a name that the
# dictionary explains, for another single word, and for several words, which many more pictures show in part.
ABSENT_NAME, ABSENT_WORD, ABSENT_SEVERAL = 0.6, 0.75, 0.28
COMMON = 0.1  # so much less is enough for a word of the vocabulary, because people often photograph such things
LEAST, OF_BEST = 0.03, 1 / 3  # the lowest chance of a picture in an answer: absolute, and as a share of the best one's
BEST = 3  # how many of the best pictures give the mean score that counts as evidence
AT_ONCE = 4096  # pictures compared with the random texts at a time
IN_CACHE = 512  # rows of 256 numbers unpacked at a time
SIGNS = ("above what random texts score on it", "above its library's others", "log odds that any shows it", "constant")
EVIDENCE = (
    "best", "mean of the BEST", "mean of all", "spread", "log of the count", "names", "familiar", *TRAITS, "constant",
)  # fmt: skip


@dataclass(frozen=True)
class Tops:
    """What is kept of several texts' scores in a library, which comes in parts: the best, sums, how many pictures."""

    best: Vectors  # one row for each text: its BEST highest scores, ascending; fewer in a smaller library
    sums: NDArray[np.float64]  # 2 × texts: the sums of the scores, and of their squares
    count: int = 0

    @classmethod
    def none(cls, texts: int) -> Self:
        """Statistics of no pictures yet."""
        return cls(np.empty((texts, 0), np.float32), np.zeros((2, texts)))

    @classmethod
    def of(cls, scores: Vectors) -> Self:
        """Of these scores, a row for each text."""
        kept = min(BEST, scores.shape[1])
        best = np.sort(np.partition(scores, -kept, axis=1)[:, -kept:], axis=1) if kept else scores
        sums = np.stack([scores.sum(axis=1, dtype=np.float64), np.einsum("tp,tp->t", scores, scores, dtype=np.float64)])
        return cls(best, sums, scores.shape[1])

    def __add__(self, other: "Tops") -> "Tops":
        """Statistics of the pictures of both parts."""
        best = np.sort(np.concatenate([self.best, other.best], axis=1), axis=1)[:, -BEST:]
        return Tops(best, self.sums + other.sums, self.count + other.count)

    def measured(self) -> Vectors:
        """A row for each text: the best, the mean of the BEST, the mean of all, the spread."""
        mean, square = self.sums / self.count
        spread = np.sqrt(np.maximum(square - mean**2, 0))
        return np.stack([self.best[:, -1], self.best.mean(axis=1), mean, spread], axis=1).astype(np.float32)


@dataclass(frozen=True)
class Chance:
    """What random texts score in a library, for one weight of names. The first three are of each picture alone,
    whatever library it is in."""

    popularity: Vectors  # one for each picture
    mean: Vectors  # the mean of each picture's scores
    spread: Vectors  # their standard deviation
    tops: Tops  # statistics of the random texts, after popularity was subtracted

    @classmethod
    def joined(cls, parts: "Sequence[Chance]") -> Self:
        """The same for the pictures of all parts, in their order."""
        popularity, mean, spread = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("popularity", "mean", "spread")
        )
        return cls(popularity, mean, spread, sum((part.tops for part in parts[1:]), parts[0].tops))


class Rows(Protocol):
    """Rows of vectors: an array, or something smaller in memory."""

    def __len__(self) -> int: ...

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, rows: Any, /) -> Any: ...

    def __matmul__(self, vector: Vectors, /) -> Any: ...


@dataclass(frozen=True)
class Packed:
    """Rows of vectors with a byte for each number, a quarter of their size; a row's numbers are multiples of its step.

    A few hundred rows are unpacked at a time, which fit into the processor's cache. So 100,000 are scored in 10 ms; in
    half precision it takes 200.
    """

    numbers: NDArray[np.int8]
    steps: Vectors

    @classmethod
    def of(cls, vectors: Vectors) -> Self:
        steps = (np.abs(vectors).max(axis=1, initial=1e-12) / 127).astype(np.float32)
        return cls(np.rint(vectors / steps[:, None]).astype(np.int8), steps)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.numbers.shape

    def __getitem__(self, rows: slice) -> Vectors:
        return self.numbers[rows] * self.steps[rows, None]

    def __matmul__(self, vector: Vectors) -> Vectors:
        """The product of each row with one vector."""
        found = np.empty(len(self), np.float32)
        wide = np.empty((IN_CACHE, self.shape[1]), np.float32)
        for first in range(0, len(self), IN_CACHE):
            part = self.numbers[first : first + IN_CACHE]
            wide[: len(part)] = part
            np.dot(wide[: len(part)], vector, out=found[first : first + len(part)])
        return found * self.steps


@dataclass(frozen=True)
class Parts:
    """Packed rows in several places, used as one."""

    parts: tuple[Packed, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def shape(self) -> tuple[int, ...]:
        return len(self), self.parts[0].shape[1]

    def __getitem__(self, rows: slice) -> Vectors:
        start, end, _ = rows.indices(len(self))
        found, first = [], 0
        for part in self.parts:
            found.append(part[max(start - first, 0) : max(end - first, 0)])
            first += len(part)
        return np.concatenate(found)

    def __matmul__(self, vector: Vectors) -> Vectors:
        return np.concatenate([part @ vector for part in self.parts])


@dataclass(frozen=True)
class Library:
    """The vectors of a library's pictures, one row each, as maps.Maps.pictures gives them."""

    vectors: Rows
    known: maps.Maps
    measured: dict[float, Chance] = field(default_factory=dict)  # by the weight of names, as far as computed

    @classmethod
    def of(cls, embeddings: Vectors, known: maps.Maps | None = None) -> Self:
        """A library made from rows of DINOv2's vectors, as the embedding stage stores them (float16 is enough)."""
        known = known or maps.shipped()
        return cls(known.pictures(embeddings), known)

    def chance(self, names: float) -> Chance:
        """What random texts score here. Computed once for each weight of names, with 800 products for each picture."""
        if names not in self.measured:
            self.measured[names] = self._against_random_texts(names)
        return self.measured[names]

    def scores(self, query: Query) -> Vectors:
        """How well each picture fits, after its popularity was subtracted. Answers are sorted by this."""
        if not len(self.vectors):
            return np.empty(0, np.float32)
        return np.asarray(self.vectors @ query.vector - self.chance(query.names).popularity, np.float32)

    def shows(self, query: Query, scores: Vectors) -> float:
        """The chance, 0 to 1, that any picture shows what is asked for; 0 in an empty library."""
        if not len(scores):
            return 0.0
        return float(_logistic(self.log_odds(query, scores)))

    def chances(self, query: Query, scores: Vectors) -> Vectors:
        """For each picture, the chance, 0 to 1, that it shows what is asked for."""
        if not len(scores):
            return np.empty(0, np.float32)
        odds = self.log_odds(query, scores)
        return _logistic(self.signs(query, scores, odds) @ self.known.measure(query.names).showing)

    def is_absent(self, query: Query, scores: Vectors, common: bool = False) -> bool:
        """Whether to say that nothing shows it; a word of the vocabulary is `common`."""
        return self.shows(query, scores) < _least(query) - COMMON * common

    def answer(self, query: Query, common: bool = False) -> NDArray[np.int_]:
        """The places of the pictures that show it, best first; none if it is absent."""
        scores = self.scores(query)
        if self.is_absent(query, scores, common):
            return np.empty(0, np.int_)
        odds = self.log_odds(query, scores)
        chances = _logistic(self.signs(query, scores, odds) @ self.known.measure(query.names).showing)
        likely = np.flatnonzero(chances >= max(LEAST, OF_BEST * float(chances.max())))
        return likely[np.argsort(-scores[likely], kind="stable")]

    def signs(self, query: Query, scores: Vectors, odds: float) -> Vectors:
        """A row of SIGNS for each picture; `odds` are the log odds that any of them shows it."""
        chance = self.chance(query.names)
        rows = np.empty((len(scores), len(SIGNS)), np.float32)
        rows[:, 0] = (scores + chance.popularity - chance.mean) / chance.spread
        rows[:, 1] = (scores - scores.mean()) / max(float(scores.std()), 1e-6)
        rows[:, 2] = odds
        rows[:, 3] = 1
        return rows

    def evidence(self, query: Query, scores: Vectors) -> Vectors:
        """EVIDENCE that any picture shows what is asked for, in deviations from what random texts score here."""
        usual = self.chance(query.names).tops.measured()
        measured = (Tops.of(scores[None]).measured()[0] - usual.mean(axis=0)) / np.maximum(usual.std(axis=0), 1e-6)
        familiar = np.sort(self._random_texts(query.names) @ query.vector)[-NEAREST:].mean()
        return np.array([*measured, np.log10(len(scores)), query.names, familiar, *query.traits, 1], np.float32)

    def log_odds(self, query: Query, scores: Vectors) -> float:
        """The log odds that any picture shows what is asked for."""
        return float(self.evidence(query, scores) @ self.known.measure(query.names).absence)

    def _against_random_texts(self, names: float) -> Chance:
        random = self._random_texts(names)
        return Chance.joined([_against(random, rows) for rows in self._in_parts()])

    def _random_texts(self, names: float) -> Vectors:
        half = self.vectors.shape[1] // 2
        return self.known.measure(names).null_texts * np.repeat(np.array([1 - names, names], np.float32), half)

    def _in_parts(self) -> Iterator[Vectors]:
        for first in range(0, max(len(self.vectors), 1), AT_ONCE):
            yield self.vectors[first : first + AT_ONCE]


def _least(query: Query) -> float:
    """The chance that any picture shows it below which none is said to."""
    if query.names > maps.EVEN:
        return ABSENT_NAME
    return ABSENT_WORD if query.traits[TRAITS.index("is one word")] else ABSENT_SEVERAL


def _against(random: Vectors, rows: Vectors) -> Chance:
    """What random texts score for some pictures."""
    scores = random @ rows.T
    popularity = WEIGHT * np.partition(scores, -NEAREST, axis=0)[-NEAREST:].mean(axis=0)
    return Chance(popularity, scores.mean(axis=0), scores.std(axis=0), Tops.of(scores - popularity))


def _logistic(odds: NDArray[np.floating] | float) -> Vectors:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))), np.float32)
