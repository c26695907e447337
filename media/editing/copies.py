"""Copies of pictures for others: edited, in a format that everybody opens, and of a size."""

from pathlib import Path
from typing import Any

from PIL import Image

from media import decoding
from media.editing import description, originals
from media.editing.forms import FORMATS
from media.files import replacing

OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg": {"quality": 92, "optimize": True},
    "png": {"compress_level": 5},
    "webp": {"quality": 90, "method": 4},
}


def write_copy(
    source: Path, mime: str, target: Path, given: dict[str, Any] | None, turn: int, kind: str, side: int | None = None
) -> None:
    """Write the picture with its edit and turn, in sRGB of eight bits and without metadata.

    `kind` is one of FORMATS; `side` the longer side in pixels at most. Raises UnreadableFile.
    """
    with originals.fitting():
        edit = description.read(given).turned(turn)
        image = originals.in_srgb(originals.edited(source, mime, edit))
    if side is not None:
        image = decoding.shrink(image, decoding.scaled(image.size, side))
    write(image, target, kind)


def write(image: Image.Image, target: Path, kind: str) -> None:
    """Write the image in that format, atomically."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as temporary:
        image.save(temporary, FORMATS[kind][0], **OPTIONS[kind])
