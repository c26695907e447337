"""Which folders administrators can see, and what is counted in them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from media import names
from photos.ingest import browsing

Make = Callable[..., Path]


@pytest.fixture
def shelf(tmp_path: Path, library: Path, settings: Settings, make_picture: Make) -> Path:
    """An allowed folder with pictures, beside one that is not allowed."""
    for folder in ("shelf", "shelf/2019", "shelf/2020", "shelf/2020/lisbon", "secret"):
        make_picture(folder=folder)
    (tmp_path / "shelf/notes.txt").touch()
    settings.MIRAGE_FOLDERS = [tmp_path / "shelf"]
    return tmp_path / "shelf"


def opened(path: Path | str) -> browsing.Place:
    place = browsing.open_folder(names.stored(path))
    assert place is not None
    return place


def test_pictures_are_counted_with_the_folders_below(shelf: Path) -> None:
    place = opened(shelf)
    assert place.count == browsing.Count(4)
    assert [(entry.name, entry.count.pictures) for entry in place.folders] == [("2019", 1), ("2020", 2)]
    assert [entry.name for entry in opened(shelf / "2020/lisbon").trail] == [str(shelf), "2020", "lisbon"]


@pytest.mark.parametrize("asked", ["..", "2019/../..", "../secret", "/", "/etc", "", "2019\0", "relative", "gone"])
def test_nothing_else_can_be_opened(shelf: Path, asked: str) -> None:
    path = asked if asked.startswith("/") or asked in ("", "relative") else f"{shelf}/{asked}"
    assert browsing.open_folder(path) is None


def test_a_file_cannot_be_opened(shelf: Path) -> None:
    assert browsing.open_folder(str(shelf / "notes.txt")) is None


def test_links_do_not_lead_out(shelf: Path) -> None:
    (shelf / "way out").symlink_to(shelf.parent / "secret")
    (shelf / "inside").symlink_to(shelf / "2019")
    (shelf / "loop").symlink_to(shelf / "loop")
    place = opened(shelf)
    assert [entry.name for entry in place.folders] == ["2019", "2020", "inside"]
    assert browsing.open_folder(str(shelf / "way out")) is None
    assert opened(shelf / "inside").path == shelf / "2019"


def test_an_allowed_folder_may_be_a_link(shelf: Path, settings: Settings) -> None:
    (shelf.parent / "link").symlink_to(shelf)
    settings.MIRAGE_FOLDERS = [shelf.parent / "link", shelf / "2019", shelf.parent / "gone"]
    assert browsing.roots() == [shelf]
    assert [entry.path for entry in browsing.start()] == [shelf]


def test_hidden_folders_and_helpers_are_not_shown(shelf: Path, make_picture: Make) -> None:
    for name in (".ssh", "@eaDir", ".hidden/inner"):
        make_picture(folder=f"shelf/{name}")
    place = opened(shelf)
    assert [entry.name for entry in place.folders] == ["2019", "2020"]
    assert place.count.pictures == 4
    assert browsing.open_folder(str(shelf / ".ssh")) is None
    assert browsing.open_folder(str(shelf / ".hidden/inner")) is None


def test_the_library_itself_is_not_shown(shelf: Path, settings: Settings, make_picture: Make) -> None:
    settings.MIRAGE_DATA = shelf / "data"
    make_picture(folder="shelf/data/originals")
    assert [entry.name for entry in opened(shelf).folders] == ["2019", "2020"]
    assert browsing.open_folder(str(shelf / "data/originals")) is None


def test_names_that_are_not_utf8(shelf: Path) -> None:
    odd = os.fsencode(shelf) + b"/caf\xe9"
    os.mkdir(odd)
    entry = next(entry for entry in opened(shelf).folders if entry.name.startswith("caf"))
    assert "\udce9" not in entry.stored
    place = browsing.open_folder(entry.stored)
    assert place is not None
    assert place.path == Path(os.fsdecode(odd))


def test_what_takes_too_long_is_a_lower_limit(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "SECONDS", -1)
    place = opened(shelf)
    assert (place.count.pictures, place.count.more) == (1, True)


def test_many_folders_are_cut_off(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "MOST_FOLDERS", 1)
    place = opened(shelf)
    assert ([entry.name for entry in place.folders], place.truncated, place.count.more) == (["2019"], True, True)


@pytest.mark.parametrize("name", ["Takeout/", "takeout-20240101-001.zip", "Photo Details.csv", "archive_browser.html"])
def test_exports_are_recognised(shelf: Path, name: str) -> None:
    assert not opened(shelf).is_export
    if name.endswith("/"):
        (shelf / name).mkdir()
    else:
        (shelf / name).touch()
    assert opened(shelf).is_export


def test_without_any_allowed_folder(shelf: Path, settings: Settings) -> None:
    settings.MIRAGE_FOLDERS = []
    assert browsing.start() == []
    assert browsing.open_folder(str(shelf)) is None
