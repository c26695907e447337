"""Aligning faces as embedders were trained: five points, one similarity transform.

Alignment by the eyes alone lowers the worst cosine of two pictures of one person from 0.51 to 0.18
(docs/measured/people.md).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 112  # pixels
# Left eye, right eye, nose, left and right corner of the mouth, from the viewer's side, in a crop of 112 × 112:
# ArcFace's template (insightface, recognition/common/face_align.py), which SFace and most later embedders share.
TEMPLATE = np.array(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)], np.float64
)
# The five points in a detector's box, in fractions of its width and height: YuNet's mean over upright faces.
# For faces without landmarks.
BOX_POINTS = np.array([(0.31, 0.40), (0.69, 0.40), (0.50, 0.60), (0.35, 0.78), (0.65, 0.78)])


def align(image: NDArray[np.uint8], points: NDArray[np.float64], side: int = SIDE) -> NDArray[np.uint8]:
    """The face upright in a square of `side` pixels. `points`: the template's five, or the two eyes."""
    per_pixel = _extent(points) * SIDE / side  # picture pixels per crop pixel
    if per_pixel > 2:  # a transform reads four pixels only: average before
        image, points = _surroundings(image, points, 1 / per_pixel)
    matrix = similarity(points, TEMPLATE[: len(points)] * (side / SIDE))
    return cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)  # type: ignore[return-value]


def similarity(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """The 2 × 3 matrix of rotation, scale and shift that takes points nearest to others (Umeyama 1991)."""
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    centred, wanted = source - source_mean, target - target_mean
    spread = float((centred**2).sum())
    if spread == 0:
        raise ValueError("All points are the same.")
    # With a = s·cos and b = s·sin the least squares have a closed form in the plane.
    a = float((centred * wanted).sum()) / spread
    b = float((centred[:, 0] * wanted[:, 1] - centred[:, 1] * wanted[:, 0]).sum()) / spread
    linear = np.array([(a, -b), (b, a)])
    return np.column_stack([linear, target_mean - linear @ source_mean])


def points_of_box(x: float, y: float, width: float, height: float) -> NDArray[np.float64]:
    """The five points in the box of an upright face without landmarks."""
    return BOX_POINTS * (width, height) + (x, y)


def _surroundings(
    image: NDArray[np.uint8], points: NDArray[np.float64], factor: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The surroundings of the points scaled down, and the points in them."""
    reach = 2 * SIDE * _extent(points)
    height, width = image.shape[:2]
    middle = points.mean(axis=0)
    left, top = (
        int(np.clip(value - reach, 0, length - 1)) for value, length in zip(middle, (width, height), strict=True)
    )
    right, bottom = (int(value + reach) for value in middle)
    window = image[top : max(bottom, top + 1), left : max(right, left + 1)]
    return shrunk(window, factor), (points - (left, top)) * factor


def shrunk(image: NDArray[np.uint8], factor: float) -> NDArray[np.uint8]:
    """The picture scaled down, at least one pixel wide and high."""
    height, width = image.shape[:2]
    across, down = max(factor, 1 / width), max(factor, 1 / height)
    return cv2.resize(image, None, fx=across, fy=down, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _extent(points: NDArray[np.float64]) -> float:
    """How many pixels of the picture one pixel of the 112-pixel template covers."""
    matrix = similarity(TEMPLATE[: len(points)], points)
    return float(np.hypot(matrix[0, 0], matrix[1, 0]))
