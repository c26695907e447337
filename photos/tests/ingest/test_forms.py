"""What browsers announce and send, checked."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from photos.ingest.forms import (
    AnnouncementForm,
    CheckForm,
    FinishForm,
    SidecarForm,
    SumsField,
    moment,
    temporary_copy,
)
from photos.ingest.uploads import Announcement

SUM = "a" * 64
KEY = "k" * 16


@pytest.mark.parametrize(
    ("value", "sums"), [(SUM, [SUM]), (f"{SUM},{'b' * 64},", [SUM, "b" * 64]), (f",{SUM},", [SUM])]
)
def test_sums(value: str, sums: list[str]) -> None:
    form = CheckForm({"sha256": value})
    assert form.is_valid()
    assert form.cleaned_data["sha256"] == sums


@pytest.mark.parametrize(
    "value", ["", "a" * 63, "A" * 64, "g" * 64, f"{SUM}\n", f"{SUM},short", ",".join([SUM] * (SumsField.MOST + 1))]
)
def test_invalid_sums(value: str) -> None:
    assert not CheckForm({"sha256": value}).is_valid()


@pytest.mark.parametrize(
    ("filename", "name"), [("a.jpg", "a.jpg"), ("C:\\Photos\\a.HEIC", "a.HEIC"), ("../../a.mp4", "a.mp4")]
)
def test_a_file_is_announced_by_its_own_name(filename: str, name: str) -> None:
    form = AnnouncementForm({"filename": filename, "folder": "Rome", "modified": "1714557600000"})
    assert form.is_valid()
    assert form.announcement(5) == Announcement(name, 5, "Rome", datetime(2024, 5, 1, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"filename": "a.exe"}, 415),
        ({}, 415),
        ({"filename": "a.jpg", "modified": "yesterday"}, 422),
        ({"filename": "a.jpg", "folder": "x" * 1025}, 422),
    ],
)
def test_invalid_announcements(data: dict[str, str], status: int) -> None:
    form = AnnouncementForm(data)
    assert not form.is_valid()
    assert form.status == status


@pytest.mark.parametrize(("value", "valid"), [(SUM, True), ("", True), ("abc", False)])
def test_the_sum_at_the_end_may_be_left_out(value: str, valid: bool) -> None:
    assert FinishForm({"sha256": value}).is_valid() is valid


def sidecar(name: str = "a.jpg.xmp", content: bytes = b"<x/>", photo: str = KEY) -> SidecarForm:
    return SidecarForm({"photo": photo}, {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("name", ["a.xmp", "a.jpg.xmp", "a.jpg.json"])
def test_sidecars(name: str) -> None:
    assert sidecar(name).is_valid()


def test_invalid_sidecars(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "type of sidecar" in sidecar("a.exe").errors["file"][0]
    assert "photo" in sidecar(photo="k" * 15).errors
    assert "file" in sidecar(content=b"").errors
    monkeypatch.setattr(SidecarForm, "MOST_BYTES", 3)
    assert "too large" in sidecar().errors["file"][0]


def test_a_copy_on_the_disk_is_there_only_meanwhile() -> None:
    with temporary_copy(SimpleUploadedFile("a.jpg", b"x" * 100_000), ".jpg") as path:
        assert path.read_bytes() == b"x" * 100_000
        assert path.suffix == ".jpg"
    assert not Path(path).exists()


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (None, None),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1714557600000.5, datetime(2024, 5, 1, 10, 0, 0, 500, tzinfo=UTC)),
        (-86_400_000, datetime(1969, 12, 31, tzinfo=UTC)),
        (1e20, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_instants_of_a_browsers_clock(milliseconds: Any, expected: datetime | None) -> None:
    assert moment(milliseconds) == expected
