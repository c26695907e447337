"""A caption band laid over the upper or lower part of a picture: what is left of both pictures without it.

Pure. Pictures are RGB, 0 to 255, and show the same area, upright.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.colours import is_drawn
from vision.tones import largest

Array = NDArray[Any]


@dataclass(frozen=True)
class Limits:
    """What a band is."""

    one_colour: int = 24
    """Of 255, in every channel: by how much the band's paper may differ."""
    even: float = 2.0
    """Of 255: by how much most paper that a program filled differs from its own colour."""
    paper: float = 0.5
    """Share of each line of the band that is paper; the rest is writing."""
    heights: tuple[float, float] = (0.04, 0.26)
    """Share of the picture's height that a band takes."""
    textured: int = 40
    """Cells of what is left that must show something."""
    seam: int = 2
    """Lines beside the band that compression may have mixed with it."""


LIMITS = Limits()


def without(first: Array, second: Array) -> Iterator[tuple[Array, Array]]:
    """Both pictures without the lines over which one of them has a band of another colour than what it hides.

    The second may come in another size. A page has margins and bars of its own: what is left must be no page.
    """
    second = cv2.resize(second, (first.shape[1], first.shape[0]), interpolation=cv2.INTER_AREA)
    for turn in (slice(None, None, -1), slice(None)):
        one, other = first[turn], second[turn]
        for over, under in ((one, other), (other, one)):
            height = height_of_band(over)
            left = np.s_[height + LIMITS.seam :]
            if height and not is_alike(over[:height], under[:height]) and not is_page(under[left]):
                yield one[left][turn], other[left][turn]


def height_of_band(rgb: Array) -> int:
    """The height of a band over the first lines; 0 if there is none."""
    lines = rgb[: int(LIMITS.heights[1] * len(rgb)) + 2]
    paper = np.median(lines[0], axis=0)
    of_paper = (largest(np.abs(lines - paper)) <= LIMITS.one_colour).mean(axis=1) >= LIMITS.paper
    height = len(of_paper) if of_paper.all() else int(of_paper.argmin())
    is_band = LIMITS.heights[0] * len(rgb) <= height <= LIMITS.heights[1] * len(rgb)
    return height if is_band and is_even(lines[:height]) else 0


def is_alike(one: Array, other: Array) -> bool:
    """Whether both have the same paper."""
    papers = [np.median(rgb.reshape(-1, 3), axis=0) for rgb in (one, other)]
    return bool(np.abs(papers[0] - papers[1]).max() <= LIMITS.one_colour)


def is_even(rgb: Array) -> bool:
    """Whether a program filled what has the commonest colour: snow and skies are less even."""
    pixels = rgb.reshape(-1, 3)
    apart = np.abs(pixels - np.median(pixels, axis=0)).max(axis=1)
    return bool(np.median(apart[apart <= LIMITS.one_colour]) <= LIMITS.even)


def is_page(rgb: Array) -> bool:
    """Whether it is paper and writing, or a drawing."""
    return not rgb.size or (is_drawn(rgb) and is_even(rgb))
