"""What digital cameras wrote into JPEGs before EXIF: the APP12 "picture info" of the nineties, and Canon's CIFF."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from media.metadata.fields import Layer, Moment, decode, text
from media.metadata.formats.tags import positive

MAX_HEAD = 1 << 17  # bytes; the segments lie before the picture
MAX_ENTRIES = 200
MAX_DEPTH = 4
# CIFF's tags; the highest bits say how the value is stored.
CIFF_MAKE_MODEL, CIFF_TIME, CIFF_EXPOSURE = 0x080A, 0x180E, 0x1818
CIFF_IN_PLACE, CIFF_FOLDERS = 0x4000, (0x2800, 0x3000)
_PAIR = re.compile(r"^\s*([A-Za-z][\w ]*?)\s*=\s*(.*?)\s*$", re.MULTILINE)


def interpret(path: Path) -> Layer:
    """The layer of a JPEG without EXIF; empty for any other file."""
    layer = Layer("maker")
    with path.open("rb") as file:
        head = file.read(MAX_HEAD)
    for marker, segment in _segments(head):
        if marker == 0xEC and b"[picture info]" in segment[:64].lower():
            _read_picture_info(decode(segment), layer)
        elif marker == 0xE0 and segment[6:14] == b"HEAPJPGM" and segment[:2] in (b"II", b"MM"):
            order = "<" if segment[:2] == b"II" else ">"
            _read_ciff(segment[struct.unpack_from(order + "I", segment, 2)[0] :], order, layer, 0)
    return layer


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 2
    while data.startswith(b"\xff\xd8") and position + 4 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == 0xDA or length < 2:
            return
        yield marker, data[position + 4 : position + 2 + length]
        position += 2 + length


def _read_picture_info(segment: str, layer: Layer) -> None:
    values = {name.lower(): value for name, value in _PAIR.findall(segment)}
    layer.raw.update({f"PictureInfo.{name}": value for name, value in values.items()})
    _put_time(positive(values.get("timedate")), layer)
    shutter = positive(values.get("shutter"))  # microseconds
    layer.put("exposure", shutter / 1_000_000 if shutter else None)
    layer.put("aperture", positive((values.get("fnumber") or "").lstrip("Ff")))
    layer.put("camera_model", text(values.get("type")))
    flash = positive(values.get("flash"))
    layer.put("flash", True if flash else None)


def _put_time(seconds: float | None, layer: Layer) -> None:
    # Seconds since 1970 of a clock without a zone: local time.
    if seconds and seconds < 2**32:
        layer.moments.append(Moment("maker", local=datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)))


def _read_ciff(heap: bytes, order: str, layer: Layer, depth: int) -> None:
    """A heap: values first, then the directory, whose position is in the last four bytes."""
    if len(heap) < 6 or depth > MAX_DEPTH:
        return
    start = struct.unpack_from(order + "I", heap, len(heap) - 4)[0]
    if start + 2 > len(heap):
        return
    count = struct.unpack_from(order + "H", heap, start)[0]
    for index in range(min(count, MAX_ENTRIES, (len(heap) - start - 2) // 10)):
        tag, length, offset = struct.unpack_from(order + "HII", heap, start + 2 + 10 * index)
        if tag & CIFF_IN_PLACE:
            continue
        value = heap[offset : offset + length]
        if tag & 0x3800 in CIFF_FOLDERS:
            _read_ciff(value, order, layer, depth + 1)
        elif tag == CIFF_MAKE_MODEL:
            make, _, model = value.rstrip(b"\0").partition(b"\0")
            layer.put("camera_make", text(decode(make)))
            layer.put("camera_model", text(decode(model)))
        elif tag == CIFF_TIME and length >= 4:
            _put_time(struct.unpack_from(order + "I", value)[0] if len(value) >= 4 else None, layer)
        elif tag == CIFF_EXPOSURE and len(value) >= 12:
            _, shutter, aperture = struct.unpack_from(order + "3f", value)
            layer.put("exposure", 2**-shutter if -16 < shutter < 24 else None)
            layer.put("aperture", round(2 ** (aperture / 2), 2) if 0 < aperture < 20 else None)
