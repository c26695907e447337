"""What is around the area that two pictures share: more of the scene, a border, or other pictures.

Pure. Pictures are RGB, 0 to 255. A crop's original continues beyond the edge of the crop. In a collage, or a photo of a
print, the picture breaks off at its edge and something else begins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from vision.alignment import Affine
from vision.colours import beyond_commonest
from vision.tones import Array, Mask, correlation, largest


@dataclass(frozen=True)
class Limits:
    """When surroundings are a border, and when they are part of the scene."""

    of_one_colour: int = 24
    """Of 255, in every channel: by how much pixels of one colour may differ."""
    ring: tuple[int, int] = (7, 15)
    """Pixels, twice: the ring within a boundary that is compared with what lies outside."""
    set_off: float = 0.3
    """Share of the ring that has another colour where a border was added."""
    shown: float = 0.06
    """What may be shown around a picture beyond paper and writing, as a share of the picture’s area there."""
    reach: int = 12
    """Pixels on both sides of an edge that are looked at."""
    astray: tuple[int, int] = (-3, 2)
    """Pixels by which an edge may lie further in or out than the placement says."""
    jump: float = 20.0
    """Of 255: the least step between both sides of an edge that breaks off."""
    steeper: float = 2.5
    """Multiple of the steps nearby that such a step must exceed."""
    detail: float = 16.0
    """Of 255: what changes by more along the edge can be seen to go on, or not."""
    goes_on: float = 0.02
    """Share of the edges at which something must be seen to go on in a scene."""
    broken: float = 0.475
    """Beyond.broken where other things begin. Of 900 crops, 5 are above it, of 400 pairs, 397."""
    broken_alone: float = 0.38
    """The same where one edge alone is seen and `half` is shown beyond it, as of two pictures side by side."""
    half: float = 0.3
    """Beyond.shown. Of 150 crops of one side none is lost by it."""
    little: float = 0.2
    """Beyond.shown of a strip so narrow that less of the scene can be seen in it."""
    doubt: float = 1.6
    """How much more must be broken for each picture’s area less than that."""
    gap: float = 6.0
    """Of 255: what a line between pictures differs from its own colour, on average. A picture differs by more."""
    gaps: int = 2
    """Edges, at least, that such a line of one colour lies along. Of 600 crops none has them."""
    filled: int = 4
    """Of 255: by how much the colour of a caption band may differ from place to place."""
    covered: float = 0.7
    """Share of an edge that is covered, and of a caption band that has its colour."""
    tilt: float = 1.0
    """Degrees: more is a picture that was turned."""
    corners: float = 0.9
    """Share of a turned picture in what it is turned in, in multiples of what the turn alone leaves of it."""
    uneven: float = 4.0
    """Of 255: what a surface differs from its own colour, on average. What programs fill with is even."""


LIMITS = Limits()


@dataclass(frozen=True)
class Around:
    """How much of each of two RGB pictures is under or over the other, and what is around that."""

    first: Array
    second: Array
    affine: Affine  # from the second picture's pixels to the first's

    @cached_property
    def covers_first(self) -> float:
        """Share of the first picture that the second covers."""
        return float(self._in_first.mean())

    @cached_property
    def covers_second(self) -> float:
        return float(self._in_second.mean())

    @cached_property
    def blank_first(self) -> bool:
        """Whether the part of the first outside has one colour: a border, or a corner left by turning."""
        return is_blank(self.first, ~self._in_first)

    @cached_property
    def blank_second(self) -> bool:
        return is_blank(self.second, ~self._in_second)

    @cached_property
    def set_off_first(self) -> bool:
        """Whether the second visibly ends at its edges in the first, as in a frame; a crop continues."""
        return is_set_off(self.first, ~self._in_first)

    @cached_property
    def set_off_second(self) -> bool:
        return is_set_off(self.second, ~self._in_second)

    @cached_property
    def _in_first(self) -> Mask:
        return overlap(self.first, self.second, self.affine)

    @cached_property
    def _in_second(self) -> Mask:
        return overlap(self.second, self.first, cv2.invertAffineTransform(self.affine))


def overlap(first: Array, second: Array, affine: Affine) -> Mask:
    """Where in the first picture the second is."""
    whole = np.full(second.shape[:2], 255, np.uint8)
    return cv2.warpAffine(whole, affine, (first.shape[1], first.shape[0]), flags=cv2.INTER_NEAREST) > 0


def is_blank(rgb: Array, outside: Mask) -> bool:
    """Whether everything outside has one colour, or there is next to nothing outside."""
    if outside.mean() < 0.01:
        return True
    inner = cv2.erode(outside.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0
    values = rgb[inner]
    if len(values) < 20:
        return True
    typical = np.median(values, axis=0)
    return bool((largest(np.abs(values - typical)) < LIMITS.of_one_colour).mean() > 0.9)


def is_set_off(rgb: Array, outside: Mask) -> bool:
    """Whether the colours just inside differ from those outside: a border was added, not cut off."""
    near, wide = (cv2.dilate(outside.astype(np.uint8), np.ones((size, size), np.uint8)) > 0 for size in LIMITS.ring)
    ring, beyond = rgb[wide & ~near], rgb[outside]
    if len(ring) < 20 or len(beyond) < 20:
        return False
    typical = np.median(beyond, axis=0)
    return bool((largest(np.abs(ring - typical)) >= LIMITS.of_one_colour).mean() > LIMITS.set_off)


def lies_on_surface(outer: Array, inner: Array, affine: Affine) -> bool:
    """Whether the outer picture is one of a print that lies askew on something, such as a table.

    A program that turns a picture leaves no more around it than it must, and fills that with an even colour.
    """
    common = overlap(outer, inner, affine)
    outside = cv2.erode((~common).astype(np.uint8), np.ones((9, 9), np.uint8), borderValue=1) > 0
    angle = np.arctan2(affine[1, 0], affine[0, 0])
    off = abs((np.degrees(angle) + 45) % 90 - 45)  # from upright or lying on a side
    if off <= LIMITS.tilt or outside.sum() < 20 or common.mean() >= LIMITS.corners * left_by_turning(inner, angle):
        return False
    values = outer[outside].astype(np.float32)
    return bool(np.abs(values - np.median(values, axis=0)).mean() > LIMITS.uneven)


def left_by_turning(picture: Array, angle: float) -> float:
    """The share of a picture in the upright box around it once it is turned."""
    height, width = picture.shape[:2]
    across, up = abs(np.cos(angle)), abs(np.sin(angle))
    return float(width * height / ((width * across + height * up) * (height * across + width * up)))


# --- other things around a picture ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Beyond:
    """What one picture shows around the other, and whether the scene continues there."""

    shown: float = 0.0  # beyond paper and writing, as a share of the common area
    breaks: float = 0.0  # share of the visible edges where the picture breaks off
    alike: float = 1.0  # correlation of pixels just inside the edges with those just outside
    edges: int = 4  # that lie within the outer picture
    in_gaps: bool = False  # a line of one colour lies along all of them, as between the pictures of a collage

    @property
    def broken(self) -> float:
        return self.breaks - 0.25 * self.alike

    @property
    def is_other(self) -> bool:
        """Whether other things are shown, not more of the scene: a collage, a screen, a print on a table."""
        if self.in_gaps and self.shown > LIMITS.half:
            return True
        is_half = self.edges == 1 and self.shown > LIMITS.half
        least = (LIMITS.broken_alone if is_half else LIMITS.broken) + LIMITS.doubt * max(LIMITS.little - self.shown, 0)
        return self.shown > LIMITS.shown and self.broken > least


@dataclass(frozen=True)
class Edge:
    """What is seen along an edge, place by place."""

    jump: Mask  # the picture breaks off
    within: Mask  # detail just inside that could be seen to continue
    without: Mask  # detail just outside
    alike: float  # correlation of pixels just inside with those just outside


def beyond(outer: Array, inner: Array, affine: Affine) -> Beyond:
    """What the outer picture shows around the inner one. `affine` maps the inner to the outer.

    Everything breaks off if nothing can be seen to continue, and nothing if the inner picture reaches the outer's
    edges.
    """
    shown = shows_more(outer, inner, affine)
    strips = list(along_edges(outer, inner, affine)) if shown > LIMITS.shown else []
    edges = [at_edge(strip) for strip in strips]
    if not edges:
        return Beyond(shown)
    jump, within, without = (
        np.concatenate([getattr(edge, name) for edge in edges]) for name in ("jump", "within", "without")
    )
    alike = float(np.average([edge.alike for edge in edges], weights=[len(edge.jump) for edge in edges]))
    going_on = (within & without & ~jump).mean() > LIMITS.goes_on
    breaks = float(jump.sum() / max((jump | within | without).sum(), 1)) if going_on else 1.0
    return Beyond(shown, breaks, alike, len(edges), are_in_gaps(strips))


def are_in_gaps(strips: Sequence[Array]) -> bool:
    """Whether a line of the same colour lies along all these edges, and what is inside has more than one."""
    colours = [colour for colour in map(colour_of_gap, strips) if colour is not None]
    if len(colours) < max(LIMITS.gaps, len(strips)):
        return False
    return bool(np.ptp(colours, axis=0).max() <= LIMITS.of_one_colour)


def colour_of_gap(strip: Array) -> Array | None:
    """The colour of the most even line at an edge, if it is even and what is inside is not."""
    spread = np.abs(strip - np.median(strip, axis=1, keepdims=True)).mean(axis=(1, 2))
    outside = LIMITS.reach + np.arange(LIMITS.astray[0] + 2, LIMITS.reach - 4)
    at = outside[spread[outside].argmin()]
    is_gap = spread[at] <= LIMITS.gap and spread[: LIMITS.reach - 4].min() > 2 * LIMITS.gap
    return np.median(strip[at], axis=0) if is_gap else None


def is_covered_at_an_edge(outer: Array, inner: Array, affine: Affine) -> bool:
    """Whether what is around the inner picture reaches over one of its edges, as on a screen that shows a part of it.

    A caption band of the inner picture itself does not: it is filled evenly.
    """
    laid = cv2.warpAffine(inner, affine, (outer.shape[1], outer.shape[0]), flags=cv2.INTER_LINEAR)
    inside = np.s_[LIMITS.reach - 8 : LIMITS.reach - 2]
    for strip, own in zip(along_edges(outer, inner, affine), along_edges(laid, inner, affine), strict=True):
        pixels = own[inside].reshape(-1, 3)
        apart = np.abs(pixels - np.median(pixels, axis=0)).max(axis=1)
        is_filled = (apart <= LIMITS.filled).mean() > LIMITS.covered
        differs = np.abs(strip[inside] - own[inside]).max(axis=2) > LIMITS.of_one_colour
        if not is_filled and differs.mean() > LIMITS.covered:
            return True
    return False


def shows_more(outer: Array, inner: Array, affine: Affine) -> float:
    """How much more than paper and writing the outer picture shows around the inner one, as a share of the area there.

    Paper and writing are the two most common colours outside.
    """
    common = overlap(outer, inner, affine)
    outside = cv2.erode((~common).astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0
    if not common.any():
        return 0.0
    return float(beyond_commonest(outer[outside], 2).sum() / common.sum())


def along_edges(outer: Array, inner: Array, affine: Affine) -> Iterator[Array]:
    """The outer picture along each edge of the inner one: (across, along, 3), from inside to outside.

    Edges too near the outer picture's own edges are left out.
    """
    (height, width), reach = inner.shape[:2], LIMITS.reach
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) - 0.5
    corners = corners @ affine[:, :2].T + affine[:, 2]
    across = np.arange(-reach, reach + 1)[:, None, None]
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = float(np.hypot(*(end - start)))
        normal = np.array([(end - start)[1], (start - end)[0]]) / max(length, 1e-6)
        if normal @ (start - corners.mean(axis=0)) < 0:
            normal = -normal
        along = (np.arange(int(length)) + 0.5)[:, None] / max(length, 1e-6)
        places = start + (end - start) * along + across * normal
        within = ((places >= 0) & (places <= np.array(outer.shape[1::-1]) - 1)).all(axis=(0, 2))
        if within.sum() > 2 * reach:
            x, y = np.moveaxis(places[:, within].astype(np.float32), 2, 0)
            yield cv2.remap(outer, x, y, cv2.INTER_LINEAR)


def at_edge(strip: Array) -> Edge:
    """Look at an edge where it is sharpest, near the middle of a strip along it."""
    steps = np.abs(strip[4:] - strip[:-4]).max(axis=2)
    places = np.arange(len(steps)) - len(steps) // 2
    near = np.flatnonzero((places >= LIMITS.astray[0]) & (places <= LIMITS.astray[1]))
    at = near[np.minimum(steps[near], 60).mean(axis=1).argmax()]
    nearby = np.median(steps[np.abs(places - places[at]) >= 4], axis=0)
    jump = (steps[at] > LIMITS.jump) & (steps[at] > LIMITS.steeper * nearby)
    within, without = strip[at - 1], strip[at + 5]
    return Edge(jump, detail(within), detail(without), correlation(within.mean(axis=1), without.mean(axis=1)))


def detail(line: Array) -> Mask:
    """Where a line of pixels changes."""
    found = np.zeros(len(line), bool)
    found[4:-4] = np.abs(line[8:] - line[:-8]).max(axis=1) > LIMITS.detail
    return found
