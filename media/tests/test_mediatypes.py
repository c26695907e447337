"""mediatypes: content decides, the extension only where the content leaves it open."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from media.mediatypes import RAW_MIMES, MediaType, identify, looks_like_media


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    body = major + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", len(body) + 8) + b"ftyp" + body + b"\0" * 64


def encoded(format: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, format)
    return buffer.getvalue()


def tiff(order: str, tags: dict[int, tuple[int, bytes | int]]) -> bytes:
    """One directory of ASCII (type 2) and short or long (3, 4) tags, values over four bytes behind it."""
    directory, behind = struct.pack(order + "H", len(tags)), b""
    start = 8 + 2 + 12 * len(tags) + 4
    for tag, (kind, value) in sorted(tags.items()):
        if isinstance(value, bytes):
            directory += struct.pack(order + "HHII", tag, kind, len(value), start + len(behind))
            behind += value
        else:
            packed = struct.pack(order + {3: "H", 4: "I"}[kind], value).ljust(4, b"\0")
            directory += struct.pack(order + "HHI", tag, kind, 1) + packed
    magic = b"II*\0" if order == "<" else b"MM\0*"
    return magic + struct.pack(order + "I", 8) + directory + b"\0\0\0\0" + behind


MAKE, PHOTOMETRIC, DNG_VERSION = 271, 262, 50706

CONTENTS = {
    "image/jpeg": encoded("JPEG"),
    "image/png": encoded("PNG"),
    "image/gif": encoded("GIF"),
    "image/webp": encoded("WEBP"),
    "image/bmp": encoded("BMP"),
    "image/tiff": encoded("TIFF"),
    "image/avif": ftyp(b"mif1", b"mif1", b"avif", b"miaf"),
    "image/heic": ftyp(b"mif1", b"mif1", b"heic"),
    "image/heif": ftyp(b"mif1", b"mif1", b"miaf"),
    "image/jxl": b"\xff\x0a" + b"\x7f" * 64,
    "image/vnd.adobe.photoshop": b"8BPS\x00\x01" + b"\0" * 64,
    "image/x-canon-cr2": b"II*\x00\x10\x00\x00\x00CR\x02\x00" + b"\0" * 64,
    "image/x-canon-cr3": ftyp(b"crx ", b"crx ", b"isom"),
    "image/x-fuji-raf": b"FUJIFILMCCD-RAW 0201" + b"\0" * 64,
    "image/x-olympus-orf": b"IIRO\x08\x00\x00\x00" + b"\0" * 64,
    "image/x-panasonic-rw2": b"IIU\x00\x08\x00\x00\x00" + b"\0" * 64,
    "image/x-adobe-dng": tiff("<", {MAKE: (2, b"Google\0\0"), DNG_VERSION: (4, 0x0401)}),
    "image/x-nikon-nef": tiff(">", {MAKE: (2, b"NIKON CORPORATION\0"), PHOTOMETRIC: (3, 32803)}),
    "image/x-sony-arw": tiff("<", {MAKE: (2, b"SONY \0"), PHOTOMETRIC: (3, 32803)}),
    "video/mp4": ftyp(b"isom", b"iso2", b"avc1", b"mp41"),
    "video/quicktime": ftyp(b"qt  ", b"qt  "),
    "video/x-m4v": ftyp(b"M4V ", b"isom"),
    "video/3gpp": ftyp(b"3gp5", b"isom"),
    "video/x-matroska": b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska" + b"\0" * 64,
    "video/webm": b"\x1a\x45\xdf\xa3\xa3\x42\x82\x84webm" + b"\0" * 64,
    "video/x-msvideo": b"RIFF\x10\x00\x00\x00AVI LIST" + b"\0" * 64,
    "video/mpeg": b"\x00\x00\x01\xba" + b"\x44" * 64,
    "video/mp2t": (b"\x47" + b"\0" * 187) * 5,
    "video/x-ms-wmv": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"\xff" * 8 + b"\0" * 56,
}


def media(path: Path) -> MediaType:
    found = identify(path)
    assert found is not None
    return found


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("name", ["x.jpg", "x.mov", "x.txt", "x"])
@pytest.mark.parametrize(("mime", "content"), CONTENTS.items(), ids=CONTENTS.keys())
def test_content_decides_whatever_the_name(write, mime, content, name):
    assert media(write(name, content)).mime == mime


def test_jxl_in_its_container(write):
    assert media(write("x", b"\x00\x00\x00\x0cJXL \r\n\x87\n" + b"\0" * 64)).mime == "image/jxl"


def test_camcorder_transport_stream_with_time_codes(write):
    packets = (b"\0\0\0\0\x47" + b"\0" * 187) * 5
    assert media(write("00001.MTS", packets)).mime == "video/mp2t"


def test_quicktime_without_a_type_box(write):
    assert media(write("x", b"\0\0\x10\0moov" + b"\0" * 64)).mime == "video/quicktime"


def test_raw_extension_settles_a_plain_tiff_structure(write):
    content = tiff("<", {MAKE: (2, b"Leica Camera AG\0")})
    assert media(write("L1000.NEF", content)).mime == "image/x-nikon-nef"
    assert media(write("scan.tif", content)).mime == "image/tiff"


def test_tiff_that_scanning_software_of_a_camera_maker_saved_is_no_raw(write):
    content = tiff("<", {MAKE: (2, b"NIKON CORPORATION\0"), PHOTOMETRIC: (3, 2)})
    assert media(write("scan", content)).mime == "image/tiff"


def test_jpeg_that_calls_itself_raw_is_a_jpeg(write):
    assert media(write("x.nef", CONTENTS["image/jpeg"])).mime == "image/jpeg"


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"<html>not found</html>"], ids=["empty", "zeros", "html"])
def test_broken_file_is_kept_under_the_type_its_name_says(write, content):
    assert media(write("holiday.JPG", content)).mime == "image/jpeg"
    assert media(write("holiday.mp4", content)).kind == "video"
    assert media(write("holiday.cr2", content)).mime in RAW_MIMES


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.html", b"<!doctype html><title>x</title>"),
        ("a.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"),
        ("a.txt", b"BM is how a bitmap starts, but this is prose"),
        ("a.ts", b"export const x: number = 1;\n"),
        ("a.m4a", ftyp(b"M4A ", b"isom")),
        ("a.ogg", b"OggS" + b"\0" * 24 + b"\x01vorbis" + b"\0" * 64),
        ("._IMG_1.jpg", b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "),
        ("empty", b""),
    ],
)
def test_no_media(write, name, content):
    assert identify(write(name, content)) is None


def test_directory_offsets_that_point_nowhere_do_no_harm(write):
    assert media(write("x", b"II*\x00\xff\xff\xff\xff" + b"\xff" * 32)).mime == "image/tiff"


@pytest.mark.parametrize("name", ["a.jpg", "A.JPEG", "b.HEIC", "c.nef", "d.mov", "e.m2ts", "f.ts", "ünï.jxl"])
def test_names_worth_opening(name):
    assert looks_like_media(name)


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.xmp", "a.json", "jpg", "._a.jpg", "a.jpg.part", "Thumbs.db", ""]
)
def test_names_not_worth_opening(name):
    assert not looks_like_media(name)
