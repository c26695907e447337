"""Raw EXIF, IPTC and XMP of a still picture, by libexiv2, or by Pillow if libexiv2 fails."""

from __future__ import annotations

import os
import re
import struct
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pyexiv2
from PIL import Image, UnidentifiedImageError

from media.metadata.fields import decode
from media.sentences import english

pyexiv2.set_log_level(4)  # muted: libexiv2 would write to stderr

MAX_SCAN = 16 * 1024 * 1024  # bytes searched for metadata in a file that libexiv2 cannot read
MAX_EXIF = 1 << 16  # bytes of one EXIF block: the maximum of a JPEG segment
EXIF_BLOCK = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
XMP_START, XMP_END = b"<x:xmpmeta", b"</x:xmpmeta>"
MAX_GIF_HEAD = 1 << 20  # bytes before the first picture
GIF_XMP = b"\x21\xff\x0bXMP DataXMP"  # the header of the block; the packet follows unchanged
FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the JPEG segments that have the size


@dataclass
class Still:
    """The tags of a still picture with libexiv2's names, values as its text."""

    exif: dict[str, str] = field(default_factory=dict)
    iptc: dict[str, list[str]] = field(default_factory=dict)
    xmp: bytes = b""
    comment: str = ""  # of a JPEG or GIF
    width: int | None = None
    height: int | None = None
    notes: list[str] = field(default_factory=list)


def read_still(path: Path) -> Still:
    """All tags of a still picture; unreadable ones are missing and noted."""
    still = Still()
    try:
        # Its file names are text in a chosen encoding; Latin-1 passes bytes through, valid UTF-8 or not.
        with pyexiv2.Image(os.fsencode(path).decode("latin-1"), "latin-1") as image:
            _read_image(image, still)
    except RuntimeError as error:
        still.notes.append(english("metadata is damaged: %(reason)s", reason=_reason(error)))
        _search(path, still)
    if not still.width:
        _open_with_pillow(path, still)
    return still


def _read_image(image: pyexiv2.Image, still: Still) -> None:
    # pyexiv2's own read_* methods raise on text that is not UTF-8; the layer below them returns the bytes.
    api = image._exiv2api_image
    for tag in api.read_exif():
        still.exif.setdefault(decode(tag["tag"]), decode(tag["value"]))
    still.width, still.height = _panasonic_size(still.exif) or (api.get_pixel_width(), api.get_pixel_height())
    still.width, still.height = still.width or None, still.height or None
    still.xmp = api.read_raw_xmp()
    still.comment = decode(api.read_comment())
    for tag in api.read_iptc():
        values = tag["value"] if isinstance(tag["value"], list) else [tag["value"]]
        still.iptc.setdefault(decode(tag["tag"]), []).extend(decode(value) for value in values)


def read_gif_packet(path: Path) -> bytes:
    """The XMP packet of a GIF, which libexiv2 does not look for; empty if there is none."""
    with path.open("rb") as file:
        _, head, rest = file.read(MAX_SCAN).partition(GIF_XMP)
    packet, end, _ = rest.partition(XMP_END)
    return packet + end if head and end else b""


def read_gif_comment(path: Path) -> str:
    """The comment of a GIF before its first picture; empty if there is none."""
    with path.open("rb") as file:
        data = file.read(MAX_GIF_HEAD)
    at = 13 + (3 << (data[10] & 7) + 1 if len(data) > 10 and data[10] & 0x80 else 0)  # after the colours
    comment = b""
    while data[at : at + 1] == b"!" and not comment:
        label, at = data[at + 1 : at + 2], at + 2
        while size := int.from_bytes(data[at : at + 1], "big"):
            comment += data[at + 1 : at + 1 + size] if label == b"\xfe" else b""
            at += 1 + size
        at += 1
    return decode(comment)


def _panasonic_size(tags: dict[str, str]) -> tuple[int, int] | None:
    """The borders of the picture on the sensor, from Panasonic's raw files."""
    ends = [tags.get(f"Exif.PanasonicRaw.{name}", "") for name in ("ImageWidth", "ImageHeight")]
    starts = [tags.get(f"Exif.PanasonicRaw.Sensor{name}Border", "") for name in ("Left", "Top")]
    if not all(value.isdecimal() for value in (*starts, *ends)):
        return None
    width, height = (int(end) - int(start) for start, end in zip(starts, ends, strict=True))
    return (width, height) if width > 0 and height > 0 else None


def read_block(block: bytes) -> dict[str, str]:
    """The tags of an EXIF block, which is a TIFF file of its own; empty if it is not one."""
    still = Still()
    try:
        with pyexiv2.ImageData(block[:MAX_EXIF]) as image:
            _read_image(image, still)
    except RuntimeError:
        return {}
    return still.exif


def _search(path: Path, still: Still) -> None:
    """Look for metadata in the bytes of a broken or unknown file: its EXIF block is a TIFF file of its own."""
    with path.open("rb") as file:
        data = file.read(MAX_SCAN)
    block = EXIF_BLOCK.search(data)
    if block:
        try:
            with pyexiv2.ImageData(data[block.end() : block.end() + MAX_EXIF]) as image:
                _read_image(image, still)
        except RuntimeError as error:
            still.notes.append(english("EXIF is damaged: %(reason)s", reason=_reason(error)))
        still.width = still.height = None  # the size of the block, not of the picture
    start = data.find(XMP_START)
    end = data.find(XMP_END, start) if start >= 0 else -1
    if end >= 0:
        still.xmp = data[start : end + len(XMP_END)]
    if data.startswith(b"\xff\xd8"):
        still.width, still.height = _jpeg_size(data)


def _jpeg_size(data: bytes) -> tuple[int | None, int | None]:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        if data[position + 1] in FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width or None, height or None
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    return None, None


def _open_with_pillow(path: Path, still: Still) -> None:
    """The size of a file that libexiv2 does not know; nothing is decoded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as image:
                still.width, still.height = image.size
        # Pillow's readers raise nearly anything on a broken file: SyntaxError, struct.error, KeyError, …
        except Exception as error:  # noqa: BLE001
            still.notes.append(english("size is unknown: %(reason)s", reason=_reason(error)))


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return english("no picture that Mirage knows")
    return str(error).rsplit(": ", 1)[-1][:200] or type(error).__name__
