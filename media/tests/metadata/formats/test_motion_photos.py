import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from media.metadata.reading import read
from media.tests.metadata.conftest import packet

VIDEO = struct.pack(">I", 16) + b"ftypmp42" + b"\0" * 4 + b"video" * 50
MakeJpeg = Callable[..., Path]

DIRECTORY = """<Container:Directory xmlns:Container="http://ns.google.com/photos/1.0/container/"
 xmlns:Item="http://ns.google.com/photos/1.0/container/item/"><rdf:Seq>
<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="image/jpeg" Item:Semantic="Primary"/></rdf:li>
<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="MotionPhoto" Item:Length="{length}"/></rdf:li>
<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Length="{after}"/></rdf:li>
</rdf:Seq></Container:Directory>"""


def with_tail(path: Path, tail: bytes) -> int:
    """Append to the file; where the tail begins."""
    start = path.stat().st_size
    with path.open("ab") as file:
        file.write(tail)
    return start


def test_google_before_2021(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(xmp=packet(f'GCamera:MicroVideo="1" GCamera:MicroVideoOffset="{len(VIDEO)}"'))
    start = with_tail(path, VIDEO)
    assert read(path, "image/jpeg").motion_video == {"offset": start, "length": len(VIDEO)}


def test_google_with_something_after_the_video(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(xmp=packet(elements=DIRECTORY.format(length=len(VIDEO), after=7)))
    start = with_tail(path, VIDEO + b"gainmap")
    assert read(path, "image/jpeg").motion_video == {"offset": start, "length": len(VIDEO)}


def test_samsungs_trailer(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg()
    entry = struct.pack("<HHI", 0, 0x0A30, 16) + b"MotionPhoto_Data" + VIDEO
    head = b"SEFH" + struct.pack("<II", 107, 1) + struct.pack("<HHII", 0, 0x0A30, len(entry), len(entry))
    start = with_tail(path, entry + head + struct.pack("<I", len(head)) + b"SEFT")
    assert read(path, "image/jpeg").motion_video == {"offset": start + 24, "length": len(VIDEO)}


@pytest.mark.parametrize("offset", [len(VIDEO) - 3, 10**9, 0])
def test_a_mark_without_a_video_is_none(make_jpeg: MakeJpeg, offset: int) -> None:
    path = make_jpeg(xmp=packet(f'GCamera:MicroVideoOffset="{offset}"'))
    with_tail(path, VIDEO)
    assert read(path, "image/jpeg").motion_video is None


def test_panorama_and_burst(make_jpeg: MakeJpeg) -> None:
    found = read(make_jpeg(xmp=packet('GPano:ProjectionType="equirectangular" GCamera:BurstID="b1"')), "image/jpeg")
    assert (found.panorama, found.burst_id) == (True, "b1")
    assert not read(make_jpeg("plain.jpg"), "image/jpeg").panorama
