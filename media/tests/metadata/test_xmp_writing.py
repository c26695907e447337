"""Sidecars as written: read back by our own reader and by libexiv2, and merged into what others wrote."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyexiv2
import pytest

from media.metadata import regions, xmp_writing
from media.metadata.formats import xmp
from media.metadata.reading import read
from media.metadata.xmp_writing import Words
from media.tests.metadata.conftest import packet
from media.tests.metadata.formats.test_xmp import bag

MakeJpeg = Callable[..., Path]
ALL = frozenset(xmp_writing.PROPERTIES)
FULL = Words(
    key="k_e-y1",
    fields=ALL,
    title="Sunset & <sea> 日本",
    description="Two\nlines",
    rating=4,
    label="Red",
    author="Anna",
    copyright="© Anna",
    keywords=["places/France/Paris", "sea"],
    taken_local=datetime(2023, 6, 7, 13, 45, 55, 120000),
    taken_offset=-210,
    latitude=-33.8568,
    longitude=151.2153,
    altitude=-1.5,
    place="Sydney",
    region="New South Wales",
    country="Australia",
    country_code="AU",
    regions=[{"name": "Marie", "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.25}],
    orientation=6,
    width=30,
    height=40,
)


def test_what_is_written_is_read_again(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    photo = make_jpeg(exif={"Exif.Image.Orientation": "6"})
    beside = tmp_path / "photo.jpg.xmp"
    beside.write_bytes(xmp_writing.render(FULL))
    found = read(photo, "image/jpeg", [beside])
    for name in ("title", "description", "rating", "label", "author", "copyright", "keywords", "taken_local"):
        assert getattr(found, name) == getattr(FULL, name), name
    assert (found.taken_offset, found.taken_source) == (-210, "sidecar")
    assert (found.latitude, found.longitude) == (pytest.approx(-33.8568, abs=1e-9), pytest.approx(151.2153, abs=1e-9))
    assert found.altitude == -1.5
    assert found.regions == [{"kind": "Face", **FULL.regions[0]}]
    assert found.notes == []


def test_libexiv2_reads_it_as_digikam_and_darktable_do(tmp_path: Path) -> None:
    beside = tmp_path / "photo.jpg.xmp"
    beside.write_bytes(xmp_writing.render(FULL))
    with pyexiv2.Image(str(beside)) as image:
        tags = image.read_xmp()
    assert tags["Xmp.dc.title"] == {'lang="x-default"': FULL.title}
    assert tags["Xmp.dc.subject"] == ["Paris", "sea"]
    assert tags["Xmp.lr.hierarchicalSubject"] == ["places|France|Paris", "sea"]
    assert tags["Xmp.digiKam.TagsList"] == ["places/France/Paris", "sea"]
    assert tags["Xmp.xmp.Rating"] == "4"
    assert tags["Xmp.exif.DateTimeOriginal"] == "2023-06-07T13:45:55.120000-03:30"
    assert tags["Xmp.exif.GPSLatitude"] == "33,51.40800000S"
    assert tags["Xmp.exif.GPSAltitudeRef"] == "1"
    assert tags["Xmp.mwg-rs.Regions/mwg-rs:RegionList[1]/mwg-rs:Name"] == "Marie"
    assert tags["Xmp.mwg-rs.Regions/mwg-rs:AppliedToDimensions/stDim:w"] == "40"


def test_properties_of_others_stay_unless_they_contradict() -> None:
    theirs = packet(
        'xmp:Rating="1" tiff:Make="Leica" exif:GPSLatitude="1,0.0N"',
        bag("dc:subject", "old") + "<digiKam:history><rdf:Seq><rdf:li>step</rdf:li></rdf:Seq></digiKam:history>",
    )
    merged, properties = xmp.interpret(xmp_writing.render(FULL, theirs), "sidecar")
    assert (merged.fields["rating"], merged.fields["camera_make"]) == (4, "Leica")
    assert merged.fields["keywords"] == ["places/France/Paris", "sea"]
    assert properties["digiKam:history"] == ["step"]
    assert merged.fields["latitude"] == pytest.approx(-33.8568)


def test_the_names_of_foreign_namespaces_stay() -> None:
    theirs = packet().replace(b'xmlns:xmp="', b'xmlns:video="http://www.video/" video:Codec="h264" xmlns:xmp="')
    written = xmp_writing.render(FULL, theirs)
    assert b'video:Codec="h264"' in written
    assert xmp_writing.render(FULL, written) == written


def test_other_groups_are_left_alone() -> None:
    theirs = packet('xmp:Rating="1" xmp:Label="Blue"', bag("dc:subject", "old"))
    layer, _ = xmp.interpret(xmp_writing.render(replace(FULL, fields=frozenset({"rating"})), theirs), "sidecar")
    assert (layer.fields["rating"], layer.fields["label"], layer.fields["keywords"]) == (4, "Blue", ["old"])
    cleared = Words(key="k", fields=frozenset({"keywords", "label"}))
    layer, _ = xmp.interpret(xmp_writing.render(cleared, theirs), "sidecar")
    assert set(layer.fields) == {"rating"}


@pytest.mark.parametrize(
    "theirs",
    [
        b"",
        b"no XML",
        b"<x:xmpmeta",
        packet()[:-20],
        b"<!DOCTYPE a><rdf:RDF/>",
        b"\xff\xfe" + packet().decode().encode("utf-16-le"),
    ],
)
def test_a_malformed_packet_is_replaced(theirs: bytes) -> None:
    layer, _ = xmp.interpret(xmp_writing.render(FULL, theirs), "sidecar")
    assert layer.fields["title"] == FULL.title


def test_writing_again_changes_nothing() -> None:
    once = xmp_writing.render(FULL)
    assert xmp_writing.render(FULL, once) == once


def test_its_own_packets_are_recognised_until_another_program_writes(tmp_path: Path) -> None:
    beside = tmp_path / "photo.jpg.xmp"
    beside.write_bytes(xmp_writing.render(FULL))
    assert xmp_writing.written_key(beside.read_bytes()[:1024]) == "k_e-y1"
    with pyexiv2.Image(str(beside)) as image:
        image.modify_xmp({"Xmp.dc.title": "Changed by digiKam"})
    assert xmp_writing.written_key(beside.read_bytes()[:1024]) is None


@pytest.mark.parametrize("orientation", range(1, 9))
def test_regions_are_turned_and_turned_back(orientation: int) -> None:
    turned = regions.stored(FULL.regions, orientation)
    assert regions.upright(turned, orientation) == FULL.regions


def test_control_characters_do_not_break_the_packet() -> None:
    words = replace(FULL, title="a\x00b\x1fc\ufffe", keywords=["x\x01y"])
    layer, _ = xmp.interpret(xmp_writing.render(words), "sidecar")
    assert (layer.fields["title"], layer.fields["keywords"]) == ("abc", ["xy"])
