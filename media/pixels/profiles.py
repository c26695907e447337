"""The colour profile of a still: its ICC profile, or one made from what its format says instead."""

import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from media.pixels import colour

_EXIF_COLOUR_SPACE, _INTEROPERABILITY_INDEX = 0xA001, 0x0001
# The errors that Pillow raises for broken EXIF.
_BROKEN_EXIF = (OSError, SyntaxError, ValueError, TypeError, LookupError, RuntimeError, struct.error)
_ADOBE_RGB = 2  # not in a standard, but some cameras write it as the colour space
_HEAD_BYTES = 1 << 20  # in which AVIF and JPEG 2000 have their colour boxes
_MOST_CHUNKS = 1000


def profile_of(image: Image.Image, path: Path, mime: str) -> bytes | None:
    """The ICC profile of an opened picture, or one made from its format's own colour data. None for sRGB."""
    if mime == "image/png":
        return _of_png(image, path)
    if profile := image.info.get("icc_profile"):
        return profile
    if nclx := image.info.get("nclx_profile"):
        return colour.profile_of(nclx["color_primaries"], nclx["transfer_characteristics"])
    if mime == "image/avif":
        return _of_code_points(path)
    if mime == "image/jp2":
        return _of_jpeg_2000(path)
    return colour.adobe_rgb() if is_adobe_rgb(image.getexif()) else None


def of_raw_preview(preview: Image.Image, path: Path) -> bytes | None:
    """Like profile_of, for the preview in a raw file, which has the camera's colour setting."""
    if profile := preview.info.get("icc_profile"):
        return profile
    return colour.adobe_rgb() if is_adobe_rgb(preview.getexif()) or _says_adobe_rgb(path) else None


def is_adobe_rgb(exif: Image.Exif) -> bool:
    """Whether EXIF says Adobe RGB, by DCF 2.0's interoperability index or by the colour space."""
    try:
        index = exif.get_ifd(0xA005).get(_INTEROPERABILITY_INDEX, "")
        space = exif.get_ifd(0x8769).get(_EXIF_COLOUR_SPACE)
    except _BROKEN_EXIF:
        return False
    index = index.decode("latin-1") if isinstance(index, bytes) else str(index)
    return index.startswith("R03") or (space == _ADOBE_RGB and not index.startswith("R98"))


def _says_adobe_rgb(raw: Path) -> bool:
    """Like is_adobe_rgb, for a raw file with the structure of a TIFF. False for others."""
    exif = Image.Exif()
    with raw.open("rb") as file:
        try:
            exif.load_from_fp(file)
        except _BROKEN_EXIF:
            return False
        return is_adobe_rgb(exif)


def _of_png(image: Image.Image, path: Path) -> bytes | None:
    """From the first of cICP, iCCP, sRGB, or gAMA with cHRM (PNG 3rd edition, 4.3)."""
    chunks = _png_chunks(path)
    codes = chunks.get(b"cICP", b"")
    if len(codes) == 4 and codes[2] == 0:  # RGB, the only value allowed
        return colour.profile_of(codes[0], codes[1], narrow=codes[3] == 0)
    if b"iCCP" in chunks and (profile := image.info.get("icc_profile")):
        return profile
    if b"sRGB" in chunks:
        return None
    gamma, chromaticities = chunks.get(b"gAMA", b""), chunks.get(b"cHRM", b"")
    return colour.profile_of_gamma(
        int.from_bytes(gamma, "big") / 100_000 if len(gamma) == 4 else None,
        tuple(int.from_bytes(chromaticities[at : at + 4], "big") / 100_000 for at in range(0, 32, 4))
        if len(chromaticities) == 32
        else None,
    )


def _png_chunks(path: Path) -> dict[bytes, bytes]:
    """The short chunks before the pixels, the first of each kind. Long ones, such as iCCP, are empty."""
    with path.open("rb") as file:
        file.seek(8)
        return dict(reversed([*_read_chunks(file)]))


def _read_chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    for _ in range(_MOST_CHUNKS):
        head = file.read(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if len(head) < 8 or kind in (b"IDAT", b"IEND"):
            return
        yield kind, file.read(length) if length <= 32 else b""
        file.seek((0 if length <= 32 else length) + 4, io.SEEK_CUR)


def _of_code_points(path: Path) -> bytes | None:
    """AVIF's code points from its `colr` box (ISO/IEC 14496-12, 12.1.5), which Pillow does not read."""
    found = re.search(rb"colrnclx(..)(..)", _head(path), re.S)
    return colour.profile_of(*(int.from_bytes(code, "big") for code in found.groups())) if found else None


def _of_jpeg_2000(path: Path) -> bytes | None:
    """The profile in the `colr` box with method 2 or 3 (ISO/IEC 15444-1, I.5.3.3), which Pillow does not read."""
    head = _head(path)
    found = re.search(rb"colr[\2\3]..", head, re.S)
    if found is None:
        return None
    profile = head[found.end() :]
    return profile[: int.from_bytes(profile[:4], "big")]


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)
