import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from media.metadata.reading import read
from media.tests.metadata.conftest import packet
from media.tests.metadata.formats.test_stills import POSITION
from media.tests.metadata.formats.test_xmp import FACE, bag

MakeJpeg = Callable[..., Path]


@pytest.fixture
def make_takeout(tmp_path: Path) -> Callable[..., Path]:
    def make(**content: Any) -> Path:
        path = tmp_path / "photo.jpg.supplemental-metadata.json"
        path.write_text(json.dumps({"title": "photo.jpg", **content}))
        return path

    return make


def sidecar(tmp_path: Path, content: bytes, name: str = "photo.jpg.xmp") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_words_and_position_of_a_sidecar_take_precedence(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    photo = make_jpeg(
        exif={**POSITION, "Exif.Image.ImageDescription": "old"}, xmp=packet('xmp:Rating="1"', bag("dc:subject", "old"))
    )
    attributes = 'xmp:Rating="5" exif:GPSLatitude="51,30.0N" exif:GPSLongitude="0,7.4W" tiff:Make="Other"'
    beside = sidecar(tmp_path, packet(attributes, bag("dc:subject", "new")))
    found = read(photo, "image/jpeg", [beside])
    assert (found.rating, found.keywords, found.description, found.country_code) == (5, ["new"], "old", "GB")
    assert (found.sources["rating"], found.sources["latitude"], found.sources["description"]) == (
        "sidecar",
        "sidecar",
        "exif",
    )
    assert (found.altitude, found.direction) == (None, None)  # they are of the place that the sidecar corrects
    assert found.raw["Sidecar.xmp:Rating"] == "5"


def test_camera_data_come_from_the_camera(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    beside = sidecar(tmp_path, packet('tiff:Make="Other" tiff:Model="B" tiff:Orientation="8"'))
    found = read(make_jpeg(exif={"Exif.Image.Make": "Canon", "Exif.Image.Orientation": "6"}), "image/jpeg", [beside])
    assert (found.camera_make, found.camera_model, found.orientation) == ("Canon", "B", 6)


def test_faces_of_a_sidecar_turn_with_the_picture(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    beside = sidecar(tmp_path, packet(elements=FACE.format(x=0.2, y=0.15, w=0.2, h=0.1, unit="normalized")))
    found = read(make_jpeg(exif={"Exif.Image.Orientation": "3"}), "image/jpeg", [beside])
    assert found.regions == [{"name": "Marie", "kind": "Face", "x": 0.7, "y": 0.8, "w": 0.2, "h": 0.1}]


def test_the_first_of_two_sidecars_counts(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    one = sidecar(tmp_path, packet('xmp:Rating="2"'), "photo.jpg.xmp")
    two = sidecar(tmp_path, packet('xmp:Rating="4" xmp:Label="Red"'), "photo.xmp")
    found = read(make_jpeg(), "image/jpeg", [one, two])
    assert (found.rating, found.label) == (2, "Red")


def test_takeout(make_jpeg: MakeJpeg, make_takeout: Callable[..., Path]) -> None:
    beside = make_takeout(
        description="Am See",
        photoTakenTime={"timestamp": "1696573800"},
        geoData={"latitude": 48.8583736, "longitude": 2.291901, "altitude": 82.09},
        people=[{"name": "Marie"}],
        favorited=True,
    )
    found = read(make_jpeg(), "image/jpeg", [beside], home_zone="UTC")
    assert (found.description, found.latitude, found.altitude, found.place) == ("Am See", 48.8583736, 82.09, "Paris")
    assert (found.taken_at, found.taken_source) == (datetime(2023, 10, 6, 6, 30, tzinfo=UTC), "takeout")
    assert (found.taken_local, found.taken_offset) == (datetime(2023, 10, 6, 8, 30), 120)
    assert json.loads(found.raw["Takeout.people"]) == [{"name": "Marie"}]


def test_takeouts_people_are_keywords_beside_the_files_own(
    make_jpeg: MakeJpeg, make_takeout: Callable[..., Path]
) -> None:
    beside = make_takeout(people=[{"name": "Ada L/B"}, {"name": ""}, "nobody", {"name": "Grace"}])
    found = read(make_jpeg(xmp=packet(elements=bag("dc:subject", "sea"))), "image/jpeg", [beside])
    assert sorted(found.keywords) == ["people/Ada L B", "people/Grace", "sea"]
    assert found.sources["keywords"] == "xmp+takeout"
    alone = read(make_jpeg("b.jpg"), "image/jpeg", [beside])
    assert (alone.keywords, alone.sources["keywords"]) == (["people/Ada L B", "people/Grace"], "takeout")


def test_a_position_set_by_hand_in_google_photos_wins(make_jpeg: MakeJpeg, make_takeout: Callable[..., Path]) -> None:
    photo = make_jpeg(exif=POSITION)
    measured = {"latitude": -33.857, "longitude": 151.215, "altitude": 0.0}
    kept = read(photo, "image/jpeg", [make_takeout(geoData=measured, geoDataExif=measured)])
    assert (kept.latitude, kept.sources["latitude"]) == (pytest.approx(-33.857), "exif")
    moved = {"latitude": 48.8583736, "longitude": 2.291901, "altitude": 0.0}
    edited = read(photo, "image/jpeg", [make_takeout(geoData=moved, geoDataExif=measured)])
    assert (edited.latitude, edited.altitude, edited.direction) == (48.8583736, None, None)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"[" * 100_000, b'{"photoTakenTime": {"timestamp": "1e99"}, "geoData": {"latitude": "x"}}',
     b'{"photoTakenTime": {"timestamp": 99999999999999}, "geoData": {"latitude": NaN, "longitude": Infinity}}',
     b'{"description": "\\ud800", "photoTakenTime": 7, "geoData": []}', b"\xff\xfe\x00"],
)  # fmt: skip
def test_takeout_that_is_none(make_jpeg: MakeJpeg, tmp_path: Path, content: bytes) -> None:
    found = read(make_jpeg(), "image/jpeg", [sidecar(tmp_path, content, "photo.jpg.json")])
    assert (found.latitude, found.taken_at) == (None, None)


def test_a_missing_sidecar_is_noted(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    found = read(
        make_jpeg(exif={"Exif.Image.Make": "Canon"}), "image/jpeg", [tmp_path / "gone.xmp", tmp_path / "gone.json"]
    )
    assert found.camera_make == "Canon"
    assert len(found.notes) == 2
