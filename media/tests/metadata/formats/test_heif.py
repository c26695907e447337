"""The primary picture of a HEIF file among others, from boxes made here."""

import struct
from pathlib import Path

import pytest

from media.metadata.formats import heif
from media.metadata.formats.heif import Item
from media.tests.metadata.formats.test_bmff import box

EXIF_BLOCK = struct.pack(">I", 6) + b"Exif\0\0" + b"MM\0*tiff"
XMP_BLOCK = b"<x:xmpmeta/>"


def full(kind: str, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """A box with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def item(number: int, kind: bytes, words: bytes = b"", version: int = 2) -> bytes:
    head = struct.pack(">IH" if version == 3 else ">HH", number, 0)
    return full("infe", head, kind, b"\0", words, version=version)


def items(*entries: bytes) -> bytes:
    return full("iinf", struct.pack(">H", len(entries)), *entries)


def describes(number: int, *pictures: int, kind: str = "cdsc") -> bytes:
    return box(kind, struct.pack(f">HH{len(pictures)}H", number, len(pictures), *pictures))


def links(*entries: tuple[int, list[int]], wide: bool = False, version: int = 0) -> bytes:
    """Which properties each item has."""
    table = struct.pack(">I", len(entries))
    for number, indexes in entries:
        table += struct.pack(">IB" if version else ">HB", number, len(indexes))
        table += b"".join(struct.pack(">H" if wide else ">B", index) for index in indexes)
    return full("ipma", table, version=version, flags=int(wide))


def locations(*entries: tuple[int, int, int], version: int = 0) -> bytes:
    """Where each item lies: number, offset, length."""
    table = struct.pack(">BBH", 0x44, 0, len(entries))
    for number, offset, length in entries:
        table += struct.pack(">H", number) + (struct.pack(">H", 0) if version else b"")
        table += struct.pack(">HHII", 0, 1, offset, length)
    return full("iloc", table, version=version)


def size(width: int, height: int) -> bytes:
    return full("ispe", struct.pack(">II", width, height))


def read(tmp_path: Path, *inside: bytes, data: bytes = b"") -> Item:
    """The item of a file with this at its start, then the boxes of `meta`."""
    path = tmp_path / "a.heic"
    path.write_bytes(box("free", data) + full("meta", *inside))
    return heif.read_item(path)


PRIMARY = full("pitm", struct.pack(">H", 1))
AT = 8  # where the data of `read` begins


def test_the_size_of_the_primary_picture_not_of_the_first(tmp_path: Path) -> None:
    properties = box("iprp", box("ipco", size(10, 20), size(640, 480)), links((2, [1]), (1, [2])))
    found = read(tmp_path, PRIMARY, properties)
    assert (found.width, found.height, found.orientation) == (640, 480, 1)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("version", [0, 1])
def test_properties_by_numbers_of_any_size(tmp_path: Path, wide: bool, version: int) -> None:
    essential = 0x8000 if wide else 0x80  # the highest bit says only that it must be understood
    table = links((7, [1, 1]), (1, [essential | 2]), wide=wide, version=version)
    assert read(tmp_path, PRIMARY, box("iprp", box("ipco", size(1, 1), size(6, 4)), table)).width == 6


def test_a_primary_picture_of_a_large_number(tmp_path: Path) -> None:
    primary = full("pitm", struct.pack(">I", 70_000), version=1)
    table = links((1, [1]), (70_000, [2]), version=1)
    assert read(tmp_path, primary, box("iprp", box("ipco", size(1, 1), size(6, 4)), table)).width == 6


@pytest.mark.parametrize(
    ("transforms", "orientation"),
    [
        ([], 1),
        ([("irot", 0)], 1),
        ([("irot", 1)], 8),
        ([("irot", 2)], 3),
        ([("irot", 3)], 6),
        ([("imir", 1)], 2),
        ([("imir", 0)], 4),
        ([("irot", 1), ("imir", 1)], 7),
        ([("irot", 3), ("imir", 1)], 5),
        ([("imir", 1), ("irot", 2)], 4),
        ([("irot", 1), ("irot", 1)], 3),
    ],
)
def test_turns_and_mirrors_one_after_the_other(
    tmp_path: Path, transforms: list[tuple[str, int]], orientation: int
) -> None:
    shared = box("ipco", *(box(kind, bytes([value])) for kind, value in transforms))
    numbers = list(range(1, len(transforms) + 1))
    assert read(tmp_path, PRIMARY, box("iprp", shared, links((1, numbers)))).orientation == orientation


@pytest.mark.parametrize("version", [0, 1])
def test_exif_and_xmp_of_the_primary_picture_not_of_its_depth_map(tmp_path: Path, version: int) -> None:
    depth = struct.pack(">I", 0) + b"depth"
    data = depth + EXIF_BLOCK + XMP_BLOCK
    start = AT + len(depth)
    inside = [
        PRIMARY,
        items(item(4, b"Exif"), item(5, b"Exif"), item(6, b"mime", b"application/rdf+xml\0")),
        full("iref", describes(4, 2), describes(5, 2, 1), describes(6, 1)),
        locations(
            (4, AT, len(depth)), (5, start, len(EXIF_BLOCK)), (6, start + len(EXIF_BLOCK), len(XMP_BLOCK)),
            version=version,
        ),
    ]  # fmt: skip
    found = read(tmp_path, *inside, data=data)
    assert (found.exif, found.xmp) == (b"MM\0*tiff", XMP_BLOCK)


def test_what_describes_nothing_in_particular_is_of_the_primary_picture(tmp_path: Path) -> None:
    thumbnail = full("iref", describes(3, 1, kind="thmb"))
    inside = [PRIMARY, items(item(5, b"Exif")), locations((5, AT, len(EXIF_BLOCK)))]
    assert read(tmp_path, *inside, data=EXIF_BLOCK).exif == b"MM\0*tiff"
    assert read(tmp_path, *inside, thumbnail, data=EXIF_BLOCK).exif == b"MM\0*tiff"
    assert read(tmp_path, *inside, full("iref", describes(5, 2)), data=EXIF_BLOCK).exif == b""


def test_items_of_large_numbers(tmp_path: Path) -> None:
    inside = [PRIMARY, items(item(5, b"Exif", version=3)), locations((5, AT, len(EXIF_BLOCK)))]
    assert read(tmp_path, *inside, data=EXIF_BLOCK).exif == b"MM\0*tiff"


def test_other_text_is_no_xmp(tmp_path: Path) -> None:
    inside = [PRIMARY, items(item(5, b"mime", b"text/plain\0")), locations((5, AT, 3))]
    assert read(tmp_path, *inside, data=b"abc").xmp == b""


def place(*fields: tuple[str, int], version: int = 0, sizes: int = 0x44, base: int = 0) -> bytes:
    """A table of locations field by field."""
    return struct.pack(">IBB", version << 24, sizes, base) + b"".join(struct.pack(f">{code}", n) for code, n in fields)


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (place(("H", 1), ("H", 5), ("H", 0), ("H", 1), ("I", 100), ("I", 7)), (100, 7)),
        # a base that offsets count from
        (place(("H", 1), ("H", 5), ("H", 0), ("I", 1000), ("H", 1), ("I", 1), ("I", 7), base=0x40), (1001, 7)),
        # numbers of eight bytes
        (place(("H", 1), ("H", 5), ("H", 0), ("H", 1), ("Q", 100), ("Q", 7), sizes=0x88), (100, 7)),
        # an index before each extent
        (
            place(("H", 1), ("H", 5), ("H", 0), ("H", 0), ("H", 1), ("I", 9), ("I", 100), ("I", 7), version=1, base=4),
            (100, 7),
        ),
        # items of four bytes
        (place(("I", 1), ("I", 5), ("H", 0), ("H", 0), ("H", 1), ("I", 100), ("I", 7), version=2), (100, 7)),
        # another one first, in two pieces
        (
            place(
                ("H", 2), ("H", 4), ("H", 0), ("H", 2), ("I", 1), ("I", 2), ("I", 3), ("I", 4),
                ("H", 5), ("H", 0), ("H", 1), ("I", 100), ("I", 7),
            ),
            (100, 7),
        ),
        # in two pieces, inside another box, and not there
        (place(("H", 1), ("H", 5), ("H", 0), ("H", 2), ("I", 1), ("I", 2), ("I", 3), ("I", 4)), (0, 0)),
        (place(("H", 1), ("H", 5), ("H", 1), ("H", 0), ("H", 1), ("I", 100), ("I", 7), version=1), (0, 0)),
        (place(("H", 1), ("H", 6), ("H", 0), ("H", 1), ("I", 100), ("I", 7)), (0, 0)),
        # cut short
        (place(("H", 9), ("H", 6)), (0, 0)),
        (b"\0" * 7, (0, 0)),
    ],
)  # fmt: skip
def test_where_an_item_lies(table: bytes, found: tuple[int, int]) -> None:
    assert heif._location(table, 5) == found


@pytest.mark.parametrize(
    "inside",
    [
        (),
        (full("pitm"),),
        (PRIMARY, box("iprp")),
        (PRIMARY, box("iprp", box("ipco", size(6, 4)), links((1, [0, 9])))),  # of no property
        (PRIMARY, box("iprp", box("ipco", box("ispe", b"\0")), links((1, [1])))),
        (PRIMARY, box("iprp", box("ipco", box("irot")), links((1, [1])))),
        (PRIMARY, box("iprp", box("ipco", size(6, 4)), full("ipma", struct.pack(">I", 2**32 - 1)))),
        (PRIMARY, items(item(5, b"Exif"))),
    ],
)
def test_missing_and_broken_boxes_give_nothing(tmp_path: Path, inside: tuple[bytes, ...]) -> None:
    assert read(tmp_path, *inside) == Item()


def test_a_file_that_is_no_heif_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.heic").write_bytes(b"<html></html>")
    assert heif.read_item(tmp_path / "a.heic") == Item()
