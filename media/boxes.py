"""Boxes in pictures: x, y, width and height, in pixels or fractions."""

from collections.abc import Sequence

Box = tuple[float, float, float, float]


def overlap(box: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union, 0 to 1."""
    wide = min(box[0] + box[2], other[0] + other[2]) - max(box[0], other[0])
    high = min(box[1] + box[3], other[1] + other[3]) - max(box[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (box[2] * box[3] + other[2] * other[3] - wide * high)
