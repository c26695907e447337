"""Boxes within boxes, and what breaks them."""

import io
import struct
from pathlib import Path

import pytest

from media.metadata.formats import bmff
from media.metadata.formats.bmff import Box


def box(kind: str, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind.encode()) + body


def kinds(data: bytes) -> list[bytes]:
    return [each.kind for each in bmff.children(io.BytesIO(data), 0, len(data))]


def test_boxes_one_after_the_other() -> None:
    data = box("ftyp", b"isom") + box("free") + box("moov", b"12345")
    found = list(bmff.children(io.BytesIO(data), 0, len(data)))
    assert found == [Box(b"ftyp", 8, 12), Box(b"free", 20, 20), Box(b"moov", 28, 33)]


def test_a_large_box_has_its_size_behind_its_name() -> None:
    large = struct.pack(">I4sQ", 1, b"mdat", 20) + b"1234"
    data = large + box("moov")
    assert list(bmff.children(io.BytesIO(data), 0, len(data))) == [Box(b"mdat", 16, 20), Box(b"moov", 28, 28)]


def test_a_box_of_no_size_reaches_to_the_end() -> None:
    data = box("ftyp") + struct.pack(">I4s", 0, b"mdat") + b"12345"
    assert list(bmff.children(io.BytesIO(data), 0, len(data)))[1] == Box(b"mdat", 16, 21)


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (b"", []),
        (b"\0\0\0", []),
        (struct.pack(">I4s", 7, b"odd "), []),  # smaller than its own head
        (struct.pack(">I4sQ", 1, b"odd ", 15) + b"1234567", []),
        (struct.pack(">I4s", 1, b"odd "), []),  # the size is missing
        (struct.pack(">I4s", 4000, b"cut "), [b"cut "]),
    ],
)
def test_the_structure_ends_where_it_breaks(broken: bytes, expected: list[bytes]) -> None:
    assert kinds(box("ftyp") + broken) == [b"ftyp", *expected]


def test_a_box_never_reaches_beyond_the_one_it_is_in() -> None:
    data = box("moov", struct.pack(">I4s", 4000, b"trak")) + b"x" * 100
    outer = next(bmff.children(io.BytesIO(data), 0, len(data)))
    (inner,) = bmff.children(io.BytesIO(data), outer.start, outer.end)
    assert inner.end == outer.end == 16


def test_more_boxes_than_any_file_has_are_cut() -> None:
    assert len(kinds(box("free") * (bmff.MAX_BOXES + 5))) == bmff.MAX_BOXES


def test_finding_down_a_path() -> None:
    data = box("moov", box("free"), box("udta", box("XMP_", b"packet"), box("XMP_", b"second")))
    file = io.BytesIO(data)
    found = bmff.find(file, bmff.whole(file), b"moov", b"udta", b"XMP_")
    assert found is not None
    assert bmff.content(file, found) == b"packet"
    assert bmff.find(file, bmff.whole(file), b"moov", b"gone", b"XMP_") is None
    assert bmff.find(file, bmff.whole(file)) == Box(b"", 0, len(data))


def test_content_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO(b"0123456789")
    monkeypatch.setattr(bmff, "MAX_CONTENT", 4)
    assert bmff.content(file, Box(b"", 2, 10)) == b"2345"
    assert bmff.content(file, Box(b"", 8, 3)) == b""


# --- movies ----------------------------------------------------------------------------------------------------------

UPRIGHT, RIGHT, ROUND, LEFT = (1, 0), (0, 1), (-1, 0), (0, -1)


def track(
    kind: bytes = b"vide", turn: tuple[int, int] = UPRIGHT, size: tuple[int, int] = (64, 48), version: int = 0
) -> bytes:
    head = bytes([version]) + b"\0" * (51 if version else 39)
    matrix = struct.pack(">9i", turn[0] << 16, turn[1] << 16, *(0,) * 7)
    tkhd = box("tkhd", head, matrix, struct.pack(">II", size[0] << 16, size[1] << 16))
    return box("trak", tkhd, box("mdia", box("hdlr", b"\0" * 8 + kind)))


def movie(tmp_path: Path, *boxes: bytes) -> bmff.Movie:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"".join(boxes))
    return bmff.read_movie(path)


@pytest.mark.parametrize(
    ("turn", "degrees"), [(UPRIGHT, 0), (RIGHT, 90), (ROUND, 180), (LEFT, 270), ((1, 1), None), ((0, 0), None)]
)
@pytest.mark.parametrize("version", [0, 1])
def test_rotation_and_size(tmp_path: Path, turn: tuple[int, int], degrees: int | None, version: int) -> None:
    found = movie(tmp_path, box("moov", track(turn=turn, version=version)))
    assert (found.rotation, found.width, found.height) == (degrees, 64, 48)


def test_the_first_track_with_a_picture_counts(tmp_path: Path) -> None:
    sound, other = track(b"soun", LEFT), track(turn=ROUND)
    assert movie(tmp_path, box("moov", box("mvhd"), sound, box("trak"), track(turn=RIGHT), other)).rotation == 90


def test_a_size_of_nothing_is_none(tmp_path: Path) -> None:
    found = movie(tmp_path, box("moov", track(size=(0, 0))))
    assert (found.width, found.height) == (None, None)


def test_a_track_cut_short(tmp_path: Path) -> None:
    handler = box("mdia", box("hdlr", b"\0" * 8 + b"vide"))
    found = movie(tmp_path, box("moov", box("trak", box("tkhd", b"\0" * 50), handler)))
    assert (found.rotation, found.width) == (None, None)
    without_size = box("tkhd", b"\0" * 40, struct.pack(">9i", 0, 65536, *(0,) * 7))
    found = movie(tmp_path, box("moov", box("trak", without_size, handler)))
    assert (found.rotation, found.width) == (90, None)


def test_xmp_in_a_box_of_its_own_before_that_among_the_users_words(tmp_path: Path) -> None:
    own = box("uuid", bmff.XMP_UUID, b"own")
    words = box("moov", box("udta", box("XMP_", b"words"), box("TAGS", b"camera")))
    assert movie(tmp_path, own, words).xmp == b"own"
    assert movie(tmp_path, words, own).xmp == b"own"
    found = movie(tmp_path, words, box("uuid", b"\1" * 16, b"another's"))
    assert (found.xmp, found.camera) == (b"words", b"camera")


def test_a_file_that_is_no_movie_gives_nothing(tmp_path: Path) -> None:
    assert movie(tmp_path, b"<html></html>" * 10) == bmff.Movie()


TOLD = b"<G:Spherical>true</G:Spherical><G:ProjectionType>equirectangular</G:ProjectionType>"


@pytest.mark.parametrize(
    ("told", "spherical"),
    [
        (box("uuid", bmff.SPHERICAL_UUID, TOLD), True),
        (box("uuid", bmff.SPHERICAL_UUID, TOLD.replace(b"true", b"false")), False),
        (box("uuid", bytes(16), TOLD), False),
        (b"", False),
    ],
)
def test_a_video_that_was_filmed_all_around(tmp_path: Path, told: bytes, spherical: bool) -> None:
    header = box("tkhd", bytes(84))
    track = box("trak", header, box("mdia", box("hdlr", bytes(8), b"vide")), told)
    (tmp_path / "a.mp4").write_bytes(box("ftyp", b"isom") + box("moov", track))
    assert bmff.read_movie(tmp_path / "a.mp4").spherical is spherical


def test_the_second_version_of_the_standard(tmp_path: Path) -> None:
    entry = box("avc1", bytes(78), box("sv3d", box("proj", box("equi", bytes(20)))))
    media = box("mdia", box("hdlr", bytes(8), b"vide"), box("minf", box("stbl", box("stsd", bytes(8), entry))))
    (tmp_path / "a.mp4").write_bytes(box("moov", box("trak", box("tkhd", bytes(84)), media)))
    assert bmff.read_movie(tmp_path / "a.mp4").spherical
