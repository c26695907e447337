"""From which likeness on two faces are one person: measured per model on labelled faces, or estimated where nobody did.

How and on what: docs/measured/people.md; `benchmarks/faces.py --calibrate` makes a file for another model.
"""

import json
from dataclasses import dataclass
from functools import cache
from math import exp, log, log10
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "calibrations"
# The likeness of strangers by SFace deviates by this from its middle, and `group` lies so many deviations above it: by
# which the constants of models are estimated that nobody has measured.
DEVIATION, TAIL = 0.096, 4.8
LARGEST_FITTED = 10  # faces of a group that a face is compared with …
LARGEST_PAIRED = 5  # … or another group
LARGEST_JOINED = 10  # faces of a group that is joined with another: beyond, nothing more is asked of the two
SAMPLE, FEWEST = 2_000, 100  # faces, at most and at least, by which a model is judged


@dataclass(frozen=True, slots=True)
class Calibration:
    """All cosines are of vectors from which `mean` was taken away: what all faces have in common tells nobody apart."""

    mean: NDArray[np.float32]
    group: float  # two groups are one from here on, among `among` groups
    among: int = 260
    per_decade: float = 0.05  # more, for ten times as many …
    per_decade_below: float = 0.02  # … and less, for a tenth as many
    join_less: float = 0.08  # a face may be so much farther from the group that it joins …
    margin: float = 0.08  # … if all others are so much farther still
    member_margin: float = 0.03  # a face stays in a group only if all others are so much farther
    near: float = 0.20  # below, two are not even compared
    ask: float = 0.12  # below, nobody is asked
    # Where yes and no are equally frequent answers, from `group` on, and how fast that changes: fitted to labelled
    # faces (docs/measured/people.md). The more faces a group has, the nearer to their mean its own ones are.
    even_face: float = -0.225
    even_face_growth: float = 0.075  # times the logarithm of the group's size, and of the other's when two are compared
    steep: float = 0.025
    lengths: tuple[float, float] | None = None  # of raw vectors: of faces that say nothing, and that say all

    def threshold(self, count: int) -> float:
        """How alike two must be among so many groups and single faces."""
        decades = log10(max(count, 10) / self.among)
        return self.group + decades * (self.per_decade if decades > 0 else self.per_decade_below)

    def threshold_of_pair(self, count: int, size: int, other_size: int) -> float:
        """How alike two groups of these sizes must be, among so many.

        The mean of many faces has no noise left: halves of one person are nearly alike then, and siblings are not.
        """
        growth = self._growth(LARGEST_JOINED, size, other_size)
        return max(self.threshold(count), self.group + self.even_face + growth)

    def chance_of_face(self, similarity: float, size: int) -> float:
        """How likely it is that a face belongs to the group of this size that it is so like."""
        growth = self._growth(LARGEST_FITTED, size)
        return self._chance(similarity, self.group + self.even_face + growth)

    def chance_of_people(self, similarity: float, size: int, other_size: int) -> float:
        """How likely it is that two groups so alike are one person.

        Both means are the surer the more faces they have. Whether that goes on in large groups nobody has measured: one
        person in two of them is a child and an adult, of whom the labelled faces have none.
        """
        growth = self._growth(LARGEST_PAIRED, size, other_size)
        return self._chance(similarity, self.group + self.even_face + growth)

    def _growth(self, largest: int, *sizes: int) -> float:
        return self.even_face_growth * sum(log(min(max(size, 1), largest)) for size in sizes)

    def _chance(self, similarity: float, even: float) -> float:
        return 1 / (1 + exp((even - similarity) / self.steep))

    def centred(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vectors without what all faces have in common, of length one."""
        moved = vectors - self.mean
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)


def of(model: str, vectors: NDArray[np.float32]) -> Calibration:
    """The model's calibration; for one that nobody has measured an estimate from the owner's own faces."""
    return measured(embedder(model)) or estimated(vectors)


def embedder(model: str) -> str:
    """The embedder in a name as rows have it: detector+embedder/version."""
    return model.partition("+")[2].partition("/")[0]


@cache
def measured(name: str) -> Calibration | None:
    """As it lies in people/calibrations, or None."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        return None
    values = json.loads(file.read_text())
    values.pop("source")
    if "lengths" in values:
        values["lengths"] = tuple(values["lengths"])
    return Calibration(**{**values, "mean": np.array(values["mean"], np.float32)})


def certainty(name: str, lengths: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """How much the embedder makes of faces, 0 to 1, by the length of its raw vectors; None where that is not known."""
    fitted = measured(name)
    if fitted is None or fitted.lengths is None:
        return None
    least, full = fitted.lengths
    return np.clip((lengths - least) / (full - least), 0, 1)


def estimated(vectors: NDArray[np.float32]) -> Calibration:
    """Most pairs of faces in a library are of two people: their likeness shows what strangers reach by chance."""
    chosen = vectors[np.random.default_rng(0).permutation(len(vectors))[:SAMPLE]]
    if len(chosen) < FEWEST:  # too many of the pairs are of one person
        return Calibration(np.zeros(vectors.shape[1], np.float32), group=0.8)
    mean = chosen.mean(axis=0)
    raw = Calibration(mean, group=0)
    cosines = raw.centred(chosen) @ raw.centred(chosen).T
    strangers = cosines[np.triu_indices(len(chosen), 1)]
    middle = float(np.median(strangers))
    deviation = 1.4826 * float(np.median(np.abs(strangers - middle)))
    wide, usual = deviation / DEVIATION, Calibration(mean, group=0)
    return Calibration(
        mean,
        group=middle + TAIL * deviation,
        near=middle + 0.5 * TAIL * deviation,
        ask=middle + 0.3 * TAIL * deviation,
        per_decade=usual.per_decade * wide,
        per_decade_below=usual.per_decade_below * wide,
        join_less=usual.join_less * wide,
        margin=usual.margin * wide,
        member_margin=usual.member_margin * wide,
        even_face=usual.even_face * wide,
        even_face_growth=usual.even_face_growth * wide,
        steep=usual.steep * wide,
    )
