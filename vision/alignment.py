"""How one picture lies over another: the eight orientations are tried, then local features are matched.

Pure. A placement is the affine map from the second picture's pixels to the first's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[Any]  # uint8; OpenCV's stubs are less exact
Affine = NDArray[Any]  # float64, 2 × 3
Box = tuple[int, int, int, int]  # left, top, right, bottom

# EXIF's eight orientations as maps of the unit square's centre: (a, b, c, d) of x' = ax + by, y' = cx + dy.
ORIENTATIONS = {
    "upright": (1, 0, 0, 1),
    "mirrored": (-1, 0, 0, 1),
    "upside down": (-1, 0, 0, -1),
    "flipped": (1, 0, 0, -1),
    "turned left": (0, 1, -1, 0),
    "turned right": (0, -1, 1, 0),
    "transposed": (0, 1, 1, 0),
    "transversed": (0, -1, -1, 0),
}


@dataclass(frozen=True)
class Limits:
    """When a placement is accepted."""

    small: int = 32
    """Pixels: the side of the squares in which orientations are compared."""
    correlated: float = 0.75
    """Correlation at which an orientation is worth a closer look."""
    aspect_tolerance: float = 0.03
    """Logarithm of a ratio of sides that rounding may change."""
    correlated_within: float = 0.9
    """Correlation at which what is within borders is worth a closer look."""
    aspect_of_box: float = 0.05
    """The same, where borders are known to a pixel or two."""
    stretched: float = 0.4
    """Logarithm of a ratio of sides: the most by which an edit stretches."""
    correlated_stretched: float = 0.93
    """Correlation that a picture keeps with itself when it is stretched."""
    features: int = 1200
    """Points of a picture, at most."""
    ratio: float = 0.8
    """Lowe’s ratio: by how much nearer the best match must be than the second."""
    reprojection: float = 2.5
    """Pixels by which a match may miss its place."""
    least_inliers: int = 10
    """Matches that must agree on a placement."""
    scales: tuple[float, float] = (0.12, 8.0)
    """How many times smaller or larger the one picture may be."""
    anisotropy: float = 1.06
    """Ratio of both directions’ scales: a resize may change the aspect a little."""
    alike: float = 12.0
    """Pixels of 300 by which two placements differ that may be the same."""
    refined: float = 8.0
    """Pixels by which refining may move a corner."""


LIMITS = Limits()


@dataclass(frozen=True)
class Features:
    """Keypoints of a picture and their descriptors."""

    points: NDArray[np.float32]  # n × 2
    descriptors: NDArray[np.float32]  # n × 128, RootSIFT

    def mirrored(self, width: int) -> "Features":
        """Those of the mirrored picture, as wide: each descriptor is four rows of four cells of eight directions."""
        points = np.column_stack([width - 1 - self.points[:, 0], self.points[:, 1]])
        turned = self.descriptors.reshape(-1, 4, 4, 8)[:, ::-1][..., (-np.arange(8)) % 8]
        return Features(np.asarray(points, np.float32), np.ascontiguousarray(turned.reshape(-1, 128)))


@dataclass(frozen=True)
class Placement:
    """One way to lay the second picture over the first."""

    affine: Affine
    how: str
    inliers: int = 0

    @property
    def is_stretched(self) -> bool:
        """Whether it stretches the second picture by more than a resize rounds."""
        _, (large, small), _ = np.linalg.svd(self.affine[:, :2])
        return bool(np.log(large / small) > LIMITS.aspect_tolerance)

    @property
    def scale(self) -> float:
        """Pixels of the first per pixel of the second."""
        return float(np.sqrt(abs(np.linalg.det(self.affine[:, :2]))))

    def is_like(self, other: "Placement") -> bool:
        """Whether both lay the corners of a square of 300 pixels nearly to the same places."""
        corners = np.array([[0, 0, 1], [300, 0, 1], [0, 300, 1], [300, 300, 1]])
        return bool(np.abs(corners @ (self.affine - other.affine).T).max() < LIMITS.alike)


def features(grey: Grey) -> Features:
    """SIFT's points, with RootSIFT descriptors (Arandjelović and Zisserman, 2012)."""
    points, descriptors = cv2.SIFT.create(LIMITS.features, contrastThreshold=0.02).detectAndCompute(grey, None)
    if descriptors is None:
        return Features(np.empty((0, 2), np.float32), np.empty((0, 128), np.float32))
    descriptors = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-7))
    return Features(np.array([point.pt for point in points], np.float32), descriptors)


def by_orientation(first: Grey, second: Grey) -> Iterator[Placement]:
    """The orientations in which both whole pictures look alike, the most likely first."""
    small, square = _standardised(first), (LIMITS.small, LIMITS.small)
    ranked = []
    for how, (a, b, c, d) in ORIENTATIONS.items():
        affine = whole_onto_whole(first.shape, second.shape, (a, b, c, d))
        width, height = (second.shape[1], second.shape[0]) if a else (second.shape[0], second.shape[1])
        aspects = width * first.shape[0] / (height * first.shape[1])
        stretched = abs(np.log(aspects))
        if stretched > LIMITS.stretched:
            continue
        onto_small = whole_onto_whole(square, square, (a, b, c, d))
        turned = cv2.warpAffine(_standardised(second), onto_small, square)
        correlation = float((small * turned).mean())
        if stretched > LIMITS.aspect_tolerance:
            if correlation >= LIMITS.correlated_stretched:
                ranked.append((correlation, Placement(affine, how)))
        elif correlation >= LIMITS.correlated or how == "upright":
            ranked.append((correlation, Placement(affine, how)))
    ranked.sort(key=lambda pair: -pair[0])
    return (placement for _, placement in ranked[:2])


def whole_onto_whole(first: tuple[int, ...], second: tuple[int, ...], turn: tuple[int, int, int, int]) -> Affine:
    """The affine map that lays the whole second picture (height, width), turned, over the whole first one."""
    a, b, c, d = turn
    (height, width), (from_height, from_width) = first[:2], second[:2]
    scale_x = width / (from_width if a else from_height)
    scale_y = height / (from_height if d else from_width)
    linear = np.array([[a * scale_x, b * scale_x], [c * scale_y, d * scale_y]])
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    return np.column_stack([linear, centre - linear @ [(from_width - 1) / 2, (from_height - 1) / 2]])


def by_borders(first: Grey, here: Box | None, second: Grey, there: Box | None) -> Placement | None:
    """What is within the borders of the one, over the other or what is within its borders, if that looks alike."""
    wholes = (0, 0, first.shape[1], first.shape[0]), (0, 0, second.shape[1], second.shape[0])
    boxes = [(here or wholes[0], there or wholes[1]), (here or wholes[0], wholes[1]), (wholes[0], there or wholes[1])]
    ranked = [(correlation_of_boxes(first, one, second, other), one, other) for one, other in boxes]
    alike, one, other = max(ranked)
    if (one, other) == wholes or alike < LIMITS.correlated_within:
        return None
    return Placement(box_onto_box(one, other), "placed")


def box_onto_box(first: Box, second: Box) -> Affine:
    """The affine map that lays a box of the second picture over one of the first."""
    shape, other = (first[3] - first[1], first[2] - first[0]), (second[3] - second[1], second[2] - second[0])
    affine = whole_onto_whole(shape, other, ORIENTATIONS["upright"])
    affine[:, 2] += np.array(first[:2]) - affine[:, :2] @ np.array(second[:2])
    return affine


def correlation_of_boxes(first: Grey, here: Box, second: Grey, there: Box) -> float:
    """How much alike two boxes of pictures look; -1 if their shapes differ by more than a border's edge explains."""
    one, other = (grey[box[1] : box[3], box[0] : box[2]] for grey, box in ((first, here), (second, there)))
    aspects = one.shape[1] * other.shape[0] / max(one.shape[0] * other.shape[1], 1)
    if not one.size or not other.size or abs(np.log(aspects)) > LIMITS.aspect_of_box:
        return -1.0
    return float((_standardised(one) * _standardised(other)).mean())


def _standardised(grey: Grey) -> NDArray[np.float32]:
    small = cv2.resize(grey, (LIMITS.small, LIMITS.small), interpolation=cv2.INTER_AREA).astype(np.float32)
    return (small - small.mean()) / max(float(small.std()), 1e-3)


def by_features(first: Features, second: Features, how: str) -> Placement | None:
    """The map that most matches of local features agree on, nearly a similarity; None if too few agree."""
    if len(first.points) < LIMITS.least_inliers or len(second.points) < LIMITS.least_inliers:
        return None
    likeness = second.descriptors @ first.descriptors.T
    every = np.arange(len(likeness))
    nearest = likeness.argmax(axis=1)
    best = likeness[every, nearest]
    mutual = likeness.argmax(axis=0)[nearest] == every
    likeness[every, nearest] = -np.inf
    sure = 2 - 2 * best < LIMITS.ratio**2 * (2 - 2 * likeness.max(axis=1))
    chosen = sure & mutual
    if chosen.sum() < LIMITS.least_inliers:
        return None
    origin, target = second.points[chosen], first.points[nearest[chosen]]
    cv2.setRNGSeed(1)
    affine, inliers = cv2.estimateAffine2D(
        origin, target, ransacReprojThreshold=LIMITS.reprojection, maxIters=4000, confidence=0.999
    )
    if affine is None or int(inliers.sum()) < LIMITS.least_inliers:
        return None
    if np.linalg.det(affine[:, :2]) <= 0 or not is_plausible(affine):
        return None
    return Placement(affine, how, int(inliers.sum()))


def is_plausible(affine: Affine) -> bool:
    """Whether an edit can have done it: no shear or stretch, and a scale within bounds."""
    _, (large, small), _ = np.linalg.svd(affine[:, :2])
    return bool(
        small > 0
        and large / small <= LIMITS.anisotropy
        and LIMITS.scales[0] <= np.sqrt(large * small) <= LIMITS.scales[1]
    )


def in_fractions(affine: Affine, first: tuple[int, ...], second: tuple[int, ...]) -> list[float]:
    """The affine map between both pictures' unit squares (height, width): [a, b, c, d, e, f] of x' = ax + by + c."""
    (height, width), (from_height, from_width) = first[:2], second[:2]
    scaled = np.diag([1 / width, 1 / height]) @ affine @ np.diag([from_width, from_height, 1.0])
    return [round(float(value), 5) for value in scaled.ravel()]


def inverse(placement: list[float]) -> list[float]:
    """The inverse of an affine map between unit squares, in the form of in_fractions."""
    forth = np.vstack([np.reshape(placement, (2, 3)), [0.0, 0.0, 1.0]])
    return [round(float(value), 5) for value in np.linalg.inv(forth)[:2].ravel()]


def mirror(width: int) -> Affine:
    """The map from a mirrored picture's pixels to the picture's own."""
    return np.array([[-1.0, 0.0, width - 1.0], [0.0, 1.0, 0.0]])


def after(outer: Affine, inner: Affine) -> Affine:
    """The map that applies `inner`, then `outer`."""
    return outer @ np.vstack([inner, [0.0, 0.0, 1.0]])


def refine(first: Grey, second: Grey, placement: Placement) -> Placement:
    """Move the placement by fractions of a pixel to the best correlation (ECC); unchanged if there is none."""
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-5)
    onto_second = cv2.invertAffineTransform(placement.affine).astype(np.float32)
    if placement.scale < 1:  # compare at the coarser of both
        second = cv2.GaussianBlur(second, (0, 0), max(0.5 * (1 / placement.scale - 1), 0.01))
    try:
        everywhere = np.full(first.shape, 255, np.uint8)
        _, refined = cv2.findTransformECC(first, second, onto_second, cv2.MOTION_AFFINE, criteria, everywhere, 3)
    except cv2.error:  # it does not converge if there is too little detail
        return placement
    affine = cv2.invertAffineTransform(refined.astype(np.float64))
    corners = np.array([[0, 0], [second.shape[1], 0], [0, second.shape[0]], [second.shape[1], second.shape[0]]])
    moved = np.abs((corners @ (affine - placement.affine)[:, :2].T) + (affine - placement.affine)[:, 2]).max()
    if not is_plausible(affine) or moved > LIMITS.refined:
        return placement
    return Placement(affine, placement.how, placement.inliers)
