"""Nothing that a file holds may raise out of a reader, nor take more than a moment and a few megabytes.

`read` would catch what one of its readers raises and note it, so the rest of the file is kept; here that note fails.
"""

import json
import pickle
import resource
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from media.metadata.fields import Metadata
from media.metadata.filename import find_moment
from media.metadata.formats import exif, iptc, xmp
from media.metadata.reading import read
from media.tests.metadata.conftest import packet
from media.tests.metadata.formats.test_stills import CAMERA, POSITION
from media.tests.metadata.formats.test_xmp import FACE, bag

MAX_GROWTH = 200 * 1024  # KiB of resident memory over a whole test
SETTINGS = settings(
    max_examples=60,
    deadline=None,  # the first call loads the map of time zones
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
damage = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["set", "ones", "zeros", "cut", "drop", "repeat"]), st.integers(0, 255)),
    min_size=1,
    max_size=40,
)
Damage = list[tuple[float, str, int]]
EXTRA_TAGS = (
    *(
        "Exif.Image.DateTime",
        "Exif.Photo.SubSecTime",
        "Exif.Photo.OffsetTime",
        "Exif.Photo.0x882a",
        "Exif.Image.Rating",
    ),
    *("Exif.Image.RatingPercent", "Exif.Image.XPTitle", "Exif.Image.XPKeywords", "Exif.Image.ImageDescription"),
    *(
        "Exif.Photo.ApertureValue",
        "Exif.Photo.ShutterSpeedValue",
        "Exif.Photo.LensSpecification",
        "Exif.Photo.MakerNote",
    ),
    *(
        "Exif.GPSInfo.GPSDateStamp",
        "Exif.GPSInfo.GPSTimeStamp",
        "Exif.GPSInfo.GPSImgDirection",
        "Exif.CanonSi.ISOSpeed",
    ),
    *("Exif.CanonSi.AutoISO", "Exif.CanonCs.ISOSpeed", "Exif.PanasonicRaw.Version", "Exif.Nikon3.ISOSpeed"),
    *("Iptc.Application2.DateCreated", "Iptc.Application2.TimeCreated", "Iptc.Application2.Keywords"),
)
TAKEOUT_KEYS = (
    *("title", "description", "photoTakenTime", "timestamp", "geoData", "geoDataExif", "latitude", "longitude"),
    *("altitude", "people", "name", "favorited"),
)
PROPERTIES = (
    *("xmp:Rating", "xmp:CreateDate", "exif:DateTimeOriginal", "exif:GPSLatitude", "exif:GPSLongitude", "exif:Flash"),
    *("exif:GPSAltitude", "exif:GPSImgDirection", "exif:FNumber", "tiff:Orientation", "exif:ISOSpeedRatings"),
    *("exif:ExposureProgram", "exif:GPSTimeStamp", "dc:title", "dc:subject", "dc:creator", "lr:hierarchicalSubject"),
    *("digiKam:TagsList", "photoshop:DateCreated", "mwg-rs:Regions", "MP:RegionInfo", "MicrosoftPhoto:Rating"),
)
STARTS = {
    "image/heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x01\x20meta\0\0\0\0",
    "image/jxl": b"\xff\x0a",
    "image/png": b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe1\0\x80Exif\0\0II*\0\x08\0\0\0",
    "video/mp4": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\x01\x20moov",
}


def damaged(data: bytes, blows: Damage) -> bytes:
    """The file with bytes changed, removed, repeated or cut off; most hits fall near the start, where the tags are."""
    broken = bytearray(data)
    for where, how, value in blows:
        at = int(where**3 * (len(broken) - 1)) if broken else 0
        if how == "set" and broken:
            broken[at] = value
        elif how in ("ones", "zeros"):
            broken[at : at + 4] = (b"\xff" if how == "ones" else b"\0") * 4
        elif how == "drop":
            del broken[at : at + value]
        elif how == "repeat":
            broken[at:at] = broken[at : at + value]
        elif how == "cut" and value > 200:
            del broken[max(at, 8) :]
    return bytes(broken)


def check(path: Path, mime: str, *sidecars: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read(path, mime, sidecars, modified_at=1_700_000_000.0)
    assert isinstance(found, Metadata)
    assert [note for note in found.notes if "could not be read: " in note] == []  # a reader raised
    assert found.taken_at is not None
    assert found.latitude is None or abs(found.latitude) <= 90
    assert found.rating is None or -1 <= found.rating <= 5
    assert all(0 <= region[key] <= 1 for region in found.regions for key in "xywh")
    assert len(json.dumps([found.raw, found.sources, found.notes, found.keywords])) < 2_000_000
    assert "\0" not in json.dumps(found.raw) + str(found.title) + "".join(found.notes)
    pickle.dumps(found)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MAX_GROWTH


VALUES = st.text(max_size=40) | st.from_regex(
    r"-?[0-9]{1,12}(/[0-9]{1,3})?( -?[0-9]{1,6}/[0-9]{1,3}){0,3}", fullmatch=True
)
TAGS = sorted({*CAMERA, *POSITION, *EXTRA_TAGS})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(TAKEOUT_KEYS), inner, max_size=6),
    max_leaves=15,
)


@pytest.fixture
def rich_heic(tmp_path: Path) -> Path:
    exif_block = Image.Exif()
    exif_block[0x10F], exif_block[0x112] = "Apple", 6
    path = tmp_path / "rich.heic"
    elements = bag("dc:subject", "a", "b")
    picture = pillow_heif.from_pillow(Image.new("RGB", (64, 48)))
    picture.save(path, exif=exif_block.tobytes(), xmp=packet('xmp:Rating="4"', elements))
    return path


@pytest.fixture
def rich_png(tmp_path: Path) -> Path:
    words = PngImagePlugin.PngInfo()
    words.add_text("Creation Time", "Mon, 2 Jan 2023 03:04:05")
    words.add_itxt("Description", "Größe", zip=True)
    words.add_itxt("XML:com.adobe.xmp", packet('xmp:Rating="4"').decode())
    path = tmp_path / "rich.png"
    Image.new("RGB", (16, 16)).save(path, pnginfo=words)
    return path


@pytest.fixture
def rich_jpeg(make_jpeg: Callable[..., Path]) -> Path:
    elements = FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized") + bag("dc:subject", "a", "b")
    iptc = {"Iptc.Application2.Keywords": ["a", "b"], "Iptc.Application2.DateCreated": "2023-06-07"}
    return make_jpeg(exif={**CAMERA, **POSITION}, iptc=iptc, xmp=packet('xmp:Rating="4"', elements))


@SETTINGS
@given(blows=damage)
def test_damaged_jpeg(rich_jpeg: Path, blows: Damage) -> None:
    path = rich_jpeg.with_name("damaged.jpg")
    path.write_bytes(damaged(rich_jpeg.read_bytes(), blows))
    check(path, "image/jpeg")


@SETTINGS
@given(blows=damage)
def test_damaged_sidecar(rich_jpeg: Path, blows: Damage) -> None:
    beside = rich_jpeg.with_name("photo.xmp")
    elements = FACE.format(x=0.5, y=0.4, w=0.2, h=0.1, unit="normalized")
    beside.write_bytes(damaged(packet('exif:GPSLatitude="1,2N" exif:GPSLongitude="3,4E"', elements), blows))
    check(rich_jpeg, "image/jpeg", beside)


@SETTINGS
@given(blows=damage)
def test_damaged_video(make_video: Callable[..., Path], blows: Damage) -> None:
    whole = make_video("whole.mp4", creation_time="2024-01-28T09:54:20Z")
    path = whole.with_name("damaged.mp4")
    path.write_bytes(damaged(whole.read_bytes(), blows))
    check(path, "video/mp4")


@SETTINGS
@given(blows=damage)
def test_damaged_heic(rich_heic: Path, blows: Damage) -> None:
    path = rich_heic.with_name("damaged.heic")
    path.write_bytes(damaged(rich_heic.read_bytes(), blows))
    check(path, "image/heic")


@SETTINGS
@given(blows=damage)
def test_damaged_png(rich_png: Path, blows: Damage) -> None:
    path = rich_png.with_name("damaged.png")
    path.write_bytes(damaged(rich_png.read_bytes(), blows))
    check(path, "image/png")


@SETTINGS
@given(content=JSON)
def test_any_json_beside_a_photo(rich_jpeg: Path, content: object) -> None:
    beside = rich_jpeg.with_name("photo.jpg.json")
    beside.write_text(json.dumps(content))
    check(rich_jpeg, "image/jpeg", beside)


@SETTINGS
@given(tags=st.dictionaries(st.sampled_from(TAGS), VALUES))
def test_any_value_of_any_tag(tags: dict[str, str]) -> None:
    assert exif.interpret(tags).source == "exif"
    assert iptc.interpret({name: [value, value] for name, value in tags.items()}).source == "iptc"


@SETTINGS
@given(attributes=st.dictionaries(st.sampled_from(PROPERTIES), VALUES), structure=st.sampled_from(["", "Bag", "Alt"]))
def test_any_value_of_any_property(attributes: dict[str, str], structure: str) -> None:
    def element(name: str, value: str) -> str:
        inner = f"<rdf:{structure}><rdf:li>{value}</rdf:li></rdf:{structure}>" if structure else value
        return f"<{name}>{inner}</{name}>"

    told = {name: escape("".join(c for c in value if c.isprintable())) for name, value in attributes.items()}
    layer, _ = xmp.interpret(packet("", "".join(element(*pair) for pair in told.items())), "xmp")
    assert layer.source == "xmp"


@SETTINGS
@given(name=st.text(max_size=60) | st.from_regex(r"IMG_[0-9]{8}[_ -][0-9]{0,9}[A-Z.~()0-9]{0,9}"))
def test_any_file_name(name: str) -> None:
    moment = find_moment(name)
    assert moment is None or moment.wall is not None


@pytest.mark.parametrize(
    "reader", ["xmp._read_camera", "exif._read_position", "iptc.interpret", "motion_photos._from_samsung"]
)
def test_what_a_reader_raises_is_found(rich_jpeg: Path, reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(*args: object) -> None:
        raise IndexError("planted")

    monkeypatch.setattr(f"media.metadata.formats.{reader}", planted)
    with pytest.raises(AssertionError, match="planted"):
        check(rich_jpeg, "image/jpeg")


@SETTINGS
@given(
    data=st.binary(max_size=300),
    kind=st.sampled_from(sorted(STARTS)),
)
def test_noise_behind_a_true_start(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "noise"
    path.write_bytes(STARTS[kind] + data)
    check(path, kind)
