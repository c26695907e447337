"""The differences between two pictures after one was laid over the other.

Pure. Place, tone and sharpness are matched; then the common area is judged in small cells.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from vision.alignment import Placement
from vision.colours import colours_where_wrong, is_drawn, saturation_change
from vision.surroundings import around, overlap
from vision.tones import Array, Mask, clipped, correlation, evened, in_line, residual_share


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


@dataclass(frozen=True)
class Agreement:
    """Shares are of the common area unless said otherwise."""

    covers_first: float  # share of the first picture that the second covers
    covers_second: float
    blank_first: bool  # the part of the first outside has one colour: a border, or a corner left by turning
    blank_second: bool
    set_off_first: bool  # whether the second visibly ends at its edges in the first, as in a frame; a crop continues
    set_off_second: bool
    correlation: float  # of the greys, with tone and sharpness matched
    correlation_coarse: float  # of the greys made smaller: what is lost when a picture is saved small or badly
    textured: int  # cells with any detail
    disagreeing: float  # share of cells
    textured_disagreeing: float  # share of the textured cells
    clean_elsewhere: float  # like `worst`, for cells that do not border on disagreeing ones
    flat: float  # where they disagree: the share that has two colours in one picture only
    shared: float  # the share that has those colours in the other one
    pictured: float  # share of the common area where they disagree and neither picture has only a few colours
    tone_change: float  # mean difference of tones, in greys
    saturation_change: float  # 0 for none, 1 if one picture is grey and the other is not
    blur: float  # pixels of blur that make them equally sharp
    worst: float  # error of the third-worst cell, as a multiple of what is allowed
    side: int  # pixels, long side of the common area as compared
    worst_evened: float  # like `worst`, with light and contrast matched place by place
    correlation_evened: float
    drawn: bool  # both are pages or drawings


def measure(first: Array, second: Array, placement: Placement) -> Agreement | None:
    """Compare two RGB pictures at this placement; None if too little is in common."""
    one, other, common = common_area(first, second, placement)
    if min(common.shape) < LIMITS.least_side or common.mean() < LIMITS.least_common:
        return None
    saturation = saturation_change(one, other, common)
    recoloured = saturation > LIMITS.recoloured
    forth, back = in_line(one, other, common, recoloured), in_line(other, one, common, recoloured)
    source, target, blur, tone = min(forth, back, key=lambda pair: residual_share(pair[0], pair[1], common))
    grid, ends = grid_of(source, target, common), clipped(one) | clipped(other)
    error = difference(source, target)
    if recoloured or tone > LIMITS.tone_changed:
        error[ends] = 0
    excess = grid.excess(error)
    wrong = excess > 1
    flat, shared, pictured = colours_where_wrong(one, other, error, wrong, grid.cell)
    light = evened(source, target, common)
    error = difference(light, target)
    error[ends] = 0
    return Agreement(
        **around(first, second, placement.affine),
        correlation=correlation(source[common], target[common]),
        correlation_coarse=correlation(*made_smaller(source, target, common)),
        textured=int(grid.textured.sum()),
        disagreeing=float(wrong.sum() / max(grid.counts.sum(), 1)),
        textured_disagreeing=float((wrong & grid.textured).sum() / max(grid.textured.sum(), 1)),
        worst=worst_of(excess),
        clean_elsewhere=worst_of(np.where(cv2.dilate(wrong.astype(np.uint8), np.ones((3, 3))) > 0, 0, excess)),
        flat=flat,
        shared=shared,
        pictured=pictured,
        tone_change=tone,
        saturation_change=saturation,
        blur=blur,
        side=max(common.shape),
        worst_evened=worst_of(grid.excess(error)),
        correlation_evened=correlation(light[common], target[common]),
        drawn=is_drawn(one) and is_drawn(other),
    )


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
