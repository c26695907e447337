"""The box structure of MP4, MOV, HEIC, AVIF and JPEG XL: what libraries do not read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

MAX_BOXES = 2_000  # in one container; more is an attack, not a file
MAX_CONTENT = 8 * 1024 * 1024  # bytes of one box read into memory

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


class Box(NamedTuple):
    """A box: its type, and where its content starts and ends in the file."""

    kind: bytes
    start: int
    end: int


SPHERICAL_UUID = bytes.fromhex("ffcc8263f8554a938814587a02521fdd")


@dataclass
class Movie:
    """What the boxes of a video say beyond what FFmpeg reads."""

    rotation: int | None = None  # degrees clockwise
    width: int | None = None  # pixels of the picture as it is played, before rotation
    height: int | None = None
    xmp: bytes = b""
    camera: bytes = b""  # what compact cameras wrote about the shot
    date: bytes = b""  # date taken, as text, where FFmpeg does not look for it
    sony: bytes = b""  # an XML document
    spherical: bool = False  # it was filmed all around


def children(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes between two positions; stops where the structure is broken."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        header = file.read(16)
        if len(header) < 8:
            return
        size, kind = struct.unpack(">I4s", header[:8])
        content = start + 8
        if size == 1 and len(header) == 16:
            size, content = struct.unpack(">Q", header[8:])[0], start + 16
        elif size == 0:
            size = end - start
        if size < content - start:
            return
        yield Box(kind, content, min(start + size, end))
        start += size


def find(file: BinaryIO, box: Box, *path: bytes) -> Box | None:
    """The first box with this path of types inside another."""
    for kind in path:
        inner = next((child for child in children(file, box.start, box.end) if child.kind == kind), None)
        if inner is None:
            return None
        box = inner
    return box


def content(file: BinaryIO, box: Box) -> bytes:
    """The bytes of a box, up to the limit."""
    file.seek(box.start)
    return file.read(max(0, min(box.end - box.start, MAX_CONTENT)))


def whole(file: BinaryIO) -> Box:
    """The file as one box."""
    return Box(b"", 0, file.seek(0, 2))


def read_movie(path: Path) -> Movie:
    """Size, rotation and XMP packet of an MP4 or MOV file."""
    movie = Movie()
    with path.open("rb") as file:
        for box in children(file, 0, whole(file).end):
            if box.kind == b"uuid" and content(file, Box(b"", box.start, box.start + 16)) == XMP_UUID:
                movie.xmp = content(file, Box(b"", box.start + 16, box.end))
            elif box.kind == b"moov":
                _read_track(file, box, movie)
                movie.xmp = movie.xmp or _found(file, box, b"udta", b"XMP_")
                movie.camera = _found(file, box, b"udta", b"TAGS")
                movie.date = _found(file, box, b"udta", b"date")
            elif box.kind == b"meta":  # its children follow version and flags
                movie.sony = _found(file, box._replace(start=box.start + 4), b"xml ")[4:]
    return movie


def _found(file: BinaryIO, box: Box, *path: bytes) -> bytes:
    """The bytes of the box with this path; none if there is none."""
    inner = find(file, box, *path)
    return content(file, inner) if inner else b""


def _read_track(file: BinaryIO, moov: Box, movie: Movie) -> None:
    """Read the header of the first video track."""
    for track in children(file, moov.start, moov.end):
        if track.kind != b"trak":
            continue
        handler, header = find(file, track, b"mdia", b"hdlr"), find(file, track, b"tkhd")
        if not handler or not header or content(file, handler)[8:12] != b"vide":
            continue
        fields = content(file, header)
        offset = 52 if fields[:1] == b"\1" else 40  # version 1 has 64-bit times
        if len(fields) < offset + 36:
            return
        movie.spherical = _is_spherical(file, track)
        a, b = struct.unpack_from(">ii", fields, offset)
        movie.rotation = {(1, 0): 0, (0, 1): 90, (-1, 0): 180, (0, -1): 270}.get((_sign(a), _sign(b)))
        if len(fields) >= offset + 44:
            width, height = struct.unpack_from(">II", fields, offset + 36)  # in 65,536ths
            movie.width, movie.height = width >> 16 or None, height >> 16 or None
        return


def _is_spherical(file: BinaryIO, track: Box) -> bool:
    """Whether the track says that it is equirectangular, in either version of Google's Spherical Video RFC."""
    for box in children(file, track.start, track.end):
        if box.kind == b"uuid" and content(file, Box(b"", box.start, box.start + 16)) == SPHERICAL_UUID:
            told = content(file, Box(b"", box.start + 16, box.end)).lower()
            return b"spherical>true" in told and b"equirectangular" in told
    entries = _found(file, track, b"mdia", b"minf", b"stbl", b"stsd")
    return b"sv3d" in entries and b"equi" in entries.partition(b"sv3d")[2]


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
