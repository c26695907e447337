"""What lies within the borders of a picture: the bars of a screen, a frame, a caption's margin.

Pure. A picture on a screen has another fingerprint than by itself, because most of what is seen is the screen.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIDE = 256  # pixels in which borders are looked for
_ONE_COLOUR = 12  # of 255, in every channel
_OF_A_LINE = 0.7  # so much of a line is of the border's colour; the rest may be an icon or a word
_AREA = (0.05, 0.92)  # of the whole: less shows too little, more is the picture itself


def within(image: Image.Image) -> Image.Image | None:
    """The upright picture without the borders of one colour around it; None where there are none."""
    shrink = _SIDE / max(image.size)
    small = image.convert("RGB").resize([max(round(side * shrink), 1) for side in image.size], Image.Resampling.BOX)
    pixels = np.asarray(small, np.int16)
    top, bottom = _content(pixels)
    left, right = _content(pixels[top:bottom].transpose(1, 0, 2))
    area = (bottom - top) * (right - left) / (pixels.shape[0] * pixels.shape[1])
    if not _AREA[0] <= area <= _AREA[1]:
        return None
    width, height = image.width / small.width, image.height / small.height
    return image.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))


def _content(lines: NDArray[np.int16]) -> tuple[int, int]:
    """The longest run of lines that are not of the colour of the first or of the last one."""
    of_border = np.zeros(len(lines), bool)
    for edge in (lines[0], lines[-1]):
        near = np.abs(lines - np.median(edge, axis=0)).max(axis=2) <= _ONE_COLOUR
        of_border |= near.mean(axis=1) >= _OF_A_LINE
    ends = np.flatnonzero(np.diff(np.concatenate([[True], of_border, [True]]).astype(np.int8)))
    if not len(ends):
        return 0, len(lines)
    starts, stops = ends[::2], ends[1::2]
    longest = int(np.argmax(stops - starts))
    return int(starts[longest]), int(stops[longest])
