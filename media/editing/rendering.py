"""Rendering: what an edit makes of a picture, in the picture's own precision and colour space.

OpenCV resamples and blurs, NumPy calculates the colours: docs/adr/0013-pixels-of-edits.md says why.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media.editing import geometry, regions, tones
from media.editing.description import Edit, Refused
from media.sentences import english

Samples = NDArray[Any]  # uint8, uint16 or float32
ROWS = 256  # calculated at a time, to save memory
ON_PIXELS = 0.02  # of a pixel: a crop as near to whole pixels copies them
MOST_SIDE = 32_000  # pixels: OpenCV's warping counts with 16 bits
SHARPER = 0.0008  # of the longer side: how far sharpness looks around
SHARP = 1.5  # the strength of sharpness at the amount 1


def render(samples: Samples, edit: Edit) -> Samples:
    """The edited picture from the upright one (height, width, 3), of type uint8, uint16 or float32.

    The same edit makes the same of a smaller version of the picture. Raises Refused if it does not fit.
    """
    top = _white(samples)
    height, width = samples.shape[:2]
    view = geometry.view_of(edit, width, height)
    parts = edit.all("red_eye", "blur", "cover")
    if parts:
        samples = samples.copy()
        for part in sorted(parts, key=lambda one: one["op"] == "cover"):
            regions.apply(samples, part, top)
    samples = shown(samples, edit, view)
    if amount := edit.amount("sharpness"):
        samples = sharpened(samples, amount, SHARPER * max(width, height), top)
    wanted = tones.tones_of(edit)
    return np.ascontiguousarray(samples if wanted.change_nothing else toned(samples, wanted, top))


def render_image(image: Image.Image, edit: Edit) -> Image.Image:
    """The same for an image of mode RGB."""
    return Image.fromarray(render(np.asarray(image), edit)) if edit.operations else image


def _white(samples: Samples) -> float:
    return float(np.iinfo(samples.dtype).max) if samples.dtype.kind == "u" else 1.0


def shown(samples: Samples, edit: Edit, view: geometry.View) -> Samples:
    """The part of the picture that the edit shows, turned. Whole pixels are copied, others interpolated."""
    height, width = samples.shape[:2]
    to_pixels = np.diag([float(width), float(height), 1.0])
    places = to_pixels @ view.matrix
    if not edit.all("perspective", "straighten"):
        corners = [geometry.project(places, corner) for corner in ((0, 0), (1, 1))]
        if all(abs(side - round(side)) <= ON_PIXELS for corner in corners for side in corner):
            columns, rows = (sorted(round(corner[side]) for corner in corners) for side in (0, 1))
            return turned(samples[slice(*rows), slice(*columns)], edit.turn)
    if max(width, height, view.width, view.height) > MOST_SIDE:
        raise Refused(english("The picture is too large for this: crop or turn it only."))
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    to_fractions = np.diag([1 / view.width, 1 / view.height, 1.0])
    matrix = np.linalg.inv(half) @ places @ to_fractions @ half
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (view.width, view.height)
    made = cv2.warpPerspective(samples, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return made if samples.dtype.kind == "u" else made.clip(0, 1)  # cubic weights overshoot at edges


def turned(samples: Samples, turn: int) -> Samples:
    """The pixels turned by one of EXIF's orientations."""
    if turn >= 5:
        samples = samples.transpose(1, 0, 2)
    across = turn in (2, 3, 6, 7)
    down = turn in (3, 4, 7, 8)
    return samples[:: -1 if down else 1, :: -1 if across else 1]


def sharpened(samples: Samples, amount: float, sigma: float, top: float) -> Samples:
    """Edges of the luma stressed: what a blurred copy lacks is added."""
    luma = (samples @ (tones.LUMA / np.float32(top))).astype("f4")
    detail = (luma - cv2.GaussianBlur(luma, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)) * np.float32(
        SHARP * amount
    )
    made = np.empty(samples.shape, samples.dtype)
    for first in range(0, len(samples), ROWS):
        part = slice(first, first + ROWS)
        made[part] = stored(samples[part] / np.float32(top) + detail[part][..., None], made.dtype, top)
    return made


def toned(samples: Samples, wanted: tones.Tones, top: float) -> Samples:
    """The colours after all operations on light and colour."""
    made = np.empty(samples.shape, samples.dtype)
    for first in range(0, len(samples), ROWS):
        part = samples[first : first + ROWS].astype("f4") / np.float32(top)
        made[first : first + ROWS] = stored(tones.apply(part, wanted), made.dtype, top)
    return made


def stored(colours: tones.Colours, dtype: np.dtype[Any], top: float) -> Samples:
    """The colours as samples of that type."""
    clipped = colours.clip(0, 1) * np.float32(top)
    return (clipped + np.float32(0.5)).astype(dtype) if dtype.kind == "u" else clipped
