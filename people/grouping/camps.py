"""Whether faces are two people who look alike, such as sisters: two camps of pictures that never meet.

The means of two siblings can be as near to each other as those of two halves of one person. But each picture of one
person lies among the others, whichever way they are divided, while each picture of a sibling is nearer to its own camp.
The limits, and how they were found: docs/measured/people.md.
"""

import numpy as np
from numpy.typing import NDArray

from people.grouping.units import Vectors
from vision.faces.calibration import Calibration

LEAST = 4  # faces of each camp: fewer lie apart by chance
LOOKS = 3  # of these so many that are not from one burst
MOST = 150  # faces of a camp that are compared; more say no more
STRAY = 0.1  # share of the pictures that may lie between the camps: a poor one, or one that is somebody else
DIP = 0.70  # cosine between the camps, at most, relative to that within them
STARTS, STEPS = 8, 20

Mask = NDArray[np.bool_]


def are_apart(one: Vectors, other: Vectors, calibration: Calibration) -> bool:
    """Whether these two are camps that never meet: nearly every picture clearly nearer to the rest of its own.

    Pictures of one burst look the same and count once; else each burst would be a camp of its own.
    """
    if min(len(one), len(other)) < LEAST:
        return False
    one, other = looks(some(one), calibration), looks(some(other), calibration)
    if min(len(one), len(other)) < LOOKS:
        return False
    margins = np.concatenate([_margins(one, other), _margins(other, one)])
    within = max(_within(one), 0.0) * max(_within(other), 0.0)
    between = float((one @ other.T).mean())
    return float(np.quantile(margins, STRAY)) >= calibration.camp_margin and between <= DIP * within**0.5


def divided(vectors: Vectors, sound: Mask, calibration: Calibration) -> Mask | None:
    """The smaller of the two camps that these faces of one group fall into; None if they are one.

    The sound ones decide; each of the others goes with the camp that it is nearer to.
    """
    good = vectors[sound]
    if len(good) < 2 * LEAST:
        return None
    for half in _halves(good):
        if are_apart(good[half], good[~half], calibration):
            camp = vectors @ _mean(good[half]) > vectors @ _mean(good[~half])
            camp[sound] = half
            return camp if 2 * camp.sum() <= len(camp) else ~camp
    return None


def likeness(one: Vectors, other: Vectors) -> float:
    """The cosine of the two means."""
    return float(_mean(one) @ _mean(other))


def _mean(vectors: Vectors) -> Vectors:
    total = vectors.sum(axis=0)
    return total / max(float(np.linalg.norm(total)), 1e-9)


def some(vectors: Vectors) -> Vectors:
    """At most MOST of them, evenly."""
    step = -(-len(vectors) // MOST) or 1
    return vectors[::step]


def looks(vectors: Vectors, calibration: Calibration) -> Vectors:
    """One of each that are as alike as pictures of one burst."""
    cosines = vectors @ vectors.T
    kept: list[int] = []
    for face in range(len(vectors)):
        if not kept or float(cosines[face, kept].max()) < calibration.same_look:
            kept.append(face)
    return vectors[kept]


def _margins(own: Vectors, other: Vectors) -> NDArray[np.float32]:
    """How much nearer each is to the mean of the rest of its own camp than to that of the other."""
    rest = own.sum(axis=0) - own
    rest /= np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-9)
    return np.einsum("ij,ij->i", own, rest) - own @ _mean(other)


def _within(vectors: Vectors) -> float:
    """The mean cosine of two of them."""
    count, total = len(vectors), vectors.sum(axis=0)
    return (float(total @ total) - count) / (count * (count - 1))


def _halves(vectors: Vectors) -> list[Mask]:
    """Divisions into two, each by 2-means: along the longest axis, and from faces far from one another."""
    away = vectors - vectors.mean(axis=0)
    axis = away[int(np.linalg.norm(away, axis=1).argmax())]
    for _ in range(STEPS):
        axis = away.T @ (away @ axis)
        axis /= max(float(np.linalg.norm(axis)), 1e-9)
    starts = [away @ axis > 0]
    far = [int((vectors @ vectors.sum(axis=0)).argmin())]
    for _ in range(min(STARTS, len(vectors)) - 1):
        far.append(int((vectors @ vectors[far].T).max(axis=1).argmin()))
    centre = vectors @ vectors.sum(axis=0) / len(vectors)
    starts += [vectors @ vectors[face] > centre for face in far]
    found = {camp.tobytes(): camp for camp in (_two_means(vectors, start) for start in starts)}
    return [camp for camp in found.values() if LEAST <= camp.sum() <= len(camp) - LEAST]


def _two_means(vectors: Vectors, camp: Mask) -> Mask:
    """Move faces to the nearer of the two means until none moves. The camp without the first face is returned."""
    for _ in range(STEPS):
        if camp.all() or not camp.any():
            break
        nearer = vectors @ _mean(vectors[camp]) > vectors @ _mean(vectors[~camp])
        if (nearer == camp).all():
            break
        camp = nearer
    return ~camp if camp[0] else camp
