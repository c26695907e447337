"""Which files of a folder are read: patterns of the folder, lists in it, and markers of phones."""

import os
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from mirage.refusals import NotPossible
from photos.editing import sidecar_writing
from photos.ingest import folders, in_use, patterns
from photos.ingest.patterns import BY_PATTERN, NOT_CHOSEN, Rules
from photos.ingest.walking import Walk, comes_to
from photos.models import Photo, WatchedFolder

Make = Callable[..., Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def touch(root: Path, *files: str) -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def read_of(root: Path, leave_out: str = "", only: str = "") -> list[str]:
    """What a walk reads; a look at every path alone must say the same, for that is how changes are met."""
    rules = Rules(root, leave_out, only)
    walk = Walk(root, root.parent / "library", rules=rules)
    found = [str(path.relative_to(root)) for path, _ in walk.files()]
    every = [Path(place) / name for place, _, files in os.walk(root) for name in files]
    alone = [path for path in every if comes_to(path, root, root.parent / "library", Rules(root, leave_out, only))]
    assert sorted(found) == sorted(str(path.relative_to(root)) for path in alone)
    return found


@pytest.mark.parametrize(
    ("leave_out", "left"),
    [
        ("*.tif", ["A/x.jpg", "Raw/r.jpg", "a/Raw/q.jpg", "x.jpg"]),
        ("**/Raw/**", ["A/x.jpg", "a/keep.tif", "x.jpg"]),  # as Immich writes it
        ("Raw/", ["A/x.jpg", "a/keep.tif", "x.jpg"]),
        ("/Raw", ["A/x.jpg", "a/Raw/q.jpg", "a/keep.tif", "x.jpg"]),
        ("*\n!keep.tif\n!*/", ["a/keep.tif"]),
        ("# a word\n\n", ["A/x.jpg", "Raw/r.jpg", "a/Raw/q.jpg", "a/keep.tif", "x.jpg"]),
        ("A/X.JPG", ["Raw/r.jpg", "a/Raw/q.jpg", "a/keep.tif", "x.jpg"]),
        ("*.*", []),
        ("X.*\n", ["Raw/r.jpg", "a/Raw/q.jpg", "a/keep.tif"]),
    ],
)
def test_patterns_are_those_of_gitignore(root: Path, leave_out: str, left: list[str]) -> None:
    touch(root, "x.jpg", "a/keep.tif", "A/x.jpg", "a/Raw/q.jpg", "Raw/r.jpg")
    assert sorted(read_of(root, leave_out)) == left


def test_accents_are_compared_however_they_are_encoded(root: Path) -> None:
    touch(root, unicodedata.normalize("NFD", "Été/é.jpg"), "日本/花.jpg")
    assert read_of(root, "été/") == ["日本/花.jpg"]
    assert read_of(root, "日本\nÉ.JPG") == []


def test_only_what_is_chosen_with_its_sidecars(root: Path) -> None:
    touch(root, "a.jpg", "a.jpg.xmp", "b.png", "b.png.xmp", "Best/c.png")
    walk = Walk(root, root.parent / "library", rules=Rules(root, only="*.jpg\nBest/"))
    found = {path.name: beside for path, beside in walk.files()}
    assert {"a.jpg", "c.png"} <= set(found)
    assert "b.png" not in found
    assert "a.jpg.xmp" in found["a.jpg"]
    assert walk.left_out == {root / "b.png": NOT_CHOSEN}


def test_the_sidecar_of_a_photo_that_is_left_out_is_no_riddle(owner: User, root: Path, library: Path) -> None:
    touch(root, "b.png", "b.png.xmp")
    WatchedFolder.objects.create(owner=owner, path=str(root), leave_out="*.png")
    assert folders.import_folder(owner, root).unmatched == []


@pytest.mark.parametrize("marker", [".nomedia", ".noimage", ".nomemories", ".NoMedia"])
def test_folders_with_a_marker_are_left_out_but_not_the_chosen_one(root: Path, marker: str) -> None:
    touch(root, ".nomedia", "a.jpg", "b/x.jpg", "b/c/y.jpg", f"b/{marker}")
    walk = Walk(root, root.parent / "library")
    assert [path.name for path, _ in walk.files()] == ["a.jpg"]
    assert walk.left_out == {root / "b": f"the folder holds a file {marker}"}


@pytest.mark.parametrize("name", [".ppignore", ".mirageignore"])
def test_lists_in_a_folder_hold_for_it_and_what_is_below(root: Path, name: str) -> None:
    touch(root, "a.png", "b/a.png", "b/c/a.png", "b/c/keep.png", "b/x.jpg")
    (root / "b" / name).write_text("\ufeff# PhotoPrism\n*.PNG\n!keep.png\n", encoding="utf-8")
    assert sorted(read_of(root)) == ["a.png", "b/c/keep.png", "b/x.jpg"]


@pytest.mark.parametrize("line", ["iPhone David/Cars", "iPhone\\ David/Cars", "/iphone david/cars/", "iPhone*/Cars/**"])
def test_names_with_spaces(root: Path, line: str) -> None:
    """PhotoPrism #643."""
    touch(root, "iPhone David/Cars/a.jpg", "iPhone David/b.jpg")
    (root / ".ppignore").write_text(line)
    assert read_of(root) == ["iPhone David/b.jpg"]


def test_a_raw_file_beside_a_picture_is_left_out_too(root: Path) -> None:
    """PhotoPrism #1934 and #5447: there, files that belong to others came all the same, and some by their capitals."""
    touch(root, "a.jpg", "a.DNG", "b.dng", "c.MOV", "c.mov", "c.heic", "d/e.RAF")
    assert read_of(root, "*.dng\n*.raf\n*.mov") == ["a.jpg", "c.heic"]


def test_the_nearest_list_decides(root: Path) -> None:
    touch(root, "b/a.png", "a.png")
    (root / "b/.ppignore").write_text("!a.png")
    assert read_of(root, "*.png") == ["b/a.png"]


def test_lists_that_cannot_be_read_say_nothing(root: Path) -> None:
    touch(root, "a.jpg", "b/x.jpg")
    os.mkfifo(root / ".ppignore")
    (root / "b/.ppignore").mkdir()
    (root / "b/.mirageignore").write_bytes(b"\xff\xfe\n!\n" + b"*" * 40 + b"\n")
    assert sorted(read_of(root)) == ["a.jpg", "b/x.jpg"]


@pytest.mark.parametrize("line", ["!", "\\", "a" * 201, "*" * 4, "*a*a*a*b", "a**b**c", "a/**" * 4])
def test_what_is_no_pattern_is_refused_by_name(line: str) -> None:
    with pytest.raises(NotPossible, match="no pattern"):
        patterns.clean(f"*.tif\n{line}")
    assert patterns.clean("*.tif  \r\n\r\n# ***** raw\r\n") == "*.tif\n\n# ***** raw"
    with pytest.raises(NotPossible, match="500"):
        patterns.clean("a\n" * 501)


@pytest.mark.parametrize("line", ["*a*a*ab", "**/*a/**/*a/**/*b", "a/**/a/**/a/**/b"])
def test_what_is_a_pattern_is_compared_in_a_moment(root: Path, line: str) -> None:
    rules, began = Rules(root, patterns.clean(line)), time.process_time()
    for path in (root / ("a" * 250), root.joinpath(*["a"] * 250)):
        assert rules.why(path, is_folder=False) == ""
    assert time.process_time() - began < 1


def test_a_line_of_a_list_that_is_no_pattern_is_left_out_and_logged(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    touch(root, "a.png", "b.jpg")
    (root / ".ppignore").write_text("*a*a*a*a*b\n*.png\n")
    rules = Rules(root)
    assert [name for name in ("a.png", "b.jpg") if not rules.why(root / name, is_folder=False)] == ["b.jpg"]
    assert [record.getMessage() for record in caplog.records] == [
        f"{root}: '*a*a*a*a*b' is no pattern that can be read"
    ]


def test_what_folders_hold_is_looked_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []

    def look(folder: Path) -> list[str]:
        looked.append(folder)
        return []

    monkeypatch.setattr(patterns, "markers_in", look)
    rules = Rules(root, "*.tif")
    for number in range(20):
        assert rules.why_anywhere(root / f"a/b/{number}.jpg", is_folder=False) == ""
    assert looked == [root / "a", root / "a/b"]


def test_a_reading_obeys_the_patterns_of_its_own_folder(owner: User, root: Path, library: Path) -> None:
    """Also where a folder around it came into use by the command."""
    touch(root, "a/Raw/x.jpg")
    inner = in_use.use(owner, root / "a", WatchedFolder.Kind.COPIED, watched=False, confined=False)
    in_use.choose(inner, leave_out="Raw/", only="", read_only=False, read_at="")
    folders.remember_in_place(owner, root)
    report = read(inner)
    assert report is not None
    assert report.left_out == {str(root / "a/Raw"): BY_PATTERN}


def test_an_import_below_a_folder_in_use_obeys_its_patterns(owner: User, root: Path, library: Path) -> None:
    touch(root, "a/Raw/x.jpg")
    WatchedFolder.objects.create(owner=owner, path=str(root), leave_out="/a/Raw/")
    report = folders.import_folder(owner, root / "a")
    assert report.left_out == {str(root / "a/Raw"): BY_PATTERN}


def test_nothing_in_the_library_changes_when_a_pattern_comes(owner: User, tmp_path: Path, make_picture: Make) -> None:
    """Immich #28178 and #20372: there, `*.*` moved every photo to the trash, and then from the disk."""
    kept = make_picture("a.jpg", folder="in")
    folder = in_use.use(owner, tmp_path / "in", WatchedFolder.Kind.IN_PLACE, watched=False, confined=False)
    read(folder)
    in_use.choose(folder, leave_out="*.*", only="", read_only=False, read_at="")
    folder.refresh_from_db()
    assert folder.is_pending
    report = read(folder)
    assert report is not None
    assert report.absent == {}
    photo = Photo.objects.get()
    assert (photo.trashed_at, photo.missing_since) == (None, None)
    assert kept.exists()


def read(folder: WatchedFolder) -> folders.Report | None:
    claimed = in_use.take()
    assert claimed == folder
    return in_use.read(claimed)


def test_nothing_is_written_where_somebody_said_so(
    owner: User, tmp_path: Path, make_picture: Make, settings: Settings
) -> None:
    settings.MIRAGE_WRITE_SIDECARS = "everywhere"
    make_picture("a.jpg", folder="in")
    folder = in_use.use(owner, tmp_path / "in", WatchedFolder.Kind.IN_PLACE, watched=False, confined=False)
    read(folder)
    photo = Photo.objects.get()
    assert sidecar_writing.is_allowed(photo)
    in_use.choose(folder, leave_out="", only="", read_only=True, read_at="")
    assert not sidecar_writing.is_allowed(photo)
    assert sidecar_writing.run([photo.pk]) == {}
    assert os.listdir(tmp_path / "in") == ["a.jpg"]
    with pytest.raises(NotPossible, match="Sidecars would be written"):
        in_use.stop_using(folder)
    assert not sidecar_writing.is_allowed(photo)
    settings.MIRAGE_WRITE_SIDECARS = "library"
    in_use.stop_using(folder)
    assert not WatchedFolder.objects.exists()
