"""Thresholds for face similarity: measured for a model on labelled faces, or else estimated from the library.

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
# SFace: the standard deviation of the similarity of strangers, and how many of them `group` is above the mean.
# For models without measurements, the constants are estimated from these.
DEVIATION, TAIL = 0.096, 4.8
LARGEST_FITTED = 10  # faces of a group, at most, that count in its similarity to a face …
LARGEST_PAIRED = 5  # … or to another group
LARGEST_JOINED = 10  # faces of a group, at most, that count when it is joined with another
SAMPLE, FEWEST = 2_000, 100  # faces, at most and at least, for an estimate


@dataclass(frozen=True, slots=True)
class Calibration:
    """The thresholds of a model. All cosines are of vectors minus `mean`, which is what all faces have in common."""

    mean: NDArray[np.float32]
    group: float  # threshold to join two groups, among `among` groups
    among: int = 260
    per_decade: float = 0.05  # added for ten times as many groups …
    per_decade_below: float = 0.02  # … subtracted for a tenth as many
    join_less: float = 0.08  # subtracted for a face that joins a group …
    margin: float = 0.08  # … if its similarity to all other groups is lower by this margin
    member_margin: float = 0.03  # a face stays in a group only if its similarity to all others is lower by this margin
    near: float = 0.20  # threshold to compare two at all
    ask: float = 0.12  # threshold to ask
    # The similarity at which yes and no are equally likely, relative to `group`, and how it grows: fitted to labelled
    # faces (docs/measured/people.md). The more faces a group has, the nearer its own faces are to their mean.
    even_face: float = -0.225
    even_face_growth: float = 0.075  # times the logarithm of the group's size, and of the other's when two are compared
    steep: float = 0.025
    camp_margin: float = 0.10  # of two people in one group each picture is nearer to its own, by this (grouping/camps)
    same_look: float = 0.72  # cosine of two pictures of one burst
    lengths: tuple[float, float] | None = None  # of raw vectors: for certainty 0 and certainty 1

    def threshold(self, count: int) -> float:
        """The threshold for joining among this number of groups and single faces."""
        decades = log10(max(count, 10) / self.among)
        return self.group + decades * (self.per_decade if decades > 0 else self.per_decade_below)

    def threshold_of_pair(self, count: int, size: int, other_size: int) -> float:
        """The threshold for joining two groups of these sizes, among this number.

        The mean of many faces has little noise: two halves of one person are nearly equal then, and siblings are not.
        """
        growth = self._growth(LARGEST_JOINED, size, other_size)
        return max(self.threshold(count), self.group + self.even_face + growth)

    def chance_of_face(self, similarity: float, size: int) -> float:
        """The chance that a face with this similarity belongs to a group of this size."""
        growth = self._growth(LARGEST_FITTED, size)
        return self._chance(similarity, self.group + self.even_face + growth)

    def chance_of_people(self, similarity: float, size: int, other_size: int) -> float:
        """The chance that two groups with this similarity are one person.

        More faces make both means more certain. Whether this continues in large groups is not measured: one person in
        two groups is a child and an adult, and the labelled faces have none.
        """
        growth = self._growth(LARGEST_PAIRED, size, other_size)
        return self._chance(similarity, self.group + self.even_face + growth)

    def _growth(self, largest: int, *sizes: int) -> float:
        return self.even_face_growth * sum(log(min(max(size, 1), largest)) for size in sizes)

    def _chance(self, similarity: float, even: float) -> float:
        return 1 / (1 + exp((even - similarity) / self.steep))

    def centred(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vectors minus what all faces have in common, normalised."""
        moved = vectors - self.mean
        return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)


def of(model: str, vectors: NDArray[np.float32]) -> Calibration:
    """The model's calibration; without measurements, an estimate from the owner's own faces."""
    return measured(embedder(model)) or estimated(vectors)


def embedder(model: str) -> str:
    """The embedder in a model's name as rows have it: detector+embedder/version."""
    return model.partition("+")[2].partition("/")[0]


@cache
def measured(name: str) -> Calibration | None:
    """The calibration in vision/faces/calibrations, or None."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        return None
    values = json.loads(file.read_text())
    values.pop("source")
    if "lengths" in values:
        values["lengths"] = tuple(values["lengths"])
    return Calibration(**{**values, "mean": np.array(values["mean"], np.float32)})


def certainty(name: str, lengths: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """How certain the embedder is about faces, 0 to 1, by the length of its raw vectors; None if that is not known."""
    fitted = measured(name)
    if fitted is None or fitted.lengths is None:
        return None
    least, full = fitted.lengths
    return np.clip((lengths - least) / (full - least), 0, 1)


def estimated(vectors: NDArray[np.float32]) -> Calibration:
    """An estimate: most pairs of faces in a library are two people, so they show what strangers reach by chance."""
    chosen = vectors[np.random.default_rng(0).permutation(len(vectors))[:SAMPLE]]
    if len(chosen) < FEWEST:  # too many pairs are of one person
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
        camp_margin=usual.camp_margin * wide,
        same_look=min(middle + usual.same_look * wide, 0.95),
    )
