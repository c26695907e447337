"""TIFFs that Pillow cannot read or reads wrongly: planes with more than 8 bits, floats, signed numbers.

tifffile finds the samples and imagecodecs unpacks them. This module interprets them, and refuses those that it cannot
show correctly.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image
from tifffile import EXTRASAMPLE, PHOTOMETRIC, PLANARCONFIG, SAMPLEFORMAT, TiffPage

from media.pixels import colour, depth
from media.pixels.depth import Samples
from media.sandbox import UnreadableFile
from media.sentences import english

logging.getLogger("tifffile").setLevel(logging.CRITICAL)

CUT_SHORT = english("The file is incomplete: part of it is missing.")

_ORIENTATION = 274
_COLOURS: dict[int, tuple[int, str]] = {  # how many samples of a pixel are its colour, and Pillow's mode
    PHOTOMETRIC.MINISWHITE: (1, "L"),
    PHOTOMETRIC.MINISBLACK: (1, "L"),
    PHOTOMETRIC.RGB: (3, "RGB"),
    PHOTOMETRIC.SEPARATED: (4, "CMYK"),
    PHOTOMETRIC.CIELAB: (3, "LAB"),
}
# Compressions of TIFF 6.0, and those that libtiff adds.
_PILLOW_UNPACKS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 32771, 32773, 32809, 32946, 34676, 34677, 34925, 50000})
_ALPHA = (EXTRASAMPLE.ASSOCALPHA, EXTRASAMPLE.UNASSALPHA)
_UNSIGNED = (SAMPLEFORMAT.UINT, SAMPLEFORMAT.VOID)


@dataclass(frozen=True, slots=True)
class Read:
    """A picture of mode L, RGB, CMYK, LAB or one with transparency, not turned. `orientation` is EXIF's."""

    image: Image.Image
    profile: bytes | None
    orientation: int


@contextmanager
def first_page(path: Path) -> Iterator[TiffPage | None]:
    """The first page of a TIFF, without its samples. None if the structure is broken."""
    try:
        file = tifffile.TiffFile(path)
    except (tifffile.TiffFileError, ValueError, LookupError, TypeError, ArithmeticError):
        yield None
        return
    with file:
        page = file.pages.first
        yield page if isinstance(page, TiffPage) else None


def is_for_pillow(page: TiffPage) -> bool:
    """Whether Pillow reads this kind of TIFF correctly: up to 8 bits per sample, or 16 that are not in planes."""
    planes = page.planarconfig == PLANARCONFIG.SEPARATE and page.samplesperpixel > 1
    if planes or page.sampleformat not in _UNSIGNED or page.compression not in _PILLOW_UNPACKS:
        return False
    samples, grey = page.samplesperpixel, page.photometric == PHOTOMETRIC.MINISBLACK
    if page.bitspersample == 16:
        return samples == 1 if grey else page.photometric == PHOTOMETRIC.RGB and samples <= 4
    return page.bitspersample <= 8 and (samples <= 2 or not grey)


def read(page: TiffPage) -> Read:
    """The picture of a page. Raises UnreadableFile if it cannot be shown correctly."""
    colours, mode = _COLOURS.get(page.photometric, (0, ""))
    if not colours or page.samplesperpixel < colours:
        raise UnreadableFile(_strange_colours(_name(page.photometric)))
    if page.sampleformat not in (*_UNSIGNED, SAMPLEFORMAT.INT, SAMPLEFORMAT.IEEEFP):
        raise UnreadableFile(
            english("This TIFF has samples (%(name)s) that are not a picture.", name=_name(page.sampleformat))
        )
    samples, profile = _samples(page), page.iccprofile
    if mode == "LAB":
        image = _lab(samples[..., :3], page)
    else:
        span = depth.span_of(samples[..., :colours], page.bitspersample)
        linear = profile and mode == "RGB" and samples.dtype.kind == "f" and colour.encoded(profile)
        eight = depth.eight_bits(samples[..., :colours], span, colour.srgb_signal if linear else None)
        image, profile = _with_alpha(eight, samples, page, span, mode), linear or profile
    orientation = page.tags.valueof(_ORIENTATION, 1)
    return Read(image, profile, orientation if orientation in range(1, 9) else 1)


def _samples(page: TiffPage) -> Samples:
    """The samples by row, column and channel. Raises UnreadableFile."""
    try:
        tifffile.TIFF.DECOMPRESSORS[page.compression]
    except KeyError as error:
        raise UnreadableFile(
            english("This TIFF has a compression (%(name)s) that Mirage cannot read yet.", name=_name(page.compression))
        ) from error
    ends = (start + length for start, length in zip(page.dataoffsets, page.databytecounts, strict=False))
    if max(ends, default=0) > page.parent.filehandle.size:
        raise UnreadableFile(CUT_SHORT)
    planes = page.asarray(squeeze=False, maxworkers=1)  # planes, layers, rows, columns, samples
    return np.moveaxis(planes[:, 0, :, :, 0], 0, -1) if len(planes) > 1 else planes[0, 0]


def _with_alpha(
    eight: NDArray[np.uint8], samples: Samples, page: TiffPage, span: tuple[float, float], mode: str
) -> Image.Image:
    """The colours as an image, with transparency if the next sample is alpha."""
    if page.photometric == PHOTOMETRIC.MINISWHITE:
        eight = 255 - eight
    image = Image.fromarray(eight[..., 0] if mode == "L" else eight, mode)
    kinds = page.extrasamples
    if mode == "CMYK" or not kinds or kinds[0] not in _ALPHA:
        return image
    further = samples[..., eight.shape[-1]]
    alpha = Image.fromarray(depth.eight_bits(further, (0, span[1]) if span[1] > span[0] else (0, 1)))
    if kinds[0] == EXTRASAMPLE.ASSOCALPHA:  # the colours are premultiplied
        return Image.fromarray(np.dstack([eight, np.asarray(alpha)]), f"{mode}a").convert(f"{mode}A")
    image.putalpha(alpha)
    return image


def _lab(samples: Samples, page: TiffPage) -> Image.Image:
    """A CIE L*a*b* image for Pillow, with signed a and b (TIFF 6.0, section 23)."""
    if page.bitspersample not in (8, 16) or samples.dtype.kind == "f":
        raise UnreadableFile(_strange_colours(f"CIELAB of {page.bitspersample} bits"))
    eight = samples if page.bitspersample == 8 else samples.view("u2") >> 8
    return Image.frombytes("LAB", eight.shape[1::-1], eight.astype("u1").tobytes())


def _strange_colours(name: str) -> str:
    return english("This TIFF has colours (%(name)s) that Mirage cannot show yet.", name=name)


def _name(value: int) -> str:
    """The standard's name for a tag's value."""
    return getattr(value, "name", str(value))
