"""The optional layer: a stand-in program prints what exiftool would."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from media.metadata.reading import read

MakeJpeg = Callable[..., Path]


def program(tmp_path: Path, prints: str) -> str:
    path = tmp_path / "exiftool"
    path.write_text(f"#!/bin/sh\ncat <<'END'\n{prints}\nEND\n")
    path.chmod(0o755)
    return str(path)


def test_it_runs_if_nothing_else_has_a_date(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    tags = {"DateTimeOriginal": "2019:05:04 12:00:00.25", "OffsetTimeOriginal": "+09:00", "Make": "Reconyx", "ISO": 400}
    tags |= {"GPSLatitude": 35.5, "GPSLongitude": 139.5, "SourceFile": "x"}
    asked = program(tmp_path, json.dumps([tags]))
    found = read(make_jpeg(), "image/jpeg", exiftool_program=asked)
    assert (found.taken_local, found.taken_offset) == (datetime(2019, 5, 4, 12, 0, 0, 250000), 540)
    assert (found.taken_source, found.camera_make, found.iso) == ("exiftool", "Reconyx", 400)
    assert (found.latitude, found.country_code, found.raw["ExifTool.Make"]) == (35.5, "JP", "Reconyx")


def test_it_does_not_run_if_the_file_has_a_date(make_jpeg: MakeJpeg, tmp_path: Path) -> None:
    asked = program(tmp_path, json.dumps([{"DateTimeOriginal": "1999:01:01 00:00:00", "Make": "Other"}]))
    photo = make_jpeg(exif={"Exif.Photo.DateTimeOriginal": "2019:05:04 12:00:00"})
    found = read(photo, "image/jpeg", exiftool_program=asked)
    assert (found.taken_local, found.camera_make) == (datetime(2019, 5, 4, 12), None)


@pytest.mark.parametrize("prints", ["", "[]", "{", "[3]", '{"a": 1}', '[{"ISO": "many", "GPSLatitude": 1}]'])
def test_nonsense_does_no_harm(make_jpeg: MakeJpeg, tmp_path: Path, prints: str) -> None:
    found = read(make_jpeg(), "image/jpeg", exiftool_program=program(tmp_path, prints))
    assert found.taken_source == "file" or found.taken_local is None


def test_a_program_that_is_not_there_is_noted(make_jpeg: MakeJpeg) -> None:
    found = read(make_jpeg(), "image/jpeg", exiftool_program="/nowhere/exiftool")
    assert any("exiftool" in note for note in found.notes)
