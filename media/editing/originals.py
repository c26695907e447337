"""Originals for editing: upright, in their own precision and colour space, and what is written of the result.

Pictures of more than eight bits keep sixteen (media/editing/deep.py). Pictures in RGB keep their colour profile; others
become sRGB.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media import decoding
from media.editing import deep, rendering
from media.editing.description import Edit, Refused
from media.editing.forms import FULL
from media.files import replacing
from media.mediatypes import RAW_MIMES
from media.pixels import colour, icc, profiles
from media.sandbox import UnreadableFile
from media.sentences import english

QUALITY = 93  # of a JPEG in full size
LOSSLESS = frozenset({"image/png", "image/tiff", "image/bmp", "image/gif"})


@dataclass(frozen=True)
class Whole:
    """A picture in full size: samples (height, width, 3) of 8 or 16 bits, and its colour profile; None for sRGB."""

    samples: NDArray[Any]
    profile: bytes | None = None
    lossless: bool = False


@contextmanager
def fitting() -> Iterator[None]:
    """Tell the owner as UnreadableFile why an edit does not fit."""
    try:
        yield
    except Refused as problem:
        raise UnreadableFile(english("The edit does not fit: %(problem)s", problem=problem)) from problem


def edited(path: Path, mime: str, edit: Edit) -> Whole:
    """The original with the edit. Raises UnreadableFile, Refused."""
    found = read(path, mime)
    return Whole(rendering.render(found.samples, edit), found.profile, found.lossless)


def read(path: Path, mime: str) -> Whole:
    """The upright picture. Raises UnreadableFile."""
    lossless = mime in LOSSLESS
    if mime in deep.DEEP | RAW_MIMES and (found := deep.read(path, mime)):
        samples, profile, orientation = found
        return Whole(rendering.turned(samples, orientation), profile, lossless)
    if mime in RAW_MIMES or mime == "image/tiff":
        return Whole(np.asarray(decoding.open_upright(path, mime)), None, lossless)
    with decoding.in_words(), decoding.open_image(path, mime) as image:
        profile = profiles.profile_of(image, path, mime)
        image.load()
        orientation = decoding.orientation_of(image)
        plain = decoding.on_white(decoding.plain(image))
        keeps = (
            plain.mode == "RGB" and profile is not None and icc.is_rgb(profile) and bool(image.info.get("icc_profile"))
        )
        shown = plain if keeps else colour.to_srgb(plain, profile)
        return Whole(rendering.turned(np.asarray(shown), orientation), profile if keeps else None, lossless)


def in_srgb(whole: Whole) -> Image.Image:
    """The picture in eight bits of sRGB."""
    samples = whole.samples if whole.samples.dtype == np.uint8 else eight_bits(whole.samples)
    image = colour.to_srgb(Image.fromarray(np.ascontiguousarray(samples)), whole.profile)
    image.info = {}  # Pillow would write the profile in it
    return image


def eight_bits(samples: NDArray[Any]) -> NDArray[np.uint8]:
    """Sixteen bits rounded to eight."""
    made = np.empty(samples.shape, "u1")
    for first in range(0, len(samples), rendering.ROWS):
        made[first : first + rendering.ROWS] = (
            samples[first : first + rendering.ROWS].astype("u4") * 255 + 32767
        ) // 65535
    return made


def write_full(whole: Whole, folder: Path) -> Path:
    """Write the picture in full size into the folder: PNG if it has 16 bits or came without losses, or else JPEG."""
    as_png = whole.lossless or whole.samples.dtype == np.uint16
    path, other = (folder / name for name in (reversed(FULL) if as_png else FULL))
    with replacing(path) as temporary:
        if as_png:
            temporary.write_bytes(png_of(whole))
        else:
            options = {"icc_profile": whole.profile} if whole.profile else {}
            Image.fromarray(whole.samples).save(temporary, "JPEG", quality=QUALITY, subsampling=0, **options)
    other.unlink(missing_ok=True)
    return path


def png_of(whole: Whole) -> bytes:
    """A PNG of 8 or 16 bits with the colour profile."""
    done, encoded = cv2.imencode(".png", whole.samples[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 3])
    if not done:
        raise UnreadableFile(decoding.DAMAGED)
    data = encoded.tobytes()
    if not whole.profile:
        return data
    body = b"iCCP" + b"profile\0\0" + zlib.compress(whole.profile)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + chunk + data[33:]  # after the signature and IHDR
