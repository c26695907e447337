"""Words written into the file itself: read again by every reader, and the picture untouched."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyexiv2
import pytest
from PIL import Image

from media.metadata import embedding
from media.metadata.embedding import write_into
from media.metadata.reading import read
from media.metadata.xmp_writing import Words
from media.tests.metadata.conftest import packet
from media.tests.metadata.formats.test_xmp import bag

MakeJpeg = Callable[..., Path]
ALL = frozenset({"title", "description", "rating", "keywords", "taken", "position"})
WORDS = Words(
    key="k1",
    fields=ALL,
    title="Fähre & <Meer>",
    description="Zwei\nZeilen",
    rating=4,
    keywords=["places/France/Paris", "sea"],
    taken_local=datetime(2010, 1, 2, 3, 4, 5, 250_000),
    taken_offset=-210,
    latitude=-33.856784,
    longitude=151.215297,
    altitude=12.5,
)
NONE = Words(key="k1", fields=ALL)


def exif_of(path: Path) -> dict[str, str]:
    with pyexiv2.Image(str(path)) as image:
        return dict(image.read_exif())


def iptc_of(path: Path) -> dict[str, Any]:
    with pyexiv2.Image(str(path)) as image:
        return dict(image.read_iptc())


def pixels(path: Path) -> str:
    with Image.open(path) as image:
        return hashlib.sha256(image.tobytes()).hexdigest()


def test_everything_is_read_again(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg()
    before = pixels(path)
    write_into(path, "image/jpeg", WORDS)
    found = read(path, "image/jpeg")
    assert (found.title, found.description, found.rating) == (WORDS.title, WORDS.description, 4)
    assert (found.keywords, found.taken_local, found.taken_offset) == (WORDS.keywords, WORDS.taken_local, -210)
    assert (found.latitude, found.longitude) == pytest.approx((WORDS.latitude, WORDS.longitude), abs=1e-7)
    assert found.altitude == 12.5
    assert pixels(path) == before


@pytest.mark.parametrize(("name", "mime"), [("a.png", "image/png"), ("a.webp", "image/webp"), ("a.tiff", "image/tiff")])
def test_other_formats(tmp_path: Path, name: str, mime: str) -> None:
    path = tmp_path / name
    Image.linear_gradient("L").resize((16, 12)).convert("RGB").save(path)
    write_into(path, mime, WORDS)
    assert read(path, mime).title == WORDS.title


def test_exif_says_the_same_as_xmp(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg()
    write_into(path, "image/jpeg", WORDS)
    exif = exif_of(path)
    assert exif["Exif.Photo.DateTimeOriginal"] == "2010:01:02 03:04:05"
    assert exif["Exif.Photo.SubSecTimeOriginal"] == "25"
    assert exif["Exif.Photo.OffsetTimeOriginal"] == "-03:30"
    assert exif["Exif.GPSInfo.GPSLatitude"] == "33/1 51/1 2442240/100000"
    assert (exif["Exif.GPSInfo.GPSLatitudeRef"], exif["Exif.GPSInfo.GPSLongitudeRef"]) == ("S", "E")
    assert (exif["Exif.GPSInfo.GPSAltitude"], exif["Exif.GPSInfo.GPSAltitudeRef"]) == ("12500/1000", "0")
    assert (exif["Exif.Image.ImageDescription"], exif["Exif.Image.Rating"]) == ("Zwei\nZeilen", "4")


def test_words_that_exif_cannot_hold_are_in_xmp_only(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(exif={"Exif.Image.ImageDescription": "old", "Exif.Image.XPTitle": "111 0"})
    write_into(path, "image/jpeg", replace(WORDS, description="Fähre"))
    assert not {"Exif.Image.ImageDescription", "Exif.Image.XPTitle"} & exif_of(path).keys()
    assert read(path, "image/jpeg").description == "Fähre"


def test_fields_without_a_value_are_removed(make_jpeg: MakeJpeg) -> None:
    exif = {
        "Exif.Image.ImageDescription": "old",
        "Exif.Image.Rating": "3",
        "Exif.Image.XPKeywords": "111 0",
        "Exif.GPSInfo.GPSLatitude": "1/1 0/1 0/1",
        "Exif.GPSInfo.GPSLatitudeRef": "N",
        "Exif.GPSInfo.GPSLongitude": "1/1 0/1 0/1",
        "Exif.GPSInfo.GPSLongitudeRef": "E",
    }
    path = make_jpeg(exif=exif, xmp=packet('xmp:Rating="3"', bag("dc:subject", "old")))
    write_into(path, "image/jpeg", NONE)
    found = read(path, "image/jpeg")
    assert (found.title, found.description, found.rating, found.keywords) == (None, None, None, [])
    assert (found.latitude, found.longitude) == (None, None)
    assert not exif.keys() & exif_of(path).keys()


def test_fields_that_are_not_named_stay(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg(exif={"Exif.Image.Artist": "Anna", "Exif.Image.Rating": "3"}, xmp=packet('xmp:Label="Red"'))
    write_into(path, "image/jpeg", replace(WORDS, fields=frozenset({"title"})))
    found = read(path, "image/jpeg")
    assert (found.title, found.author, found.rating, found.label) == (WORDS.title, "Anna", 3, "Red")
    assert found.description is None


@pytest.mark.parametrize(
    ("latitude", "degrees", "reference"),
    [
        (-0.5, "0/1 30/1 0/100000", "S"),
        (0.0, "0/1 0/1 0/100000", "N"),
        (59.9999999999, "60/1 0/1 0/100000", "N"),  # no 60 seconds
    ],
)
def test_degrees(make_jpeg: MakeJpeg, latitude: float, degrees: str, reference: str) -> None:
    path = make_jpeg()
    write_into(path, "image/jpeg", replace(WORDS, latitude=latitude, altitude=-3.25))
    exif = exif_of(path)
    assert (exif["Exif.GPSInfo.GPSLatitude"], exif["Exif.GPSInfo.GPSLatitudeRef"]) == (degrees, reference)
    assert (exif["Exif.GPSInfo.GPSAltitude"], exif["Exif.GPSInfo.GPSAltitudeRef"]) == ("3250/1000", "1")


def test_iptc_is_kept_in_step_where_a_file_has_some(make_jpeg: MakeJpeg) -> None:
    iptc = {
        "Iptc.Application2.ObjectName": "old",
        "Iptc.Application2.Keywords": ["old", "older"],
        "Iptc.Application2.Byline": "Anna",
        "Iptc.Application2.DateCreated": "2000-01-01",
    }
    path = make_jpeg(iptc=iptc)
    write_into(path, "image/jpeg", WORDS)
    held = iptc_of(path)
    assert held["Iptc.Application2.Keywords"] == ["Paris", "sea"]
    assert held["Iptc.Application2.Byline"] == ["Anna"]
    assert not {"Iptc.Application2.ObjectName", "Iptc.Application2.DateCreated"} & held.keys()
    assert read(path, "image/jpeg").keywords == WORDS.keywords


def test_iptc_is_not_added(make_jpeg: MakeJpeg) -> None:
    path = make_jpeg()
    write_into(path, "image/jpeg", WORDS)
    assert iptc_of(path) == {}


def test_a_name_that_is_not_utf8(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    path = make_jpeg().rename(tmp_path / "b\udcff.jpg")
    write_into(path, "image/jpeg", WORDS)
    assert read(path, "image/jpeg").title == WORDS.title


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": "another"}, "the title reads differently"),
        ({"description": None}, "the description reads differently"),
        ({"rating": 3}, "the rating reads differently"),
        ({"keywords": ["sea"]}, "the keywords read differently"),
        ({"taken_local": None}, "the time reads differently"),
        ({"latitude": -33.85}, "the position reads differently"),
        ({"longitude": None}, "the position reads differently"),
    ],
)
def test_a_file_that_reads_differently_is_refused(
    make_jpeg: MakeJpeg, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], words: str
) -> None:
    monkeypatch.setattr(embedding, "read", lambda path, mime, **_: replace(read(path, mime), **change))
    with pytest.raises(ValueError, match=words):
        write_into(make_jpeg(), "image/jpeg", WORDS)


@pytest.mark.parametrize("keyword", ["a|b", "Music/AC|DC", "|", "one;two", "one, two"])
def test_a_keyword_keeps_the_marks_that_programs_divide_at(make_jpeg: MakeJpeg, keyword: str) -> None:
    path = make_jpeg()
    assert write_into(path, "image/jpeg", Words(key="k", fields=frozenset({"keywords"}), keywords=[keyword]))
    assert read(path, "image/jpeg").keywords == [keyword]


def test_keywords_that_differ_in_case_alone_are_the_same(make_jpeg: MakeJpeg, monkeypatch: pytest.MonkeyPatch) -> None:
    keywords = ["Places/France/Paris", "SEA"]
    monkeypatch.setattr(embedding, "read", lambda path, mime, **_: replace(read(path, mime), keywords=keywords))
    write_into(make_jpeg(), "image/jpeg", WORDS)


def test_a_changed_picture_is_refused(make_jpeg: MakeJpeg, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = iter(["before", "after"])
    monkeypatch.setattr(embedding, "_pixels", lambda path: next(hashes))
    with pytest.raises(ValueError, match="the picture itself was changed"):
        write_into(make_jpeg(), "image/jpeg", WORDS)
