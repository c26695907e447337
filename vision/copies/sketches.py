"""A picture's sketch: what is kept of it, in less than 4 kB, to tell at once that two pictures are not the same.

A small grey picture, and the places of its strongest features with 256 bits about each. The features of a copy lie as
those of its original do, however it was cropped, turned or filtered; those of other pictures do not, alike as they may
look. What may be the same is looked at closely by matching.py.

Pure. Places are in pixels of the side in which features are sought.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.alignment import ORIENTATIONS, Placement, is_plausible, whole_onto_whole

Array = NDArray[Any]


@dataclass(frozen=True)
class Limits:
    """What a sketch holds, and when two agree."""

    side: int = 240
    """Pixels: the long side in which features are sought."""
    square: int = 32
    """Pixels: the side of the small picture."""
    features: int = 72
    """Features kept, at most."""
    bits_apart: int = 80
    """Of 256: bits in which two features of one place differ, at most."""
    turn: float = 0.35
    """Radians by which the turn of a feature may differ from that of the others."""
    growth: float = 0.45
    """Logarithm of the size, likewise."""
    astray: float = 0.03
    """Share of the long side by which a feature may miss its place."""
    same_place: int = 7
    """Features that must agree. Of 1,865 near pairs of portraits 47 reach it, of 1,430 copies all but 7."""
    places_it: int = 10
    """Features that say where a picture lies."""
    alike: float = 0.9
    """Correlation of the small pictures that says enough without features."""
    of_one_shape: float = 0.06
    """Logarithm of a ratio of sides by which a mere copy may differ: rounding, at 240 pixels."""
    plain: float = 4.0
    """Greys: a small picture that deviates by less shows next to nothing."""
    copied: float = 0.95
    """Correlation of the small pictures of mere copies, at least. Of 46 copies all are above 0.998."""
    cosine: float = 0.75
    """Cosine of fingerprints that says enough where a picture has few features."""
    few: int = 30
    """Features of a picture that shows little."""
    placed: int = 20
    """Features that place two pictures so well that a camera’s move is seen."""
    moved: float = 0.95
    """Share of each picture that lies over the other where the camera moved, at most."""
    upright: float = 0.7
    """Degrees of turn, at most, likewise: a tilt cuts both pictures."""
    told: int = 14
    """Features that tell whether what is shown has moved."""
    bent: float = 0.85
    """Pixels by which half of the features miss one affine, at most. Copies stay below 0.63, bursts begin at 1.08."""


LIMITS = Limits()
_HEAD = np.dtype([("width", "<u2"), ("height", "<u2")])
_FEATURE = np.dtype([("x", "<u2"), ("y", "<u2"), ("size", "u1"), ("angle", "u1"), ("bits", "u1", 32)])
_PER_DOUBLING = 32.0  # steps of a size
MOST_BYTES = _HEAD.itemsize + LIMITS.square**2 + LIMITS.features * _FEATURE.itemsize


@dataclass(frozen=True)
class Agreeing:
    """How far two sketches agree."""

    alike: float  # correlation of the small pictures, in the orientation that suits best
    features: int  # features that lie as one placement says
    placement: Array | None = None  # of the second over the first, 2 × 3, in pixels of both, where features tell it
    bent: float = 0.0  # pixels by which half of them miss where one affine puts them; 0 if there are too few


@dataclass(frozen=True)
class Sketch:
    """A sketch, unpacked."""

    width: int
    height: int
    small: Array  # square × square
    places: Array  # n × 2
    sizes: Array  # n, as logarithms
    angles: Array  # n, radians
    bits: Array  # n × 32 bytes

    @cached_property
    def standardised(self) -> Array:
        """The small picture as a row with mean 0 and deviation 1."""
        row = self.small.astype(np.float32).ravel()
        return (row - row.mean()) / max(float(row.std()), 1e-3) / np.sqrt(len(row))

    @cached_property
    def orientations(self) -> Array:
        """The same in the eight orientations, one row each."""
        shape = self.small.shape
        turned = [
            cv2.warpAffine(self.standardised.reshape(shape), whole_onto_whole(shape, shape, turn), shape)
            for turn in ORIENTATIONS.values()
        ]
        return np.stack(turned).reshape(len(turned), -1)

    @cached_property
    def mirrored(self) -> "Sketch":
        """The sketch of the mirrored picture."""
        places = np.column_stack([self.width - 1 - self.places[:, 0], self.places[:, 1]])
        half = self.bits.shape[1] // 2
        bits = np.concatenate([self.bits[:, half:], self.bits[:, :half]], axis=1)
        return Sketch(self.width, self.height, self.small[:, ::-1], places, self.sizes, np.pi - self.angles, bits)


def draw(image: Image.Image) -> bytes:
    """The sketch of an upright picture."""
    grey = image.convert("L")
    grey.thumbnail((LIMITS.side, LIMITS.side), Image.Resampling.BOX, reducing_gap=2)
    pixels = np.asarray(grey)
    head = np.array([(grey.width, grey.height)], _HEAD)
    square = (LIMITS.square, LIMITS.square)
    small = cv2.resize(pixels, square, interpolation=cv2.INTER_AREA)
    return head.tobytes() + small.tobytes() + _features(pixels).tobytes()


def _features(pixels: Array) -> Array:
    found, descriptors = cv2.SIFT.create(LIMITS.features, contrastThreshold=0.015).detectAndCompute(pixels, None)
    kept = min(len(found), LIMITS.features)
    rows = np.zeros(kept, _FEATURE)
    if not kept:
        return rows
    order = np.argsort([-point.response for point in found])[:kept]
    points = [found[place] for place in order]
    rows["x"], rows["y"] = (64 * np.array([point.pt for point in points]).clip(0, 1023)).astype(np.uint16).T
    rows["size"] = (_PER_DOUBLING * np.log2([max(point.size, 1) for point in points])).clip(0, 255)
    rows["angle"] = (np.array([point.angle for point in points]) / 360 * 256).astype(int) % 256
    rows["bits"] = np.packbits(np.sqrt(descriptors[order]) @ _projection() > 0, axis=1)
    return rows


@cache
def _projection() -> Array:
    """128 × 256: directions of which the second half sees a descriptor as the first half sees the mirrored one."""
    directions = (
        np.random.RandomState(7).standard_normal((128, 128)).astype(np.float32)
    )  # the old generator never changes
    directions -= directions.mean(axis=0)
    mirrored = directions.reshape(4, 4, 8, 128)[::-1][:, :, (-np.arange(8)) % 8].reshape(128, 128)
    return np.concatenate([directions, mirrored], axis=1)


def read(data: bytes) -> Sketch:
    """The sketch in these bytes."""
    head = np.frombuffer(data, _HEAD, 1)[0]
    at, area = _HEAD.itemsize, LIMITS.square**2
    small = np.frombuffer(data, np.uint8, area, at).reshape(LIMITS.square, LIMITS.square)
    rows = np.frombuffer(data, _FEATURE, offset=at + area)
    bits = np.ascontiguousarray(rows["bits"])
    places = np.column_stack([rows["x"], rows["y"]]).astype(np.float32) / 64
    sizes = rows["size"].astype(np.float32) / _PER_DOUBLING * np.float32(np.log(2))
    angles = rows["angle"].astype(np.float32) / 256 * np.float32(2 * np.pi)
    return Sketch(int(head["width"]), int(head["height"]), small, places, sizes, angles, bits)


def may_be_same(first: Sequence[Sketch], second: Sequence[Sketch], cosine: float) -> bool:
    """Whether two pictures deserve a closer look: the views of each (whole first), and their fingerprints' cosine."""
    one, other = first[0], second[0]
    if min(len(one.places), len(other.places)) < LIMITS.few and cosine >= LIMITS.cosine:
        return True
    for here in first:
        for there in second:
            found = compare(here, there)
            if here is one and there is other and (found.bent > LIMITS.bent or is_moved(here, there, found)):
                return False
            if found.alike >= LIMITS.alike or found.features >= LIMITS.same_place:
                return True
    return False


def may_be_copies(first: Sketch, second: Sketch) -> bool:
    """Whether one could be a mere copy of the other: upright, whole, and of the same light and dark.

    A picture that shows next to nothing tells nothing so small.
    """
    shapes = first.width * second.height / max(first.height * second.width, 1)
    if abs(np.log(shapes)) > LIMITS.of_one_shape:
        return False
    if min(float(first.small.std()), float(second.small.std())) < LIMITS.plain:
        return True
    return float(first.standardised @ second.standardised) >= LIMITS.copied


def is_moved(first: Sketch, second: Sketch, found: Agreeing) -> bool:
    """Whether each picture shows what the other does not, neither turned: two photos of one scene."""
    if found.placement is None or found.features < LIMITS.placed:
        return False
    linear, shift = found.placement[:, :2], found.placement[:, 2]
    turned = float(np.degrees(np.arctan2(linear[1, 0], linear[0, 0]))) % 90
    if np.linalg.det(linear) <= 0 or min(turned, 90 - turned) > LIMITS.upright:
        return False
    corners = np.array([[0, 0], [second.width, second.height]]) @ linear.T + shift
    low, high = corners.min(axis=0), corners.max(axis=0)
    common = np.minimum(high, [first.width, first.height]) - np.maximum(low, 0)
    area = float(np.prod(common.clip(0)))
    return max(area / (first.width * first.height), area / float(np.prod(high - low))) < LIMITS.moved


def placed(first: Sketch, second: Sketch, sizes: tuple[tuple[int, int], tuple[int, int]]) -> Placement | None:
    """How the second picture lies over the first by their sketches, in pixels of the sizes (width, height) of both.

    To within a pixel or two, in a fiftieth of the time that matching.py takes to find features of its own.
    """
    found = compare(first, second)
    if found.placement is None or found.features < LIMITS.places_it:
        return None
    here, there = (
        _enlarged(size[0] / sketch.width, size[1] / sketch.height)
        for sketch, size in zip((first, second), sizes, strict=True)
    )
    affine = (here @ np.vstack([found.placement, [0, 0, 1]]) @ np.linalg.inv(there))[:2]
    if not is_plausible(affine):
        return None
    return Placement(affine, "placed, mirrored" if np.linalg.det(affine[:, :2]) < 0 else "placed", found.features)


def _enlarged(across: float, down: float) -> Array:
    """The map from the centres of pixels to those of a larger picture."""
    return np.array([[across, 0, across / 2 - 0.5], [0, down, down / 2 - 0.5], [0, 0, 1]])


def compare(first: Sketch, second: Sketch) -> Agreeing:
    """How far two sketches agree."""
    alike = float((second.orientations @ first.standardised).max())
    found = by_features(first, second)
    if found.features < LIMITS.same_place:
        mirrored = by_features(first, second.mirrored)
        if mirrored.features > found.features:
            turned = None if mirrored.placement is None else mirrored.placement @ _mirror(second.width)
            found = replace(mirrored, placement=turned)
    return replace(found, alike=alike)


def by_features(first: Sketch, second: Sketch) -> Agreeing:
    """How many features lie as one similarity says, that similarity, and how far they miss the best affine."""
    nothing = Agreeing(0.0, 0)
    if not len(first.places) or not len(second.places):
        return nothing
    apart, nearest = cv2.batchDistance(
        second.bits, first.bits, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=1, crosscheck=True
    )
    nearest, apart = nearest[:, 0], apart[:, 0]
    chosen = (nearest >= 0) & (apart <= LIMITS.bits_apart)
    if not chosen.any():
        return nothing
    here, there = second, first
    origin, target = here.places[chosen], there.places[nearest[chosen]]
    growth = there.sizes[nearest[chosen]] - here.sizes[chosen]
    turn = there.angles[nearest[chosen]] - here.angles[chosen]
    astray = LIMITS.astray * max(first.width, first.height)
    agree = _agreeing(origin, target, growth, turn, astray)
    best = agree[agree.sum(axis=1).argmax()]
    placement = None
    for _ in range(2):
        if best.sum() < 3:
            return Agreeing(0.0, int(best.sum()))
        placement = _similarity(origin[best], target[best])
        missed = np.abs(origin @ placement[:, :2].T + placement[:, 2] - target)
        best = best & (np.hypot(missed[:, 0], missed[:, 1]) < astray / 2)
    return Agreeing(0.0, int(best.sum()), placement, bent(origin[best], target[best], astray))


def bent(origin: Array, target: Array, astray: float) -> float:
    """How far half of the features miss where the best affine puts them: in a copy, however stretched, hardly at all.

    In two photos of one scene what is near has moved against what is far. 0 if too few features tell.
    """
    corners = np.column_stack([origin, np.ones(len(origin))])
    kept = np.ones(len(origin), bool)
    for _ in range(3):
        if kept.sum() < LIMITS.told:
            return 0.0
        affine = np.linalg.lstsq(corners[kept], target[kept], rcond=None)[0]
        missed = np.hypot(*(corners @ affine - target).T)
        inside = missed[kept]
        kept = missed < astray / 2
    growth = float(
        np.sqrt(abs(np.linalg.det(affine[:2])))
    )  # what is small in the second is as inexact as it is enlarged
    return float(np.median(inside)) / max(growth, 1.0)


def _agreeing(origin: Array, target: Array, growth: Array, turn: Array, astray: float) -> Array:
    """Which matches (columns) each match (rows) agrees with, when it alone says where the picture lies."""
    scale, cos, sin = np.exp(growth), np.cos(turn), np.sin(turn)
    apart = origin[None, :, :] - origin[:, None, :]
    x = scale[:, None] * (cos[:, None] * apart[..., 0] - sin[:, None] * apart[..., 1]) + target[:, None, 0]
    y = scale[:, None] * (sin[:, None] * apart[..., 0] + cos[:, None] * apart[..., 1]) + target[:, None, 1]
    far = np.hypot(apart[..., 0], apart[..., 1]) * scale[:, None]
    near = np.hypot(x - target[None, :, 0], y - target[None, :, 1]) < astray + 0.1 * far
    turned = np.abs((turn[None, :] - turn[:, None] + np.pi) % (2 * np.pi) - np.pi) < LIMITS.turn
    return near & turned & (np.abs(growth[None, :] - growth[:, None]) < LIMITS.growth)


def _similarity(origin: Array, target: Array) -> Array:
    """The similarity that lays the one places over the others with the least squares."""
    one, other = origin @ [1, 1j], target @ [1, 1j]
    one_mean, other_mean = one.mean(), other.mean()
    spread = float((np.abs(one - one_mean) ** 2).sum())
    turn = (np.conj(one - one_mean) @ (other - other_mean)) / max(spread, 1e-6)
    shift = other_mean - turn * one_mean
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def _mirror(width: int) -> Array:
    return np.array([[-1.0, 0.0, width - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
