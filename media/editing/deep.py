"""Originals of more than eight bits, for editing: samples of sixteen bits in the picture's own colour space.

Pillow has no RGB of sixteen bits. OpenCV reads PNG and TIFF, libheif HEIC, libavif AVIF, libjxl JPEG XL, LibRaw what
a sensor saw. What they cannot read as RGB of more than eight bits has a simpler way (media/editing/originals.py).
"""

import re
from pathlib import Path
from typing import Any

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray

from media import decoding, mediatypes
from media.mediatypes import RAW_MIMES
from media.pixels import colour, icc, profiles
from media.sandbox import UnreadableFile

DEEP = frozenset(
    {"image/png", "image/tiff", "image/heic", "image/heif", "image/avif", "image/jxl"},
)
UPRIGHT = frozenset({"image/heic", "image/jxl"})  # their decoders turn them
UNUSUAL = 0.1  # of the signal: curves that are further from sRGB's are of HDR, or of linear light
_HEAD_BYTES = 1 << 20

Samples = NDArray[Any]


def read(path: Path, mime: str) -> tuple[Samples, bytes | None, int] | None:
    """The samples, the profile, and EXIF's orientation of a picture of more than eight bits. None for others."""
    if mime in RAW_MIMES:
        developed = decoding.deep_raw(path)
        return None if developed is None else (developed, None, 1)
    try:
        with decoding.in_words(), decoding.open_image(path, mime) as image:
            profile = profiles.profile_of(image, path, mime)
            orientation = 1 if mime in UPRIGHT else decoding.orientation_of(image)
    except UnreadableFile:
        if mime == "image/tiff":  # of floats, for example: Pillow opens fewer kinds than decoding does
            return None
        raise
    if profile and not icc.is_rgb(profile):
        return None
    samples = _samples(path, mime)
    fits = samples is not None and samples.dtype == np.uint16 and samples.ndim == 3 and samples.shape[2] == 3
    if samples is None or not fits or samples.size > decoding.MAX_PIXELS * 3:
        return None
    return (*in_usual_curve(samples, profile), orientation)


def _samples(path: Path, mime: str) -> Samples | None:
    if mime.startswith("image/hei"):
        return decoding.deep_heif(path)
    if mime == "image/avif":
        return _of_avif(path)
    if mime == "image/jxl":
        return _decoded(imagecodecs.jpegxl_decode, path)
    return _of_opencv(path)


def _decoded(decode: Any, path: Path) -> Samples | None:
    """What a function of imagecodecs makes of the file. None if it cannot read it."""
    try:
        return decode(path.read_bytes())
    except (RuntimeError, ValueError, MemoryError):  # those of imagecodecs are RuntimeErrors
        return None


def _of_avif(path: Path) -> Samples | None:
    """An AVIF of ten or twelve bits, which libavif leaves in that range. It is not turned yet."""
    bits = _bits_of_avif(path)
    samples = _decoded(imagecodecs.avif_decode, path) if bits > 8 else None
    if samples is None or samples.dtype != np.uint16:
        return None
    most = (1 << bits) - 1
    spread = (np.arange(most + 1, dtype="u4") * 65535 + most // 2) // most
    return spread.astype("u2")[samples.clip(0, most)]


def _bits_of_avif(path: Path) -> int:
    """The bits of a channel, from the first AV1 configuration (av1C)."""
    with path.open("rb") as file:
        found = re.search(rb"av1C\x81.(.)", file.read(_HEAD_BYTES), re.S)
    flags = found[1][0] if found else 0
    return (12 if flags & 0x20 else 10) if flags & 0x40 else 8


def _of_opencv(path: Path) -> Samples | None:
    with path.open("rb") as file:
        if (mediatypes.bits_a_channel(file.read(65536)) or 16) <= 8:
            return None
    flags = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    samples = cv2.imdecode(np.fromfile(path, "u1"), flags)
    return samples[..., ::-1] if samples is not None and samples.ndim == 3 and samples.shape[2] == 3 else None


def in_usual_curve(samples: Samples, profile: bytes | None) -> tuple[Samples, bytes | None]:
    """The samples with sRGB's curve, if theirs is that of HDR or linear light; and the profile that says so.

    Light and colour are edited in the signal, and a signal like that of the thumbnails makes what the editor's preview
    shows. The primaries stay: a wide gamut is kept.
    """
    curve = icc.curve_of(profile) if profile else None
    usual = icc.with_curve(profile, colour.srgb_light) if profile and curve is not None else None
    if curve is None or usual is None:
        return samples, profile
    signal = np.linspace(0, 1, 65536)
    wanted = colour.srgb_signal(curve(signal))
    if np.abs(wanted - signal).max() <= UNUSUAL:
        return samples, profile
    return (wanted.clip(0, 1) * 65535 + 0.5).astype("u2")[samples], usual
