"""Reading stills through the front door: `read`."""

import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pillow_heif
import pyexiv2
import pytest
from PIL import Image, PngImagePlugin

from media.metadata.formats import heif, stills
from media.metadata.reading import read
from media.tests.metadata.conftest import packet

CAMERA = {
    "Exif.Image.Make": "Canon",
    "Exif.Image.Model": "Canon EOS R5 ",
    "Exif.Image.Orientation": "6",
    "Exif.Image.Software": "GIMP",
    "Exif.Photo.DateTimeOriginal": "2023:06:07 13:45:55",
    "Exif.Photo.SubSecTimeOriginal": "25",
    "Exif.Photo.OffsetTimeOriginal": "+01:00",
    "Exif.Photo.LensModel": "RF24-105mm F4 L IS USM",
    "Exif.Photo.ISOSpeedRatings": "200",
    "Exif.Photo.FNumber": "28/10",
    "Exif.Photo.ExposureTime": "1/250",
    "Exif.Photo.FocalLength": "50/1",
    "Exif.Photo.FocalLengthIn35mmFilm": "75",
    "Exif.Photo.Flash": "25",
    "Exif.Photo.ExposureProgram": "3",
    "Exif.Photo.MeteringMode": "5",
    "Exif.Photo.WhiteBalance": "0",
}
POSITION = {
    "Exif.GPSInfo.GPSLatitudeRef": "S",
    "Exif.GPSInfo.GPSLatitude": "33/1 51/1 2520/100",
    "Exif.GPSInfo.GPSLongitudeRef": "E",
    "Exif.GPSInfo.GPSLongitude": "151/1 12/1 54/1",
    "Exif.GPSInfo.GPSAltitudeRef": "1",
    "Exif.GPSInfo.GPSAltitude": "13/2",
    "Exif.GPSInfo.GPSImgDirection": "351/1",
}

MakeJpeg = Callable[..., Path]


def test_camera_and_time(make_jpeg: MakeJpeg) -> None:
    found = read(make_jpeg(exif=CAMERA, size=(40, 30)), "image/jpeg")
    assert (found.width, found.height, found.orientation) == (40, 30, 6)
    assert (found.camera_make, found.camera_model) == ("Canon", "Canon EOS R5")
    assert (found.lens, found.iso, found.aperture) == ("RF24-105mm F4 L IS USM", 200, 2.8)
    assert (found.exposure, found.focal_length, found.focal_length_35mm, found.flash) == (0.004, 50.0, 75.0, True)
    assert (found.exposure_program, found.metering_mode, found.white_balance) == (
        "Aperture-priority AE",
        "Multi-segment",
        "Auto",
    )
    assert found.taken_local == datetime(2023, 6, 7, 13, 45, 55, 250_000)
    assert found.taken_at == datetime(2023, 6, 7, 12, 45, 55, 250_000, tzinfo=UTC)
    assert (found.taken_offset, found.taken_source, found.taken_doubtful) == (60, "exif", False)
    assert found.sources["iso"] == "exif"
    assert found.raw["Exif.Photo.FNumber"] == "28/10"


def test_position_and_place(make_jpeg: MakeJpeg) -> None:
    found = read(make_jpeg(exif=POSITION), "image/jpeg")
    assert found.latitude == pytest.approx(-33.857, abs=1e-9)
    assert found.longitude == pytest.approx(151.215, abs=1e-9)
    assert (found.altitude, found.direction) == (-6.5, 351.0)
    assert (found.place, found.country_code) == ("Sydney", "AU")


@pytest.mark.parametrize(
    ("latitude", "longitude", "note"),
    [
        ("0/1 0/1 0/1", "0/1 0/1 0/1", "position 0, 0 taken as none"),
        ("91/1 0/1 0/1", "0/1 0/1 0/1", "position out of range"),
        ("45/1 0/1 0/1", "0/0 0/0 0/0", "one coordinate only"),
    ],
)
def test_positions_that_are_none(make_jpeg: MakeJpeg, latitude: str, longitude: str, note: str) -> None:
    gps = {"Exif.GPSInfo.GPSLatitude": latitude, "Exif.GPSInfo.GPSLongitude": longitude}
    found = read(make_jpeg(exif=gps), "image/jpeg")
    assert (found.latitude, found.longitude, found.place) == (None, None, None)
    assert any(note in line for line in found.notes)


def test_values_that_stand_for_unknown(make_jpeg: MakeJpeg) -> None:
    blank = {
        "Exif.Photo.FNumber": "0/0",
        "Exif.Photo.ExposureTime": "0/1",
        "Exif.Photo.FocalLength": "0/1",
        "Exif.Photo.ISOSpeedRatings": "65535",
        "Exif.Photo.RecommendedExposureIndex": "102400",
        "Exif.Image.Orientation": "0",
        "Exif.Photo.ExposureProgram": "0",
        "Exif.Photo.DateTimeOriginal": "0000:00:00 00:00:00",
        "Exif.Image.ImageDescription": "OLYMPUS DIGITAL CAMERA         ",
    }
    found = read(make_jpeg(exif=blank), "image/jpeg")
    assert (found.aperture, found.exposure, found.focal_length, found.orientation) == (None, None, None, None)
    assert (found.iso, found.exposure_program, found.taken_local, found.description) == (102400, None, None, None)


def test_apex_values_where_the_plain_ones_are_missing(make_jpeg: MakeJpeg) -> None:
    found = read(
        make_jpeg(exif={"Exif.Photo.ApertureValue": "3/1", "Exif.Photo.ShutterSpeedValue": "5/1"}), "image/jpeg"
    )
    assert (found.aperture, found.exposure) == (2.83, 1 / 32)


@pytest.mark.parametrize(
    ("range_", "lens"),
    [
        ("24/1 70/1 28/10 28/10", "24-70mm f/2.8"),
        ("18/1 55/1 35/10 56/10", "18-55mm f/3.5-5.6"),
        ("50/1 50/1 0/0 0/0", "50mm"),
    ],
)
def test_a_lens_without_a_name(make_jpeg: MakeJpeg, range_: str, lens: str) -> None:
    assert read(make_jpeg(exif={"Exif.Photo.LensSpecification": range_}), "image/jpeg").lens == lens


def test_offset_of_the_last_change_counts_only_where_nothing_was_changed(make_jpeg: MakeJpeg) -> None:
    exif = {"Exif.Photo.DateTimeOriginal": "2023:06:07 13:45:55", "Exif.Photo.OffsetTime": "+05:00"}
    edited = read(make_jpeg("a.jpg", exif={**exif, "Exif.Image.DateTime": "2024:01:01 10:00:00"}), "image/jpeg")
    untouched = read(make_jpeg("b.jpg", exif={**exif, "Exif.Image.DateTime": "2023:06:07 13:45:55"}), "image/jpeg")
    assert (edited.taken_offset, untouched.taken_offset) == (0, 300)


def test_words_come_from_xmp_then_iptc_then_exif(make_jpeg: MakeJpeg) -> None:
    iptc = {
        "Iptc.Application2.ObjectName": "Fähre",
        "Iptc.Application2.Caption": "aus IPTC",
        "Iptc.Application2.Keywords": ["Wasser", "Boot"],
        "Iptc.Application2.Byline": "Anna",
    }
    exif = {"Exif.Image.ImageDescription": "aus EXIF", "Exif.Image.Artist": "Bert", "Exif.Image.Copyright": "(c) Bert"}
    described = '<dc:description><rdf:Alt><rdf:li xml:lang="de">aus XMP</rdf:li></rdf:Alt></dc:description>'
    xmp = packet('xmp:Rating="4" xmp:Label="Red"', described)
    found = read(make_jpeg(exif=exif, iptc=iptc, xmp=xmp), "image/jpeg")
    assert (found.title, found.description, found.author, found.copyright) == ("Fähre", "aus XMP", "Anna", "(c) Bert")
    assert (found.keywords, found.rating, found.label) == (["Wasser", "Boot"], 4, "Red")
    assert (found.sources["title"], found.sources["description"], found.sources["copyright"]) == ("iptc", "xmp", "exif")


def test_text_that_is_not_utf8(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(exif={"Exif.Image.Artist": "Bj_rn"})
    path.write_bytes(path.read_bytes().replace(b"Bj_rn", b"Bj\xf8rn"))
    assert read(path, "image/jpeg").author == "Bjørn"


def test_apples_identifiers(make_jpeg: MakeJpeg) -> None:
    live, burst = b"9B539AB8-A668-4FA6-9207-EB653A5E7E3C\0", b"4A1F0A5E-1111-2222-3333-444455556666\0"
    start = 14 + 2 + 2 * 12 + 4
    note = b"Apple iOS\0\0\1MM" + struct.pack(">H", 2)
    note += struct.pack(">HHII", 0x0B, 2, len(burst), start) + struct.pack(
        ">HHII", 0x11, 2, len(live), start + len(burst)
    )
    note += b"\0" * 4 + burst + live
    found = read(make_jpeg(exif={"Exif.Photo.MakerNote": " ".join(map(str, note))}), "image/jpeg")
    assert (found.live_id, found.burst_id) == (live[:-1].decode(), burst[:-1].decode())


def test_metadata_of_a_file_that_libexiv2_refuses(make_jpeg: MakeJpeg) -> None:
    data = make_jpeg(exif=CAMERA, xmp=packet('xmp:Rating="2"')).read_bytes()
    broken = make_jpeg("broken.jpg")
    # a segment that reaches beyond the end of the file makes libexiv2 give up on all of it
    frame = data.index(b"\xff\xc0")
    scan = data.index(b"\xff\xda", frame)
    broken.write_bytes(data[:scan] + b"\xff\xe2\xff\xff" + data[scan:])
    with pytest.raises(RuntimeError):
        pyexiv2.Image(str(broken))
    found = read(broken, "image/jpeg")
    assert (found.camera_make, found.rating, found.width, found.height) == ("Canon", 2, 40, 30)
    assert found.notes


def test_a_name_that_is_not_utf8(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    path = make_jpeg(exif=CAMERA)
    odd = path.rename(tmp_path / "b\udcff.jpg")
    assert read(odd, "image/jpeg").camera_make == "Canon"


def test_a_missing_file_gives_notes(tmp_path: Path) -> None:
    found = read(tmp_path / "gone.jpg", "image/jpeg")
    assert found.taken_at is None
    assert found.notes


def test_png_text(tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Creation Time", "Mon, 13 Feb 2007 06:34:38 GMT")
    info.add_itxt("Title", "Grüezi")
    info.add_text("Description", "x" * 1000, zip=True)
    path = tmp_path / "a.png"
    Image.new("RGB", (7, 5)).save(path, pnginfo=info)
    found = read(path, "image/png")
    assert (found.width, found.height, found.title) == (7, 5, "Grüezi")
    assert (found.taken_local, found.taken_source) == (datetime(2007, 2, 13, 6, 34, 38), "png")
    assert found.description == "x" * 1000


def test_png_text_that_unpacks_without_end_is_cut(tmp_path: Path) -> None:
    chunk = b"zTXtTitle\0\0" + zlib.compress(b"A" * 50_000_000)
    path = tmp_path / "bomb.png"
    header = b"IHDR" + struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (header, chunk))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    found = read(path, "image/png")
    assert len(found.title or "") <= 100_000
    assert (found.width, found.height) == (3, 2)


def test_heic_is_turned_by_its_own_field_not_by_exif(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    picture = Image.new("RGB", (128, 64), "red")
    exif = picture.getexif()
    exif[0x112] = 6
    pillow_heif.from_pillow(picture).save(path, exif=exif.tobytes(), xmp=packet('xmp:Rating="5"'))
    found = read(path, "image/heic")
    assert (found.width, found.height, found.orientation, found.rating) == (64, 128, 6, 5)
    path.write_bytes(path.read_bytes().replace(b"irot\3", b"irot\0"))
    found = read(path, "image/heic")
    assert (found.orientation, found.upright_by) == (6, 1)  # the tag is told as it is, the picture is not turned by it
    path.write_bytes(path.read_bytes().replace(b"irot\0", b"imir\1"))
    assert read(path, "image/heic").upright_by == 2


def test_exif_of_heic_that_libexiv2_misses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of HEIC files into which exiftool wrote EXIF it reads none."""
    block = b"MM\0*\0\0\0\x08\0\1\x01\x0f\0\2\0\0\0\6\0\0\0\x1a\0\0\0\0Apple\0"
    path = tmp_path / "a.heic"
    pillow_heif.from_pillow(Image.new("RGB", (64, 64))).save(path, exif=b"Exif\0\0" + block)
    assert heif.read_item(path).exif == block
    assert stills.read_block(block) == {"Exif.Image.Make": "Apple"}
    assert stills.read_block(b"no TIFF") == {}
    monkeypatch.setattr(stills, "read_still", lambda path: stills.Still())
    assert read(path, "image/heic").camera_make == "Apple"


def ifd(at: int, *entries: tuple[int, int, bytes]) -> bytes:
    """A TIFF directory that lies there: tag, type, value."""
    count = {2: 1, 3: 2, 4: 4, 5: 8}
    head, data, end = struct.pack("<H", len(entries)), b"", at + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        inside = value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", end + len(data))
        data += value if len(value) > 4 else b""
        head += struct.pack("<HHI", tag, kind, len(value) // count[kind]) + inside
    return head + b"\0\0\0\0" + data


def test_panasonics_raw_files_have_a_directory_of_their_own(tmp_path: Path) -> None:
    shorts = ((0x04, 4), (0x05, 8), (0x06, 3004), (0x07, 4008), (0x17, 640))
    sizes = [(tag, 3, struct.pack("<H", value)) for tag, value in shorts]
    words = [(0x10F, 2, b"Panasonic\0"), (0x110, 2, b"DMC-GX85\0\0"), (0x112, 3, struct.pack("<H", 6))]
    main = ifd(24, (0x01, 2, b"0210"), *sizes, *words, (0x8769, 4, struct.pack("<I", 512)))
    inner = ifd(512, (0x829D, 5, struct.pack("<II", 28, 10)), (0x9003, 2, b"2019:08:09 10:11:12\0"))
    head = b"IIU\0\x18\0\0\0" + bytes.fromhex("88e774d8f8251d4d947a6e77822b5d6a")
    path = tmp_path / "a.rw2"
    path.write_bytes(((head + main).ljust(512, b"\0") + inner).ljust(4096, b"\0"))
    found = read(path, "image/x-panasonic-rw2")
    assert (found.camera_make, found.camera_model, found.iso) == ("Panasonic", "DMC-GX85", 640)
    assert (found.width, found.height, found.orientation) == (4000, 3000, 6)
    assert (found.aperture, found.taken_local) == (2.8, datetime(2019, 8, 9, 10, 11, 12))


def test_jxl_size(tmp_path: Path) -> None:
    import pillow_jxl  # noqa: F401  registers the format

    path = tmp_path / "a.jxl"
    Image.new("RGB", (100, 37), "blue").save(path)
    found = read(path, "image/jxl")
    assert (found.width, found.height, found.orientation) == (100, 37, 1)


def test_raw_tags_are_bounded(make_jpeg: MakeJpeg) -> None:
    found = read(make_jpeg(exif={"Exif.Photo.MakerNote": " ".join(["7"] * 30_000)}), "image/jpeg")
    assert len(found.raw["Exif.Photo.MakerNote"]) <= 2_000
