"""The primary picture of HEIC, HEIF and AVIF files: size, transformations, and its own EXIF and XMP among several."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from media.metadata.formats import bmff
from media.metadata.formats.bmff import Box

MAX_ITEMS = 10_000
EXIF, XMP = b"Exif", b"mime"  # the types of items that describe others


@dataclass
class Item:
    """A picture: its size before transformations, these as an EXIF orientation, its EXIF block and XMP packet."""

    width: int | None = None
    height: int | None = None
    orientation: int = 1
    exif: bytes = b""  # a TIFF file
    xmp: bytes = b""
    transforms: list[tuple[bytes, int]] = field(default_factory=list)


def read_item(path: Path) -> Item:
    """What the boxes of a HEIF file say about its primary picture; an empty item if there are none."""
    item = Item()
    with path.open("rb") as file:
        meta = bmff.find(file, bmff.whole(file), b"meta")
        if not meta:
            return item
        parts = {box.kind: box for box in bmff.children(file, meta.start + 4, meta.end)}  # after version and flags
        if b"pitm" not in parts:
            return item
        version, *_ = fields = bmff.content(file, parts[b"pitm"]) or b"\0"
        number = int.from_bytes(fields[4 : 6 if version == 0 else 8], "big")
        shared = bmff.find(file, meta._replace(start=meta.start + 4), b"iprp", b"ipco")
        links = bmff.find(file, meta._replace(start=meta.start + 4), b"iprp", b"ipma")
        if shared and links:
            properties = list(bmff.children(file, shared.start, shared.end))
            for index in _property_indexes(bmff.content(file, links), number):
                if 0 < index <= len(properties):
                    _apply(item, properties[index - 1].kind, bmff.content(file, properties[index - 1]))
        item.xmp = _read_described(file, parts, number, XMP)
        block = _read_described(file, parts, number, EXIF)
        item.exif = block[4 + int.from_bytes(block[:4], "big") :]  # the first number is the offset of its beginning
    item.orientation = _as_orientation(item.transforms)
    return item


def _read_described(file: BinaryIO, parts: dict[bytes, Box], primary: int, kind: bytes) -> bytes:
    """The item of this kind that describes the primary picture: a depth or gain map has its own."""
    if not {b"iinf", b"iloc"} <= parts.keys():
        return b""
    items = _items_of(file, parts[b"iinf"], kind)
    described = _described(file, parts[b"iref"]) if b"iref" in parts else {}
    wanted = [number for number in items if primary in described.get(number, (primary,))]
    if not wanted:
        return b""
    offset, length = _location(bmff.content(file, parts[b"iloc"]), wanted[0])
    return bmff.content(file, Box(b"", offset, offset + length))


def _items_of(file: BinaryIO, info: Box, kind: bytes) -> list[int]:
    version = bmff.content(file, info._replace(end=info.start + 1))
    found = []
    for entry in bmff.children(file, info.start + (6 if version == b"\0" else 8), info.end):
        fields = bmff.content(file, entry)
        wide = 4 if fields[:1] == b"\3" else 2
        if fields[4 + wide + 2 : 4 + wide + 6] == kind and (kind == EXIF or b"application/rdf+xml" in fields):
            found.append(int.from_bytes(fields[4 : 4 + wide], "big"))
    return found


def _described(file: BinaryIO, references: Box) -> dict[int, tuple[int, ...]]:
    """Item number -> the pictures it describes."""
    wide = 4 if bmff.content(file, references._replace(end=references.start + 1)) == b"\1" else 2
    found = {}
    for box in bmff.children(file, references.start + 4, references.end):
        fields = bmff.content(file, box)
        numbers = [int.from_bytes(fields[i : i + wide], "big") for i in range(wide + 2, len(fields), wide)]
        if box.kind == b"cdsc":
            found[int.from_bytes(fields[:wide], "big")] = tuple(numbers[:MAX_ITEMS])
    return found


def _location(table: bytes, wanted: int) -> tuple[int, int]:
    """Offset and length of an item that is stored in one piece; (0, 0) for any other."""
    if len(table) < 8:
        return 0, 0
    version, offset_size, length_size, base_size = table[0], table[4] >> 4, table[4] & 15, table[5] >> 4
    index_size = table[5] & 15 if version else 0
    number_size = 2 if version < 2 else 4
    position = 6

    def take(size: int) -> int:
        nonlocal position
        position += size
        return int.from_bytes(table[position - size : position], "big")

    for _ in range(min(take(number_size), MAX_ITEMS)):
        number = take(number_size)
        method = take(2) & 15 if version else 0
        take(2)  # which file: always this one
        base, extents = take(base_size), take(2)
        if position > len(table):
            break
        if number == wanted:
            take(index_size)
            offset, length = base + take(offset_size), take(length_size)
            return (offset, length) if method == 0 and extents == 1 else (0, 0)
        position += extents * (index_size + offset_size + length_size)
    return 0, 0


def _property_indexes(table: bytes, number: int) -> list[int]:
    version, wide = table[0], table[3] & 1
    id_size, index_size = (4 if version else 2), (2 if wide else 1)
    position = 8
    for _ in range(int.from_bytes(table[4:8], "big")):
        if position + id_size >= len(table):
            break
        item, count = int.from_bytes(table[position : position + id_size], "big"), table[position + id_size]
        position += id_size + 1
        if item == number:
            entries = (table[position + i * index_size : position + (i + 1) * index_size] for i in range(count))
            return [int.from_bytes(entry, "big") & (0x7FFF if wide else 0x7F) for entry in entries]
        position += count * index_size
    return []


def _apply(item: Item, kind: bytes, fields: bytes) -> None:
    if kind == b"ispe" and len(fields) >= 12:
        item.width, item.height = struct.unpack_from(">II", fields, 4)
    elif kind in (b"irot", b"imir") and fields:
        item.transforms.append((kind, fields[0]))


def _as_orientation(transforms: list[tuple[bytes, int]]) -> int:
    # Where the stored top left and top right corners are, as (right, bottom) of the upright picture.
    corners = [(0, 0), (1, 0)]
    for kind, value in transforms:
        if kind == b"imir":  # 0 changes top and bottom, 1 left and right, as libheif reads it
            corners = [(x, 1 - y) for x, y in corners] if value & 1 == 0 else [(1 - x, y) for x, y in corners]
        else:
            for _ in range(value & 3):  # quarter turns anticlockwise
                corners = [(y, 1 - x) for x, y in corners]
    return {
        ((0, 0), (1, 0)): 1,
        ((1, 0), (0, 0)): 2,
        ((1, 1), (0, 1)): 3,
        ((0, 1), (1, 1)): 4,
        ((0, 0), (0, 1)): 5,
        ((1, 0), (1, 1)): 6,
        ((1, 1), (1, 0)): 7,
        ((0, 1), (0, 0)): 8,
    }[corners[0], corners[1]]
