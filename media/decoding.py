"""Decoding stills of all formats into upright 8-bit sRGB images, within limits.

Run this in a sandbox (media/sandbox.py): the files are untrusted. Pillow reads most formats, with plugins for HEIC and
JPEG XL. LibRaw reads raw files.
"""

import io
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401 - registers its plugin
import rawpy
from PIL import Image, UnidentifiedImageError

from media import mediatypes
from media.mediatypes import RAW_MIMES
from media.pixels import colour, depth, profiles, tiff
from media.sandbox import UnreadableFile
from media.sentences import english
from media.turns import UPRIGHT

pillow_heif.register_heif_opener()

MAX_BYTES = 1 << 30
MAX_PIXELS = 200_000_000
MAX_JPEG_PIXELS = 800_000_000  # a JPEG can be decoded at an eighth of its size, which saves memory
# Pillow raises an error at twice this number, and only warns below.
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS // 2

GONE = english("The file is no longer where it was.")
FORBIDDEN = english("Mirage is not allowed to read this file.")
DISK_ERROR = english("The disk reports an error for this file.")
EMPTY = english("The file is empty.")
CUT_SHORT = english("The file is incomplete: part of it is missing.")
NOT_WHAT_IT_SAYS = english("This is not a picture, although it is named like one.")
DAMAGED = english("The picture is damaged and cannot be shown.")
TOO_MANY_BYTES = english("The file is larger than the 1 GB allowed for a picture.")
NO_RAW = english("Mirage cannot read this camera's raw files yet, and this one has no preview.")

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    "image/avif": "AVIF",
    "image/jxl": "JXL",
    "image/tiff": "TIFF",
    "image/jp2": "JPEG2000",
    "image/vnd.adobe.photoshop": "PSD",
}
# The errors that Pillow and its plugins raise for broken files.
DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, EOFError, AttributeError,
    struct.error, rawpy.LibRawError,
)  # fmt: skip

_LIBRAW_FLIPS = {3: 3, 5: 8, 6: 6}  # LibRaw's sizes.flip to EXIF's orientation


@dataclass(frozen=True, slots=True)
class Decoded:
    """An upright picture in sRGB, mode RGB. `width` and `height` are those of the upright picture in full size."""

    image: Image.Image
    width: int
    height: int


def open_upright(path: Path, mime: str, fit: int | None = None) -> Image.Image:
    """The picture upright, in sRGB, mode RGB, on white if it is transparent. Of several frames, the first.

    With `fit`, it is scaled down so that its longer side is at most that many pixels. For a raw file, it is the
    camera's own preview if that is large enough. Raises UnreadableFile.
    """
    return decode(path, mime, fit).image


def decode(path: Path, mime: str, fit: int | None = None) -> Decoded:
    """Like open_upright, with the size of the full-size picture."""
    with in_words():
        size = path.stat().st_size
        if size == 0:
            raise UnreadableFile(EMPTY)
        if size > MAX_BYTES:
            raise UnreadableFile(TOO_MANY_BYTES)
        if mime in RAW_MIMES:
            return _decode_raw(path, fit)
        if mime == "image/tiff" and (read := _read_tiff(path)):
            return _finish(read.image, fit, read.profile, read.orientation)
        with open_image(path, mime) as image:
            return _finish(image, fit, profiles.profile_of(image, path, mime))


def _read_tiff(path: Path) -> tiff.Read | None:
    """A TIFF of a kind that Pillow reads wrongly. None for other kinds. Raises UnreadableFile."""
    with tiff.first_page(path) as page:
        if page is None or tiff.is_for_pillow(page):
            return None
        if page.imagewidth * page.imagelength > MAX_PIXELS:
            raise UnreadableFile(_too_many_pixels(MAX_PIXELS))
        return tiff.read(page)


def turned(decoded: Decoded, turn: int) -> Decoded:
    """The picture turned by another EXIF orientation."""
    if turn == 1:
        return decoded
    size = (decoded.height, decoded.width) if turn >= 5 else (decoded.width, decoded.height)
    return Decoded(decoded.image.transpose(UPRIGHT[turn]), *size)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn the errors of decoders into UnreadableFile."""
    try:
        yield
    except UnreadableFile:
        raise
    except FileNotFoundError as problem:
        raise UnreadableFile(GONE) from problem
    except PermissionError as problem:
        raise UnreadableFile(FORBIDDEN) from problem
    except Image.DecompressionBombError as problem:
        raise UnreadableFile(_too_many_pixels(MAX_PIXELS)) from problem
    except UnidentifiedImageError as problem:
        raise UnreadableFile(NOT_WHAT_IT_SAYS) from problem
    except DECODER_ERRORS as problem:
        raise UnreadableFile(_reason(problem)) from problem


def _reason(problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.errno is not None:
        return DISK_ERROR
    if isinstance(problem, EOFError) or re.search(r"truncat|too short|end of file|end-of-file", str(problem), re.I):
        return CUT_SHORT
    return DAMAGED


def _too_many_pixels(limit: int) -> str:
    return english("The picture is larger than the %(limit)s megapixels allowed.", limit=limit // 1_000_000)


def open_image(path: Path, mime: str) -> Image.Image:
    """Open the picture with the decoder for its type, without decoding it. Raises UnreadableFile if it is too large."""
    if mime not in _FORMATS:
        raise UnreadableFile(NOT_WHAT_IT_SAYS)
    try:
        image = Image.open(path, formats=(_FORMATS[mime],))
    except UnidentifiedImageError as problem:
        raise UnreadableFile(_why_unidentified(path, mime)) from problem
    limit = MAX_JPEG_PIXELS if mime == "image/jpeg" else MAX_PIXELS
    if image.width * image.height > limit:
        raise UnreadableFile(_too_many_pixels(limit))
    return image


def _why_unidentified(path: Path, mime: str) -> str:
    """Why Pillow cannot identify the file: too many bits, a broken header, or another type than the name says."""
    with path.open("rb") as file:
        head = file.read(65536)
    if (bits := mediatypes.bits_a_channel(head)) and bits > 8:
        return english(
            "This %(format)s file has %(bits)s bits per channel, which Mirage cannot show yet.",
            format=_FORMATS[mime],
            bits=bits,
        )
    accepts = Image.OPEN[_FORMATS[mime]][1]
    return DAMAGED if accepts and accepts(head[:32]) is True else NOT_WHAT_IT_SAYS


def orientation_of(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8. Broken EXIF counts as 1."""
    if image.format == "JXL" and not getattr(image, "jpeg", False):
        return 1  # libjxl has already turned it, unless it restored a JPEG
    try:
        value = image.getexif().get(0x0112, 1)
    except DECODER_ERRORS:
        return 1
    return value if value in UPRIGHT else 1


def _finish(image: Image.Image, fit: int | None, profile: bytes | None, orientation: int | None = None) -> Decoded:
    """Scale first, so that converting colours and turning is faster. `orientation` is by default EXIF's."""
    width, height = image.size
    if image.format in ("JPEG", "MPO"):
        _draft(image, fit)
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableFile(_too_many_pixels(MAX_PIXELS))
    image.load()  # before reading EXIF: a PNG's comes after the pixels, and a second load would hide damage
    orientation = orientation or orientation_of(image)
    image = plain(image)
    if fit is not None:
        image = shrink(image, scaled((width, height), fit))
    image = colour.to_srgb(on_white(image), profile)
    if orientation != 1:
        image = image.transpose(UPRIGHT[orientation])
    if orientation >= 5:
        width, height = height, width
    image.info = {}  # Pillow would write the profile and comments in it
    return Decoded(image, width, height)


def _draft(image: Image.Image, fit: int | None) -> None:
    """Let libjpeg scale while decoding. It needs a size with the picture's aspect ratio."""
    mode = "L" if image.mode == "L" else "RGB" if image.mode in ("RGB", "YCbCr") else None
    image.draft(mode, scaled(image.size, fit or max(image.size)))


def scaled(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """The size scaled down so that the longer side is at most `long_side`."""
    factor = min(1.0, long_side / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def shrink(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Resize with a box filter to at least twice the size, then with Lanczos."""
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def deep_heif(path: Path) -> np.ndarray | None:
    """A HEIC of ten or twelve bits, upright, in sixteen bits. None for others, and if it cannot be read."""
    try:
        file = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
        samples = np.asarray(file) if ";16" in file.mode else None
    except DECODER_ERRORS:
        return None
    return samples if samples is not None and samples.ndim == 3 and samples.shape[2] == 3 else None


def deep_raw(path: Path) -> np.ndarray | None:
    """A raw file developed by LibRaw, upright, in sixteen bits of sRGB. None if thumbnails show the camera's preview.

    Then an edit begins with that preview: nobody's picture may look otherwise once it is edited.
    """
    with in_words():
        try:
            with rawpy.imread(str(path)) as raw:
                if raw.sizes.width * raw.sizes.height > MAX_PIXELS:
                    raise UnreadableFile(_too_many_pixels(MAX_PIXELS))
                needed = min(1600, max(raw.sizes.width, raw.sizes.height))
                if _raw_preview(raw, path, 1, needed, needed):
                    return None
                return raw.postprocess(use_camera_wb=True, output_bps=16)
        except (rawpy.LibRawFileUnsupportedError, rawpy.LibRawIOError):
            return None  # the simpler way says why


def plain(image: Image.Image) -> Image.Image:
    """Convert to 8 bits per channel, in mode L, RGB, CMYK, LAB or one with transparency."""
    if image.mode in ("L", "RGB", "CMYK", "LAB"):
        return image.convert("RGBA") if "transparency" in image.info and image.mode in ("L", "RGB") else image
    if image.mode in ("RGBA", "LA"):
        return image
    if image.mode == "F" or image.mode.startswith("I"):
        return _eight_bits(image)
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("RGBA" if image.mode == "RGBa" else "LA" if image.mode == "La" else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    samples = np.asarray(image)
    return Image.fromarray(depth.eight_bits(samples, depth.span_of(samples, 8 * samples.itemsize)))


def on_white(image: Image.Image) -> Image.Image:
    """Lay a transparent picture on white. Other modes stay as they are."""
    if image.mode not in ("RGBA", "LA"):
        return image
    opaque = image.mode[:-1]
    if image.getchannel("A").getextrema()[0] == 255:
        return image.convert(opaque)
    white = Image.new(opaque, image.size, "white")
    white.paste(image.convert(opaque), mask=image.getchannel("A"))
    return white


def _decode_raw(path: Path, fit: int | None) -> Decoded:
    """The camera's preview if it is large enough, or else LibRaw's picture at half size."""
    try:
        with rawpy.imread(str(path)) as raw:
            sizes = raw.sizes
            if sizes.width * sizes.height > MAX_PIXELS:
                raise UnreadableFile(_too_many_pixels(MAX_PIXELS))
            orientation = _LIBRAW_FLIPS.get(sizes.flip, 1)
            whole = (sizes.height, sizes.width) if orientation >= 5 else (sizes.width, sizes.height)
            image = _raw_preview(raw, path, orientation, min(fit or 1600, max(whole)), fit) or _develop(raw, fit)
    except rawpy.LibRawFileUnsupportedError as problem:
        raise UnreadableFile(NO_RAW) from problem
    except rawpy.LibRawIOError as problem:
        raise UnreadableFile(CUT_SHORT) from problem
    return Decoded(image, *whole)


def _raw_preview(raw: rawpy.RawPy, path: Path, orientation: int, needed: int, fit: int | None) -> Image.Image | None:
    """The embedded preview, if it can be read and its longer side has enough pixels."""
    try:
        thumb = raw.extract_thumb().data  # a JPEG, or the pixels as an array
        image = Image.open(io.BytesIO(thumb), formats=("JPEG",)) if isinstance(thumb, bytes) else Image.fromarray(thumb)
        if max(image.size) < needed * 0.95:  # previews lack some pixels at the edges
            return None
        if (image.width > image.height) != (raw.sizes.width > raw.sizes.height):
            orientation = 1  # the camera has already turned the preview; LibRaw wrote its EXIF
        return _finish(image, fit, profiles.of_raw_preview(image, path), orientation).image
    except DECODER_ERRORS:
        return None


def _develop(raw: rawpy.RawPy, fit: int | None) -> Image.Image:
    """Develop with LibRaw, which also turns the picture upright."""
    image = Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8))
    return image if fit is None else shrink(image, scaled(image.size, fit))
