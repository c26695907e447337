"""Crops of faces, cut from thumbnails. Mirage made these itself, so no sandbox is needed."""

import io
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from media.boxes import Box

SIDES = {"small": 160, "large": 480, "marked": 480}  # pixels of the crop, at most
# As shares of the face's longer side, on each side. People look at the large ones to tell who it is.
MARGINS = {"small": 0.45, "large": 0.3, "marked": 0.3}
# A page requests many crops at once, and each decoded picture takes several megabytes of memory.
_few_at_once = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Window:
    """A square in pixels that lies within the picture."""

    left: int
    top: int
    right: int
    bottom: int


def window(box: Box, width: int, height: int, size: str = "small") -> Window:
    """The square to crop for a face (a box in fractions) from a picture of that size in pixels."""
    x, y, wide, high = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    side = min(max(wide, high) * (1 + 2 * MARGINS[size]), width, height)
    left = min(max(x + wide / 2 - side / 2, 0), width - side)
    top = min(max(y + high / 2 - side / 2, 0), height - side)
    return Window(math.floor(left), math.floor(top), math.ceil(left + side), math.ceil(top + side))


def cut(picture: Callable[[str], Path], box: Box, size: str) -> bytes:
    """The face as WebP. `picture` returns the path of a thumbnail. Raises OSError if it is missing or broken."""
    side = SIDES[size]
    with Image.open(picture("medium")) as medium:
        wanted = window(box, *medium.size, size)
        if wanted.right - wanted.left >= side:
            return cut_image(medium, box, size)
    return cut_from(picture("large"), box, size)


def cut_from(picture: Path, box: Box, size: str) -> bytes:
    """The face as WebP, from this picture. Raises OSError if it is missing or broken."""
    with Image.open(picture) as image:
        return cut_image(image, box, size)


def cut_image(picture: Image.Image, box: Box, size: str) -> bytes:
    """The face as WebP, from a picture in memory, which is closed."""
    part, side = window(box, *picture.size, size), SIDES[size]
    with _few_at_once:
        face = picture.crop((part.left, part.top, part.right, part.bottom)).convert("RGB")
        picture.close()
    if size == "marked":
        face = face.resize((side, side), Image.Resampling.LANCZOS)
        _mark(face, box, part, picture.size)
    face.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    out = io.BytesIO()
    face.save(out, "WEBP", quality=82, method=2)
    return out.getvalue()


def _mark(face: Image.Image, box: Box, part: Window, size: tuple[int, int]) -> None:
    """Draw the box: other people may be in the crop too."""
    scale = face.width / (part.right - part.left)
    left, top = (box[0] * size[0] - part.left) * scale, (box[1] * size[1] - part.top) * scale
    right, bottom = left + box[2] * size[0] * scale, top + box[3] * size[1] * scale
    for colour, wide in (("black", 5), ("white", 3)):
        grown = (wide - 3) / 2
        edges = (left - grown, top - grown, right + grown, bottom + grown)
        ImageDraw.Draw(face).rounded_rectangle(edges, radius=12, outline=colour, width=wide)
