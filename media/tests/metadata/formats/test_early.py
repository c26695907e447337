import struct
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from media.metadata.reading import read


def with_segment(path: Path, marker: int, content: bytes) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + data[2:])
    return path


def test_picture_info(make_jpeg: Callable[..., Path]) -> None:
    info = b"OLYMPUS OPTICAL\0[picture info]\r\nTimeDate=909698819\r\nShutter=33363\r\nFNumber=F2.8\r\nType=SR55\r\n"
    found = read(with_segment(make_jpeg(), 0xEC, info), "image/jpeg")
    assert (found.taken_local, found.taken_source) == (datetime(1998, 10, 29, 22, 6, 59), "maker")
    assert (found.exposure, found.aperture, found.camera_model) == (0.033363, 2.8, "SR55")


def test_ciff(make_jpeg: Callable[..., Path]) -> None:
    values = struct.pack("<IiI", 972687386, 0, 0) + b"Canon\0Canon PowerShot A5\0" + struct.pack("<3f", 0.0, 5.0, 4.0)
    directory = struct.pack("<H", 3)
    for tag, offset, length in ((0x180E, 0, 12), (0x080A, 12, 25), (0x1818, 37, 12)):
        directory += struct.pack("<HII", tag, length, offset)
    heap = values + directory + struct.pack("<I", len(values))
    segment = b"II" + struct.pack("<I", 26) + b"HEAPJPGM" + b"\0" * 12 + heap
    found = read(with_segment(make_jpeg(), 0xE0, segment), "image/jpeg")
    assert (found.camera_make, found.camera_model) == ("Canon", "Canon PowerShot A5")
    assert (found.exposure, found.aperture, found.taken_local) == (1 / 32, 4.0, datetime(2000, 10, 27, 22, 56, 26))


def test_a_heap_that_contains_itself_ends(make_jpeg: Callable[..., Path]) -> None:
    heap = struct.pack("<H", 1) + struct.pack("<HII", 0x2804, 16, 0) + struct.pack("<I", 0)
    segment = b"II" + struct.pack("<I", 26) + b"HEAPJPGM" + b"\0" * 12 + heap
    assert read(with_segment(make_jpeg(), 0xE0, segment), "image/jpeg").camera_make is None
