"""Comments: what people wrote there is a description, what cameras and programs wrote is none."""

from collections.abc import Callable
from pathlib import Path

import pyexiv2
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from media.metadata.formats.comments import read_comment, read_user_comment
from media.metadata.formats.stills import read_gif_comment
from media.metadata.reading import read
from media.tests.metadata.conftest import packet
from media.tests.metadata.formats.test_xmp import bag

MakeJpeg = Callable[..., Path]


@pytest.mark.parametrize(
    "words",
    [
        "Hafenfest 1998",
        "Oma",
        "Paris2019",
        "猫",
        "Wien: Prater; dann der Dom",
        "Oma <3",
        "HAPPY BIRTHDAY",
        "comment in GIMP 2.4.5",
        "Default",
    ],
)
def test_what_people_wrote(words: str) -> None:
    assert read_comment(words) == words


@pytest.mark.parametrize(
    "words",
    [
        "",
        None,
        "   ",
        "CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90",
        "Created with The GIMP",
        "Lavc57.64.101",
        "LEAD Technologies Inc. V1.01",
        "File written by Adobe Photoshop® 5.2",
        "Processed By eBay with ImageMagick, z1.1.0. ||B2",
        "Optimized by JPEGmini 3.11.4.3 0x5ca8f1c8",
        "AppleMark",
        "oplus_1048608",
        '{"filterId":0,"sceneType":3}',
        "filter: 0; fileterIntensity: 0.0; filterMask: 0;",
        "module: photo; hw-remosaic: false;",
        "Screenshot",
        "SANYO DIGITAL CAMERA",
        "DCIM\\100GOPRO\\G0010.JPG",
        "DBP",
        "0x1f",
        "1234 5678",
    ],
)
def test_what_cameras_and_programs_wrote(words: str | None) -> None:
    assert read_comment(words) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("charset=Ascii Oma im Garten", "Oma im Garten"),
        ("charset=Unicode Ömä – 日本", "Ömä – 日本"),
        ("charset=Unicode " + "Oma im Garten".encode("utf-16-le").decode("utf-16-be"), "Oma im Garten"),
        ("charset=Jis \x1b$BF|K\\\x1b(B", "日本"),
        ("Ömä im Garten", "Ömä im Garten"),
        ("charset=InvalidCharsetId      ", None),
        ("charset=Ascii oplus_32", None),
        ("", None),
        (None, None),
    ],
)
def test_exifs_comment_in_its_character_sets(value: str | None, words: str | None) -> None:
    assert read_user_comment(value) == words


def test_the_places_of_a_description_in_their_order(make_jpeg: MakeJpeg) -> None:
    exif = {"Exif.Photo.UserComment": "charset=Ascii user comment"}
    path = make_jpeg(exif=exif)
    with pyexiv2.Image(str(path)) as image:
        image.modify_comment("jpeg comment")
    assert read(path, "image/jpeg").description == "user comment"
    with pyexiv2.Image(str(path)) as image:
        image.modify_exif({"Exif.Image.XPSubject": "subject"})
    assert read(path, "image/jpeg").description == "subject"
    with pyexiv2.Image(str(path)) as image:
        image.modify_exif({"Exif.Image.ImageDescription": "SONY DSC"})
    assert read(path, "image/jpeg").description == "subject"


def test_the_comment_of_a_jpeg_is_the_last_resort(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg()
    with pyexiv2.Image(str(path)) as image:
        image.modify_comment("Bärbel im Hafen")
    found = read(path, "image/jpeg")
    assert (found.description, found.sources["description"]) == ("Bärbel im Hafen", "file")
    assert found.raw["File.Comment"] == "Bärbel im Hafen"


def test_the_packet_of_a_gif(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    Image.new("P", (8, 8)).save(path)
    title = '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Gif title</rdf:li></rdf:Alt></dc:title>'
    trailer = bytes([1, *range(0xFF, -1, -1), 0])
    block = b"\x21\xff\x0bXMP DataXMP" + packet('photoshop:DateCreated="2014-02-03T04:05:06"', title) + trailer
    data = path.read_bytes()
    path.write_bytes(data[:-1] + block + data[-1:])
    found = read(path, "image/gif")
    assert (found.title, f"{found.taken_local}") == ("Gif title", "2014-02-03 04:05:06")


@pytest.mark.parametrize(
    ("words", "description"),
    [("Bärbel im Hafen", "Bärbel im Hafen"), ("long " * 100, ("long " * 100).strip()), ("Created with GIMP", None)],
)
@pytest.mark.parametrize("mode", ["P", "L"])
def test_the_comment_of_a_gif(tmp_path: Path, mode: str, words: str, description: str | None) -> None:
    path = tmp_path / "a.gif"
    Image.new(mode, (8, 8)).save(path, comment=words.encode())
    assert read(path, "image/gif").description == description


def test_a_gif_that_is_cut_has_no_comment(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    Image.new("P", (8, 8)).save(path, comment=b"Hafen")
    for length in range(path.stat().st_size):
        cut = tmp_path / "cut.gif"
        cut.write_bytes(path.read_bytes()[:length])
        assert "Hafen".startswith(read_gif_comment(cut))


@pytest.mark.parametrize(
    ("chunks", "description"),
    [
        ({"Comment": "Hafen 1998"}, "Hafen 1998"),
        ({"Comment": "Hafen 1998", "Description": "Am Meer"}, "Am Meer"),
        ({"Comment": "Created with GIMP"}, None),
    ],
)
def test_the_comment_of_a_png(tmp_path: Path, chunks: dict[str, str], description: str | None) -> None:
    info = PngInfo()
    for name, words in chunks.items():
        info.add_text(name, words)
    Image.new("L", (8, 8)).save(tmp_path / "a.png", pnginfo=info)
    assert read(tmp_path / "a.png", "image/png").description == description


def test_png_text_in_another_encoding_than_the_standard(tmp_path: Path) -> None:
    info = PngInfo()
    info.add(b"tEXt", b"Title\0" + "Fähre 東京".encode())
    info.add(b"tEXt", b"Author\0" + "Bärbel".encode("latin-1"))
    Image.new("L", (8, 8)).save(tmp_path / "a.png", pnginfo=info)
    found = read(tmp_path / "a.png", "image/png")
    assert (found.title, found.author) == ("Fähre 東京", "Bärbel")


ACDSEE = 'xmlns:acdsee="http://ns.acdsee.com/iptc/1.0/" acdsee:caption="cap" acdsee:datetime="1989-05-05T14:08:45" {}'


def test_words_of_acdsee(make_jpeg: MakeJpeg) -> None:
    categories = (
        "&lt;Categories&gt;&lt;Category Assigned=&quot;0&quot;&gt;People&lt;Category Assigned=&quot;1&quot;&gt;Anna"
        "&lt;/Category&gt;&lt;/Category&gt;&lt;Category Assigned=&quot;1&quot;&gt;Sea&lt;/Category&gt;"
        "&lt;/Categories&gt;"
    )
    path = make_jpeg(
        xmp=packet(ACDSEE.format(f'acdsee:categories="{categories}"'), bag("acdsee:keywords", "kw1", "Anna"))
    )
    found = read(path, "image/jpeg")
    assert (found.description, found.keywords) == ("cap", ["People/Anna", "Sea", "kw1"])
    assert f"{found.taken_local}" == "1989-05-05 14:08:45"


@pytest.mark.parametrize("document", ["", "&lt;Categories", "&lt;!DOCTYPE a&gt;&lt;a/&gt;", "&lt;Categories/&gt;"])
def test_categories_that_are_none(make_jpeg: MakeJpeg, document: str) -> None:
    path = make_jpeg(xmp=packet(ACDSEE.format(f'acdsee:categories="{document}"')))
    assert read(path, "image/jpeg").keywords == []
