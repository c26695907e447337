"""Faces meet faces: which box of another program means which face here. No database here.

Programs draw boxes of many shapes around a face: from the chin to the brows, or the whole head with its hair.
"""

from collections.abc import Sequence

from media.boxes import Box, overlap

SAME_FACE = 0.25  # intersection over union
LARGEST_RATIO = 6.0  # of two areas whose centres lie in each other


def meet(theirs: Sequence[Box], ours: Sequence[Box]) -> dict[int, int]:
    """The number of our box for the number of each of theirs that has one: the best pairs first, each box once."""
    scored = (
        (likeness(box, other), number, place) for number, box in enumerate(theirs) for place, other in enumerate(ours)
    )
    pairs: dict[int, int] = {}
    for score, number, place in sorted(scored, key=lambda pair: -pair[0]):
        if score > 0 and number not in pairs and place not in pairs.values():
            pairs[number] = place
    return pairs


def likeness(box: Box, other: Box) -> float:
    """How well two boxes fit, 0 if they cannot mean the same face."""
    share = overlap(box, other)
    if share >= SAME_FACE:
        return share
    small, large = sorted((box[2] * box[3], other[2] * other[3]))
    mutual = holds(box, centre(other)) and holds(other, centre(box))
    return share if mutual and large <= LARGEST_RATIO * small else 0.0


def centre(box: Box) -> tuple[float, float]:
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def holds(box: Box, point: tuple[float, float]) -> bool:
    """Whether the point is in the middle half of the box."""
    left, top = box[0] + box[2] / 4, box[1] + box[3] / 4
    return left <= point[0] <= left + box[2] / 2 and top <= point[1] <= top + box[3] / 2
