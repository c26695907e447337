"""Which files an import goes through, by which ways, and what it passes over."""

from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.models import User
from media import left_out
from photos.ingest import folders
from photos.ingest.walking import Walk
from photos.models import Photo


def touch(*files: Path) -> None:
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def gone_through(walk: Walk) -> list[str]:
    return [str(path.relative_to(walk.root)) for path, _ in walk.files()]


def walk_of(root: Path) -> Walk:
    return Walk(root, root.parent / "library")


def test_in_order_and_without_what_is_hidden(root: Path) -> None:
    touch(
        root / "b.jpg", root / "a/2.jpg", root / "a/1.jpg", root / ".hidden/x.jpg", root / ".y.jpg", root / "c/d/e.jpg"
    )
    assert gone_through(walk_of(root)) == ["b.jpg", "a/1.jpg", "a/2.jpg", "c/d/e.jpg"]


def test_links_to_folders_are_followed_once_and_last(root: Path, tmp_path: Path) -> None:
    touch(tmp_path / "other/x.jpg", root / "real/y.jpg")
    (root / "a-link").symlink_to(tmp_path / "other")
    (root / "b-link").symlink_to(tmp_path / "other")
    (root / "c-link").symlink_to(root / "real")
    walk = walk_of(root)
    assert gone_through(walk) == ["real/y.jpg", "a-link/x.jpg"]
    assert walk.loops == {root / "b-link": tmp_path / "other", root / "c-link": root / "real"}


def test_loops_end_and_are_listed(root: Path, tmp_path: Path) -> None:
    touch(root / "a/b/x.jpg")
    (root / "a/b/up").symlink_to(root / "a")
    (root / "a/self").symlink_to(".")
    (root / "a/out").symlink_to(tmp_path / "other")
    touch(tmp_path / "other/y.jpg")
    (tmp_path / "other/back").symlink_to(root)
    walk = walk_of(root)
    assert sorted(gone_through(walk)) == ["a/b/x.jpg", "a/out/y.jpg"]
    assert set(walk.loops) == {root / "a/b/up", root / "a/self", root / "a/out/back"}


def test_a_root_that_is_a_link(root: Path, tmp_path: Path) -> None:
    touch(root / "a.jpg")
    (tmp_path / "link").symlink_to(root)
    assert gone_through(walk_of(tmp_path / "link")) == ["a.jpg"]


def test_the_library_is_not_entered_by_any_way(root: Path) -> None:
    touch(root / "library/originals/anna/x.jpg", root / "a.jpg")
    (root / "link").symlink_to(root / "library/originals")
    walk = Walk(root, root / "library")
    assert gone_through(walk) == ["a.jpg"]
    assert walk.loops == {}


def test_a_folder_that_is_gone_is_a_failure(root: Path) -> None:
    touch(root / "a/x.jpg", root / "b/y.jpg")
    walk = walk_of(root)
    found = []
    for path, _ in walk.files():
        found.append(path.name)
        (root / "b/y.jpg").unlink()
        (root / "b").rmdir()
    assert found == ["x.jpg"]
    assert list(walk.failures) == [root / "b"]


HELPERS = [
    "GL010001.LRV",
    "GX010001.THM",
    "DJI_0001.LRF",
    "LRV_20210101_120000_01_001.insv",
    "IMG_1.jpg~",
    "IMG_1.JPG_original",
    "IMG_1.jpg_exiftool_tmp",
    "IMG_1.jpg.bak",
    "holiday.mp4.part",
    "Unconfirmed 123.crdownload",
    "IMG_1.tmp",
    "video.mkv.!qB",
]
PHOTOS = [
    "IMG_1.jpg",
    "VID_1.insv",
    "part.jpg",
    "tmp.jpg",
    "my~photo.jpg",
    "x_original.jpg",
    "notes.txt",
    "notes.bak",
    "a~",
]
CLOSED = [
    "@eaDir",
    "#recycle",
    "$RECYCLE.BIN",
    "Lightroom Previews.lrdata",
    "Catalog.lrcat-data",
    "Photos Library.photoslibrary/resources",
    "Photos Library.photoslibrary/database",
    "Old.aplibrary/Previews",
    "M4ROOT/THMBNL",
    "M4ROOT/SUB",
]
OPEN = [
    "Photos Library.photoslibrary/originals",
    "Old.aplibrary/Masters",
    "Photos Library.photoslibrary",
    "SUB",
    "resources",
]


@pytest.mark.parametrize("name", HELPERS)
def test_helper_files_are_left_out_with_the_reason(name: str) -> None:
    assert left_out.why_left_out(name)


@pytest.mark.parametrize("name", PHOTOS)
def test_other_names_are_looked_at(name: str) -> None:
    assert left_out.why_left_out(name) == ""


@pytest.mark.parametrize("name", CLOSED)
def test_folders_of_previews_are_left_out(name: str) -> None:
    assert left_out.why_not_entered(Path("/x") / name)


@pytest.mark.parametrize("name", OPEN)
def test_other_folders_are_entered(name: str) -> None:
    assert left_out.why_not_entered(Path("/x") / name) == ""


@pytest.mark.django_db
def test_helpers_are_counted_and_named(owner: User, make_picture: Callable[..., Path]) -> None:
    root = make_picture("IMG_1.jpg").parent
    for name in HELPERS:
        make_picture("x.jpg", colour="red").rename(root / name)
    make_picture("deep.jpg", folder="pictures/@eaDir/IMG_1.jpg", colour="red")
    make_picture("x.jpg", folder="pictures/P.photoslibrary/originals/1", colour="green")
    make_picture("y.jpg", folder="pictures/P.photoslibrary/resources/1", colour="blue")
    report = folders.import_folder(owner, root)
    assert (report.added, report.skipped, report.failures) == (2, 0, {})
    expected = {*(str(root / name) for name in HELPERS), str(root / "@eaDir"), str(root / "P.photoslibrary/resources")}
    assert set(report.left_out) == expected
    assert report.as_dict()["left_out"] == len(expected)
    assert Photo.objects.count() == 2
