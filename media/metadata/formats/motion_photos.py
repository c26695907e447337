"""The short video inside a motion photo: its position in the file."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO

from media.metadata.formats import bmff
from media.metadata.formats.tags import number

MAX_DIRECTORY = 64  # entries
SAMSUNG_VIDEO = 0x0A30  # "MotionPhoto_Data" in Samsung's trailer


def find_video(path: Path, mime: str, properties: dict[str, Any]) -> dict[str, int] | None:
    """Offset and length in bytes of the embedded video; None if there is none, or if no MP4 begins there."""
    size = path.stat().st_size
    with path.open("rb") as file:
        candidates = [_from_box(file, size)] if mime in ("image/heic", "image/heif", "image/avif") else []
        candidates += [_from_xmp(properties, size), _from_samsung(file, size)]
        for offset, length in filter(None, candidates):
            if 0 < offset < size and 0 < length <= size - offset:
                file.seek(offset + 4)
                if file.read(4) == b"ftyp":
                    return {"offset": offset, "length": length}
    return None


def _from_box(file: BinaryIO, size: int) -> tuple[int, int] | None:
    box = bmff.find(file, bmff.Box(b"", 0, size), b"mpvd")
    return (box.start, box.end - box.start) if box else None


def _from_xmp(properties: dict[str, Any], size: int) -> tuple[int, int] | None:
    legacy = _integer(properties.get("GCamera:MicroVideoOffset"))
    if legacy:
        return size - legacy, legacy
    directory = properties.get("Container:Directory")
    items = [_item(entry) for entry in directory] if isinstance(directory, list) else []
    after = 0  # items are at the end of the file, one after the other
    for item in reversed(items[:MAX_DIRECTORY]):
        length = _integer(item.get("Item:Length"))
        if item.get("Item:Semantic") == "MotionPhoto":
            return size - after - length, length
        after += length
    return None


def _item(entry: object) -> dict[str, Any]:
    inner = entry.get("Container:Item", entry) if isinstance(entry, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _integer(value: object) -> int:
    found = number(value) if isinstance(value, str) else None
    return int(found) if found and found > 0 else 0


def _from_samsung(file: BinaryIO, size: int) -> tuple[int, int] | None:
    file.seek(max(size - 8, 0))
    tail = file.read(8)
    if tail[4:] != b"SEFT":
        return None
    start = size - 8 - struct.unpack("<I", tail[:4])[0]
    if start < 0:
        return None
    file.seek(start)
    directory = file.read(12 + 12 * MAX_DIRECTORY)
    if not directory.startswith(b"SEFH") or len(directory) < 12:
        return None
    count = struct.unpack_from("<I", directory, 8)[0]
    for index in range(min(count, MAX_DIRECTORY, (len(directory) - 12) // 12)):
        _, kind, back, length = struct.unpack_from("<HHII", directory, 12 + 12 * index)
        if kind == SAMSUNG_VIDEO and start - back >= 0:
            file.seek(start - back)
            head = file.read(8)
            name = struct.unpack("<I", head[4:])[0] if len(head) == 8 else 0
            return start - back + 8 + name, length - 8 - name
    return None
