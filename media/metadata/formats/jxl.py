"""Size and orientation of a JPEG XL picture, from the header of its codestream (ISO/IEC 18181-1, D.2 and D.3)."""

from __future__ import annotations

from pathlib import Path

from media.metadata.formats import bmff, heif

HEAD = 64  # bytes: the header is bit-packed into far fewer
RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}


class _Bits:
    """The bits of a byte string, least significant first."""

    def __init__(self, data: bytes) -> None:
        self.value = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        taken = self.value & ((1 << count) - 1)
        self.value >>= count
        return taken


def read_head(path: Path) -> heif.Item:
    """Stored size and orientation; empty if the file is not JPEG XL."""
    item = heif.Item()
    stream = _codestream(path)
    if not stream.startswith(b"\xff\x0a"):
        return item
    bits = _Bits(stream[2:])
    small = bits.take(1)
    height = _length(bits, small)
    ratio = bits.take(3)
    width = height * RATIOS[ratio][0] // RATIOS[ratio][1] if ratio else _length(bits, small)
    item.width, item.height = width, height
    all_default = bits.take(1)
    if not all_default and bits.take(1):  # extra fields
        item.orientation = bits.take(3) + 1
    return item


def _length(bits: _Bits, small: int) -> int:
    if small:
        return (bits.take(5) + 1) * 8
    return bits.take((9, 13, 18, 30)[bits.take(2)]) + 1


def _codestream(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.startswith(b"\xff\x0a"):
            return head
        for box in bmff.children(file, 0, bmff.whole(file).end):
            if box.kind in (b"jxlc", b"jxlp"):
                start = box.start + (4 if box.kind == b"jxlp" else 0)  # a part starts with its number
                return bmff.content(file, bmff.Box(box.kind, start, min(box.end, start + HEAD)))
    return b""
