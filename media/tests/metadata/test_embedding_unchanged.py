"""Writing into files: what goes in comes out the same, and what did not change is not touched."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyexiv2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from media.metadata.embedding import write_into
from media.metadata.reading import read
from media.metadata.xmp_writing import Words, render
from media.text import clean, clean_line, name_key

from .conftest import packet
from .formats.test_xmp import bag

MakeJpeg = Callable[..., Path]
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF"}
texts = st.text(st.characters(), max_size=60).map(clean)
names = st.text(st.characters(exclude_characters="/|"), max_size=30).map(clean_line).filter(name_key)
TITLED = packet(elements='<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:title>')


def words(**values: object) -> Words:
    return Words(key="k", fields=frozenset(values), **values)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("pictures")
    for extension, name in FORMATS.items():
        Image.new("RGB", (12, 8), "teal").save(folder / f"a.{extension}", name)
    return {extension: (folder / f"a.{extension}").read_bytes() for extension in FORMATS}


@pytest.mark.parametrize("extension", FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=texts, description=texts, keywords=st.lists(names, max_size=3, unique_by=name_key))
def test_text_in_file_text_out(
    tmp_path: Path, pictures: dict[str, bytes], extension: str, title: str, description: str, keywords: list[str]
) -> None:
    path, mime = tmp_path / f"a.{extension}", f"image/{FORMATS[extension].lower()}"
    path.write_bytes(pictures[extension])
    write_into(path, mime, words(title=title, description=description, keywords=keywords))
    found = read(path, mime)
    assert (found.title or "", found.description or "", sorted(found.keywords)) == (
        title,
        description,
        sorted(keywords),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=texts, description=texts, keywords=st.lists(names, max_size=3, unique_by=name_key))
def test_text_in_sidecar_text_out(tmp_path: Path, title: str, description: str, keywords: list[str]) -> None:
    picture, beside = tmp_path / "a.jpg", tmp_path / "a.jpg.xmp"
    if not picture.exists():
        Image.new("RGB", (12, 8)).save(picture)
    beside.write_bytes(render(words(title=title, description=description, keywords=keywords)))
    found = read(picture, "image/jpeg", [beside])
    assert (found.title or "", found.description or "", sorted(found.keywords)) == (
        title,
        description,
        sorted(keywords),
    )


def titled(title: str) -> bytes:
    return TITLED.replace(b"{}", title.encode())


@pytest.mark.parametrize("title", ["Jean\u00a0Dupont", "a\u2028b", "Zoe\u0308", "  wide  ", "x" * 300, "می\u200cخواهم"])
def test_existing_metadata_is_not_changed_by_a_byte(make_jpeg: MakeJpeg, title: str) -> None:
    path = make_jpeg(xmp=titled(title), exif={"Exif.Photo.DateTimeOriginal": "2019:07:14 12:20:56"})
    before = path.read_bytes()
    same = words(title=clean(title), keywords=[], taken_local=datetime(2019, 7, 14, 12, 20, 56), rating=None)
    assert not write_into(path, "image/jpeg", replace(same, fields=frozenset({"title", "keywords", "taken", "rating"})))
    assert path.read_bytes() == before


def test_only_what_changed_is_written(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(
        xmp=titled("a\u2028b").replace(b" </rdf", b"</rdf"), exif={"Exif.Image.XPComment": "72 0 105 0 0 0"}
    )
    assert write_into(path, "image/jpeg", words(title="a\nb", rating=4))
    with pyexiv2.Image(str(path)) as image:
        assert image.read_xmp()["Xmp.dc.title"] == {'lang="x-default"': "a\u2028b"}
        assert "Exif.Image.XPComment" in image.read_exif()


def test_the_date_of_scanning_stays(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(xmp=packet('xmp:CreateDate="2021-03-04T20:11:12"'))
    taken = Words(key="k", fields=frozenset({"taken"}), taken_local=datetime(1974, 8, 12, 10))
    assert write_into(path, "image/jpeg", taken)
    found = read(path, "image/jpeg")
    assert (found.taken_local, found.raw["Xmp.xmp:CreateDate"]) == (datetime(1974, 8, 12, 10), "2021-03-04T20:11:12")


@pytest.mark.parametrize(
    ("precision", "written"),
    [("year", "1950"), ("month", "1950-07"), ("day", "1950-07-04"), ("time", "1950-07-04T00:00:00")],
)
def test_only_the_known_part_of_a_date_is_written(make_jpeg: MakeJpeg, precision: str, written: str) -> None:
    path = make_jpeg()
    local = datetime(1950, 1 if precision == "year" else 7, 4 if precision in ("day", "time") else 1)
    taken = Words(key="k", fields=frozenset({"taken"}), taken_local=local, taken_precision=precision)  # type: ignore[arg-type]
    assert write_into(path, "image/jpeg", taken)
    found = read(path, "image/jpeg")
    assert (found.taken_local, found.taken_precision) == (local, precision)
    assert found.raw["Xmp.exif:DateTimeOriginal"] == written
    assert ("Exif.Photo.DateTimeOriginal" in found.raw) is (precision == "time")


def test_a_removed_description_does_not_come_back(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(exif={"Exif.Photo.UserComment": "charset=Ascii Oma im Garten"}, xmp=packet('xmp:Rating="2"'))
    with pyexiv2.Image(str(path)) as image:
        image.modify_comment("Hafenfest 1998")
    assert read(path, "image/jpeg").description == "Oma im Garten"
    assert write_into(path, "image/jpeg", words(description=""))
    assert read(path, "image/jpeg").description is None


def test_a_comment_of_something_else_stays(make_jpeg: MakeJpeg) -> None:
    exif = {"Exif.Image.ImageDescription": "Oma", "Exif.Photo.UserComment": "charset=Ascii Roll 12, frame 7"}
    path = make_jpeg(exif=exif)
    assert write_into(path, "image/jpeg", words(description="Oma im Garten"))
    with pyexiv2.Image(str(path)) as image:
        assert "Roll 12" in image.read_exif()["Exif.Photo.UserComment"]


def test_other_languages_and_other_regions_stay(make_jpeg: MakeJpeg) -> None:
    item = '<rdf:li xml:lang="{}">{}</rdf:li>'
    title = item.format("x-default", "Rome") + item.format("de", "Rom") + item.format("en", "Rome")
    region = (
        '<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Rex</mwg-rs:Name><mwg-rs:Type>Pet</mwg-rs:Type><mwg-rs:Area'
        ' stArea:x="0.5" stArea:y="0.5" stArea:w="0.2" stArea:h="0.2" stArea:unit="normalized"/></rdf:li>'
    )
    path = make_jpeg(
        xmp=packet(
            elements=f"<dc:title><rdf:Alt>{title}</rdf:Alt></dc:title><mwg-rs:Regions rdf:parseType='Resource'>"
            f"<mwg-rs:RegionList><rdf:Bag>{region}</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
        )
    )
    faces = [{"name": "Anna", "x": 0.1, "y": 0.1, "w": 0.2, "h": 0.2}]
    assert write_into(path, "image/jpeg", words(title="Rome in May", regions=faces))
    with pyexiv2.Image(str(path)) as image:
        assert image.read_xmp()["Xmp.dc.title"] == {'lang="x-default"': "Rome in May", 'lang="de"': "Rom"}
    found = read(path, "image/jpeg")
    assert [(region["name"], region["kind"]) for region in found.regions] == [("Anna", "Face"), ("Rex", "Pet")]
    assert not write_into(path, "image/jpeg", words(regions=faces))


def test_iptc_of_another_encoding_is_read_as_before(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(iptc={"Iptc.Application2.Byline": "x", "Iptc.Application2.Keywords": ["alt"]})
    data = path.read_bytes()
    at = data.index(b"\x1c\x02\x50\x00\x01x")  # By-line, one byte
    segment = data.rindex(b"\xff\xed", 0, at)
    latin = data[:at] + b"\x1c\x02\x50\x00\x01\xe9" + data[at + 6 :]
    assert segment > 0
    path.write_bytes(latin)
    assert read(path, "image/jpeg").author == "é"
    assert write_into(path, "image/jpeg", words(keywords=["neu", "süß"], title="t"))
    found = read(path, "image/jpeg")
    assert (found.author, sorted(found.keywords)) == ("é", ["neu", "süß"])
    with pyexiv2.Image(str(path)) as image:
        assert image.read_iptc()["Iptc.Application2.Byline"] in ("é", ["é"])


def test_a_picture_with_a_group_that_cannot_be_written_is_refused(
    make_jpeg: MakeJpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.metadata.embedding.render", lambda *_: packet())
    with pytest.raises(ValueError, match="the title reads differently"):
        write_into(make_jpeg(), "image/jpeg", words(title="New"))


def test_flat_and_hierarchical_keywords_agree(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(xmp=packet(elements=bag("dc:subject", "sea")))
    assert not write_into(path, "image/jpeg", words(keywords=["Sea"]))
    assert write_into(path, "image/jpeg", words(keywords=["places/Paris", "sea"]))
    assert read(path, "image/jpeg").keywords == ["places/Paris", "sea"]
    assert not write_into(path, "image/jpeg", words(keywords=["places", "places/Paris", "sea"]))
