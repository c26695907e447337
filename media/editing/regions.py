"""Parts of a picture that are covered, blurred or mended. They lie in fractions of the upright picture.

Blurring keeps only the means of a coarse grid over the region, so nothing finer can be read back, whatever the size.
static/js/photos/editor/regions.js does the same for the preview.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[Any]
CELLS = 8  # along the longer side of a blurred region
REDDER, REDDEST = 0.12, 0.28  # by which red exceeds the other channels in an eye: mended a little, and wholly


def apply(samples: Samples, region: Mapping[str, Any], top: float) -> None:
    """Change the region of the picture (height, width, 3) in place. `top` is the value of white."""
    height, width = samples.shape[:2]
    left, upper, right, lower = _bounds(region, width, height)
    rows = slice(max(0, int(upper)), min(height, int(np.ceil(lower))))
    columns = slice(max(0, int(left)), min(width, int(np.ceil(right))))
    window = samples[rows, columns].astype("f4") / np.float32(top)
    if not window.size:
        return
    along = _Along(columns, left, right), _Along(rows, upper, lower)
    changed = _CHANGES[region["op"]](window, along)
    mask = _mask(region, along)[..., None].astype("f4")
    mixed = (window + (changed - window) * mask).clip(0, 1) * top
    samples[rows, columns] = mixed + 0.5 if samples.dtype.kind == "u" else mixed


def _bounds(region: Mapping[str, Any], width: int, height: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in pixels."""
    if region["op"] == "red_eye":
        radius = region["radius"] * max(width, height)
        x, y = region["x"] * width, region["y"] * height
        return x - radius, y - radius, x + radius, y + radius
    x, y = region["x"] * width, region["y"] * height
    return x, y, x + region["width"] * width, y + region["height"] * height


class _Along:
    """The pixels of one side of the window: their edges and centres as fractions of the region, and its length."""

    def __init__(self, pixels: slice, start: float, end: float) -> None:
        self.length = end - start
        self.edges = (np.arange(pixels.start, pixels.stop + 1) - start) / self.length
        self.centres = (self.edges[1:] + self.edges[:-1]) / 2


def _mask(region: Mapping[str, Any], along: tuple[_Along, _Along]) -> NDArray[Any]:
    """How much of each pixel belongs to the region."""
    across, down = along
    if region["op"] == "red_eye":  # soft towards its edge
        radius = np.hypot(across.centres[None, :] - 0.5, down.centres[:, None] - 0.5) * 2
        return ((1 - radius) / 0.3).clip(0, 1).astype("f4")
    if region["shape"] == "oval":
        radius = np.hypot(across.centres[None, :] - 0.5, down.centres[:, None] - 0.5) * 2
        edge = min(across.length, down.length) / 2
        return ((1 - radius) * edge + 0.5).clip(0, 1).astype("f4")
    covered = [np.diff(one.edges.clip(0, 1)) * one.length for one in along]
    return (covered[1][:, None] * covered[0][None, :]).astype("f4")


def _cover(window: NDArray[Any], along: tuple[_Along, _Along]) -> NDArray[Any]:
    return np.zeros_like(window)


def _blur(window: NDArray[Any], along: tuple[_Along, _Along]) -> NDArray[Any]:
    across, down = along
    longer = max(across.length, down.length)
    grid = [max(1, round(CELLS * one.length / longer)) for one in along]
    means = np.einsum("rh,hwc,kw->rkc", _means(down, grid[1]), window, _means(across, grid[0]), optimize=True)
    return np.einsum("hr,rkc,wk->hwc", _spread(down, grid[1]), means, _spread(across, grid[0]), optimize=True)


def _means(along: _Along, cells: int) -> NDArray[Any]:
    """(cells, pixels): how much each pixel counts in the mean of each cell."""
    borders = np.arange(cells + 1) / cells
    shared = np.minimum(along.edges[None, 1:], borders[1:, None]) - np.maximum(
        along.edges[None, :-1], borders[:-1, None]
    )
    shared = shared.clip(0)
    return (shared / np.maximum(shared.sum(1, keepdims=True), 1e-9)).astype("f4")


def _spread(along: _Along, cells: int) -> NDArray[Any]:
    """(pixels, cells): each pixel between the centres of two cells."""
    place = (along.centres * cells - 0.5).clip(0, cells - 1)
    return (1 - np.abs(place[:, None] - np.arange(cells)[None, :])).clip(0).astype("f4")


def _mend_eye(window: NDArray[Any], along: tuple[_Along, _Along]) -> NDArray[Any]:
    others = window[..., 1:].max(-1)
    much = ((window[..., 0] - others - REDDER) / (REDDEST - REDDER)).clip(0, 1)
    mended = window.copy()
    mended[..., 0] += (window[..., 1:].mean(-1) * 0.9 - window[..., 0]) * much
    return mended


_CHANGES: dict[str, Callable[[NDArray[Any], tuple[_Along, _Along]], NDArray[Any]]] = {
    "cover": _cover,
    "blur": _blur,
    "red_eye": _mend_eye,
}
