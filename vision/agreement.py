"""The differences between two pictures after one was laid over the other.

Pure. Place, tone and sharpness are matched; then the common area is judged in small cells.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from vision.alignment import Placement
from vision.colours import colours_where_wrong, is_drawn, saturation_change
from vision.surroundings import Around, overlap
from vision.tones import Array, Lined, Mask, clipped, correlation, evened, in_line, residual_share


@dataclass(frozen=True)
class Limits:
    """How closely the common area is compared."""

    cells_across: int = 24
    """Cells along the long side of the common area."""
    cell: tuple[int, int] = (6, 12)
    """Pixels: the smallest and the largest side of a cell."""
    long_side: int = 420
    """Pixels of the common area at most; compression shows less when it is small."""
    least_side: int = 24
    """Pixels: a common area less high or wide tells nothing."""
    least_common: float = 0.3
    """Share of its rectangle that the common area must fill."""
    smoothing: float = 0.8
    """Pixels by which both pictures are blurred before they are compared."""
    tone_changed: float = 5.0
    """Greys: tones that changed by more may have been driven to their ends."""
    recoloured: float = 0.1
    """Share by which the strength of colours changed, for the same."""
    coarser: int = 4
    """How many times smaller pictures are for what fine texture does not touch."""
    floor: float = 7.0
    """Greys: the error that any cell is allowed for compression and noise."""
    share: float = 0.32
    """Share of its own contrast that a cell is allowed as an error beyond that."""
    textured: float = 6.0
    """Greys: a cell that deviates by more shows something."""


LIMITS = Limits()
# How many digits of each are kept as evidence.
_TOLD = {
    "blank_first": 0,
    "blank_second": 0,
    "set_off_first": 0,
    "set_off_second": 0,
    "blur": 2,
    "flat": 2,
    "shared": 2,
}
_TOLD |= dict.fromkeys(("worst", "covers_first", "covers_second", "saturation_change"), 3)
_TOLD |= dict.fromkeys(("correlation", "pictured", "disagreeing", "textured_disagreeing"), 4) | {"tone_change": 2}


@dataclass(frozen=True)
class Agreement(Around):
    """How far two RGB pictures agree at a placement. Only what is asked for is computed.

    Shares are of the common area unless said otherwise.
    """

    placement: Placement

    def told(self) -> dict[str, float]:
        """What is kept as evidence."""
        return self._rounded(_TOLD) | {"elsewhere": round(self.clean_elsewhere, 2)}

    def in_brief(self) -> dict[str, float]:
        """What is told of pictures that do not match. It decides on frames of a video in which something moved."""
        return self._rounded(("correlation", "tone_change", "saturation_change"))

    def _rounded(self, names: Iterable[str]) -> dict[str, float]:
        return {name: round(float(getattr(self, name)), _TOLD[name]) for name in names}

    @cached_property
    def is_enough(self) -> bool:
        """Whether enough is in common to tell anything."""
        common = self._seen[2]
        return min(common.shape) >= LIMITS.least_side and bool(common.mean() >= LIMITS.least_common)

    @cached_property
    def textured(self) -> int:
        """Cells with any detail."""
        return int(self._grid.textured.sum())

    @cached_property
    def disagreeing(self) -> float:
        """Share of cells."""
        return float(self._wrong.sum() / max(self._grid.counts.sum(), 1))

    @cached_property
    def textured_disagreeing(self) -> float:
        """Share of the textured cells."""
        grid = self._grid
        return float((self._wrong & grid.textured).sum() / max(grid.textured.sum(), 1))

    @cached_property
    def worst(self) -> float:
        """Error of the third-worst cell, as a multiple of what is allowed."""
        return worst_of(self._excess)

    @cached_property
    def clean_elsewhere(self) -> float:
        """Like `worst`, for cells that do not border on disagreeing ones."""
        near = cv2.dilate(self._wrong.astype(np.uint8), np.ones((3, 3))) > 0
        return worst_of(np.where(near, 0, self._excess))

    @cached_property
    def correlation(self) -> float:
        """Of the greys, with tone and sharpness matched."""
        common = self._seen[2]
        return correlation(self._lined.source[common], self._lined.target[common])

    @cached_property
    def correlation_coarse(self) -> float:
        """Of the greys made smaller: what is lost when a picture is saved small or badly."""
        return correlation(*made_smaller(self._lined.source, self._lined.target, self._seen[2]))

    @cached_property
    def flat(self) -> float:
        """Where they disagree: the share that has two colours in one picture only."""
        return self._colours[0]

    @cached_property
    def shared(self) -> float:
        """The share that has those colours in the other one."""
        return self._colours[1]

    @cached_property
    def pictured(self) -> float:
        """Share of the common area where they disagree and neither picture has only a few colours."""
        return self._colours[2]

    @cached_property
    def saturation_change(self) -> float:
        """0 for none, 1 if one picture is grey and the other is not."""
        return saturation_change(*self._seen)

    @cached_property
    def tone_change(self) -> float:
        """Mean difference of tones, in greys."""
        return self._lined.tone

    @cached_property
    def blur(self) -> float:
        """Pixels of blur that make them equally sharp."""
        return self._lined.blur

    @cached_property
    def side(self) -> int:
        """Pixels, long side of the common area as compared."""
        return max(self._seen[2].shape)

    @cached_property
    def worst_evened(self) -> float:
        """Like `worst`, with light and contrast matched place by place."""
        error = difference(self._evened, self._lined.target)
        error[self._ends] = 0
        return worst_of(self._grid.excess(error))

    @cached_property
    def correlation_evened(self) -> float:
        common = self._seen[2]
        return correlation(self._evened[common], self._lined.target[common])

    @cached_property
    def drawn(self) -> bool:
        """Whether both are pages or drawings."""
        one, other, _ = self._seen
        return is_drawn(one) and is_drawn(other)

    @cached_property
    def _seen(self) -> tuple[Array, Array, Mask]:
        return common_area(self.first, self.second, self.placement)

    @cached_property
    def _lined(self) -> Lined:
        one, other, common = self._seen
        recoloured = self.saturation_change > LIMITS.recoloured
        forth, back = in_line(one, other, common, recoloured), in_line(other, one, common, recoloured)
        return min(forth, back, key=lambda pair: residual_share(pair.source, pair.target, common))

    @cached_property
    def _ends(self) -> Mask:
        one, other, _ = self._seen
        return np.asarray(clipped(one) | clipped(other))

    @cached_property
    def _grid(self) -> "Grid":
        return grid_of(self._lined.source, self._lined.target, self._seen[2])

    @cached_property
    def _error(self) -> Array:
        error = difference(self._lined.source, self._lined.target)
        if self.saturation_change > LIMITS.recoloured or self.tone_change > LIMITS.tone_changed:
            error[self._ends] = 0
        return error

    @cached_property
    def _excess(self) -> Array:
        return self._grid.excess(self._error)

    @cached_property
    def _wrong(self) -> Mask:
        return np.asarray(self._excess > 1)

    @cached_property
    def _colours(self) -> tuple[float, float, float]:
        one, other, _ = self._seen
        return colours_where_wrong(one, other, self._error, self._wrong, self._grid.cell)

    @cached_property
    def _evened(self) -> Array:
        return evened(self._lined.source, self._lined.target, self._seen[2])


def measure(first: Array, second: Array, placement: Placement) -> Agreement | None:
    """Compare two RGB pictures at this placement; None if too little is in common."""
    found = Agreement(first, second, placement.affine, placement)
    return found if found.is_enough else None


def difference(one: Array, other: Array) -> Array:
    """The difference of two greys, smoothed a little."""
    return cv2.GaussianBlur(one, (0, 0), LIMITS.smoothing) - cv2.GaussianBlur(other, (0, 0), LIMITS.smoothing)


def made_smaller(one: Array, other: Array, common: Mask) -> tuple[Array, Array]:
    """The common pixels of both, made smaller."""
    size = tuple(max(side // LIMITS.coarser, 1) for side in common.shape[::-1])
    whole = cv2.resize(common.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    small = [cv2.resize(grey, size, interpolation=cv2.INTER_AREA)[whole] for grey in (one, other)]
    return small[0], small[1]


def common_area(first: Array, second: Array, placement: Placement) -> tuple[Array, Array, Mask]:
    """Both pictures in the pixels of the coarser one, cut to their common area, no larger than needed."""
    affine, scale = placement.affine, placement.scale
    if scale >= 1:  # the second is the coarser one
        first, second, affine, scale = second, first, cv2.invertAffineTransform(affine), 1 / scale
        swapped = True
    else:
        swapped = False
    size = (first.shape[1], first.shape[0])
    soft = cv2.GaussianBlur(second, (0, 0), max(0.45 * (1 / scale - 1), 0.01)) if scale < 0.95 else second
    warped = cv2.warpAffine(soft, affine, size, flags=cv2.INTER_CUBIC)
    mask = overlap(first, second, affine)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return first[:0, :0], first[:0, :0], mask[:0, :0]
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    one, other, common = first[box], warped[box], mask[box]
    shrink = LIMITS.long_side / max(common.shape)
    if shrink < 1:
        small = (max(round(common.shape[1] * shrink), 1), max(round(common.shape[0] * shrink), 1))
        one, other = (cv2.resize(image, small, interpolation=cv2.INTER_AREA) for image in (one, other))
        common = cv2.resize(common.astype(np.uint8), small, interpolation=cv2.INTER_AREA) > 0
    # the edge of the common area may already show its surroundings
    common = cv2.erode(common.astype(np.uint8), np.ones((7, 7), np.uint8), borderValue=0) > 0
    return (other, one, common) if swapped else (one, other, common)


# --- cells ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """The common area in cells of `cell` pixels: which count, which have detail, and the error that each is allowed."""

    cell: int
    counts: Mask
    textured: Mask
    allowed: Array

    def excess(self, error: Array) -> Array:
        """The error of each cell as a multiple of the allowed one."""
        return np.where(self.counts, np.sqrt(in_cells(error**2, self.cell)) / self.allowed, 0)


def grid_of(source: Array, target: Array, common: Mask) -> Grid:
    cell = int(np.clip(max(common.shape) // LIMITS.cells_across, *LIMITS.cell))
    deviations = deviation(source, cell), deviation(target, cell)
    counts = in_cells(common.astype(np.float32), cell) > 0.9
    textured = (np.minimum(*deviations) > LIMITS.textured) & counts
    return Grid(cell, counts, textured, LIMITS.floor + LIMITS.share * np.maximum(*deviations))


def in_cells(values: Array, cell: int) -> Array:
    """The mean of each cell; pixels left over at the right and lower edges are in no cell."""
    height, width = (side // cell * cell for side in values.shape)
    return values[:height, :width].reshape(height // cell, cell, width // cell, cell).mean(axis=(1, 3))


def deviation(grey: Array, cell: int) -> Array:
    return np.sqrt(np.maximum(in_cells(grey**2, cell) - in_cells(grey, cell) ** 2, 0))


def worst_of(excess: Array) -> float:
    """The third-largest value: a cell or two may be off by chance."""
    return float(np.sort(excess, axis=None)[-3:][0]) if excess.size else 0.0
