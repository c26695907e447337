"""The part of a picture within its borders: the bars of a screen, a frame, the margin of a caption.

Pure. A picture on a screen has another fingerprint than the picture itself, because most of what is seen is the screen.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision.tones import largest


@dataclass(frozen=True)
class Limits:
    """What counts as a border, and how much must be left within one."""

    side: int = 256
    """Pixels: the long side in which borders are looked for."""
    one_colour: int = 12
    """Of 255, in every channel: by how much pixels of one colour may differ."""
    of_a_line: float = 0.7
    """Share of a line that is of the border’s colour; the rest may be an icon or a word."""
    least_area: float = 0.05
    """Share of the whole: less shows too little."""
    most_area: float = 0.92
    """Share of the whole: more is the picture itself."""


LIMITS = Limits()
Array = NDArray[Any]


def within(image: Image.Image) -> Image.Image | None:
    """The upright picture without borders of one colour; None if there are none."""
    shrink = LIMITS.side / max(image.size)
    small = image.convert("RGB").resize([max(round(side * shrink), 1) for side in image.size], Image.Resampling.BOX)
    box = box_within(np.asarray(small))
    if box is None:
        return None
    width, height = image.width / small.width, image.height / small.height
    left, top, right, bottom = box
    return image.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))


def box_within(rgb: Array) -> tuple[int, int, int, int] | None:
    """The left, upper, right and lower edge of what is within the borders of one colour; None if there are none."""
    pixels = np.asarray(rgb, np.int16)
    top, bottom = _content(pixels)
    left, right = _content(pixels[top:bottom].transpose(1, 0, 2))
    area = (bottom - top) * (right - left) / (pixels.shape[0] * pixels.shape[1])
    return (left, top, right, bottom) if LIMITS.least_area <= area <= LIMITS.most_area else None


def _content(lines: NDArray[np.int16]) -> tuple[int, int]:
    """The longest run of lines that do not have the colour of the first or the last line."""
    of_border = np.zeros(len(lines), bool)
    for edge in (lines[0], lines[-1]):
        near = largest(np.abs(lines - np.median(edge, axis=0).astype(np.float32))) <= LIMITS.one_colour
        of_border |= near.mean(axis=1) >= LIMITS.of_a_line
    ends = np.flatnonzero(np.diff(np.concatenate([[True], of_border, [True]]).astype(np.int8)))
    if not len(ends):
        return 0, len(lines)
    starts, stops = ends[::2], ends[1::2]
    longest = int(np.argmax(stops - starts))
    return int(starts[longest]), int(stops[longest])
