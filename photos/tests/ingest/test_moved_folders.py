"""Folders in place that are moved, renamed or taken away: photos keep what was made of them."""

import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.models import User
from albums import actions as albums
from albums import items
from albums.models import Album
from people.models import Face, Person
from photos.editing import bulk, edits
from photos.ingest import folders, in_use
from photos.models import ImportFailure, Photo, WatchedFolder
from photos.storage import paths

Make = Callable[..., Path]


@pytest.fixture
def disk(tmp_path: Path, make_picture: Make) -> Path:
    for name in ("a.jpg", "b.jpg"):
        make_picture(name, folder="disk/2019/Lisbon")
    make_picture("c.jpg", folder="disk/2019")
    for second, path in enumerate(sorted((tmp_path / "disk").rglob("*.jpg"))):  # as cameras make them
        os.utime(path, (1_700_000_000 + second, 1_700_000_000 + second))
    return tmp_path / "disk"


@pytest.fixture
def folder(owner: User, disk: Path) -> WatchedFolder:
    """The folder in place, read; one photo has a title, an album, a favourite's heart and a face with a name."""
    used = in_use.use(owner, disk, WatchedFolder.Kind.IN_PLACE, watched=True, confined=False)
    read(used)
    photo = Photo.objects.get(original_name="a.jpg")
    bulk.make(owner, Photo.objects.filter(pk=photo.pk), edits.set_words(title="The tram"), owner)
    items.add(albums.create(owner, "Portugal"), [photo.pk], owner)
    Photo.objects.filter(pk=photo.pk).update(favourite=True, displayable=True)
    person = Person.objects.create(owner=owner, name="Amália")
    box = {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
    Face.objects.create(photo=photo, person=person, assignment="confirmed", score=0.9, **box)
    return used


def read(folder: WatchedFolder) -> folders.Report:
    in_use.read_again(folder)
    claimed = in_use.take()
    assert claimed is not None
    report = in_use.read(claimed)
    assert report is not None
    return report


def assert_kept(count: int = 3) -> Photo:
    """As many photos as before, none missing, and what was made of the one with its new path."""
    assert Photo.objects.count() == count
    assert not Photo.objects.exclude(missing_since=None).exists()
    assert not Photo.objects.trashed().exists()
    assert not ImportFailure.objects.exists()
    photo = Photo.objects.get(title="The tram")
    assert photo.favourite
    assert [item.photo_id for item in Album.objects.get().items.all()] == [photo.pk]
    assert photo.faces.get().person.name == "Amália"
    assert Path(photo.path).exists()
    return photo


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2019/Lisbon", "2019/Porto"),
        ("2019/Lisbon", "2019/lisbon"),  # only the case
        ("2019", "Portugal"),
        ("2019/Lisbon/a.jpg", "2019/Lisbon/A.JPG"),
        ("2019/Lisbon/a.jpg", "2019/Lisbon/" + unicodedata.normalize("NFD", "é.jpg")),
        ("2019/Lisbon", "Lisbon"),
    ],
)
def test_a_move_or_another_name_loses_nothing(folder: WatchedFolder, disk: Path, before: str, after: str) -> None:
    (disk / before).rename(disk / after)
    report = read(folder)
    assert (report.added, report.failures, report.absent) == (0, {}, {})
    assert_kept()
    assert read(folder).added == 0


def test_another_encoding_of_an_accent_is_another_name_of_the_same_file(folder: WatchedFolder, disk: Path) -> None:
    """A Mac writes é in two characters, Linux in one; a copy from one to the other changes every name."""
    composed, decomposed = (unicodedata.normalize(form, "Été") for form in ("NFC", "NFD"))
    (disk / "2019/Lisbon").rename(disk / composed)
    read(folder)
    (disk / composed).rename(disk / decomposed)
    read(folder)
    assert Path(assert_kept().path).parent.name == decomposed


def test_the_folder_that_is_shown_follows(folder: WatchedFolder, disk: Path) -> None:
    (disk / "2019/Lisbon").rename(disk / "2019/Porto")
    read(folder)
    assert assert_kept().folder == "disk/2019/Porto"


def test_two_folders_that_change_places(folder: WatchedFolder, disk: Path, make_picture: Make) -> None:
    make_picture("a.jpg", folder="disk/2020/Rome")
    read(folder)
    (disk / "2019/Lisbon").rename(disk / "x")
    (disk / "2020/Rome").rename(disk / "2019/Lisbon")
    (disk / "x").rename(disk / "2020/Rome")
    read(folder)
    assert assert_kept(4).path == str(disk / "2020/Rome/a.jpg")


def test_a_disk_that_is_not_connected_changes_nothing_and_is_said(folder: WatchedFolder, disk: Path) -> None:
    disk.rename(disk.with_name("unplugged"))
    for empty in (False, True):  # without the folder, and with an empty one, as a mount point is without its disk
        if empty:
            disk.mkdir()
        report = read(folder)
        assert sum(report.absent.values()) == 3
        folder.refresh_from_db()
        assert "not to be connected" in folder.problem
        assert not Photo.objects.exclude(missing_since=None).exists()
        assert "Connect it and try again" in ImportFailure.objects.get().reason
    os.rmdir(disk)
    disk.with_name("unplugged").rename(disk)
    read(folder)
    folder.refresh_from_db()
    assert folder.problem == ""
    assert_kept()


def test_a_disk_that_goes_in_the_middle_of_reading(
    folder: WatchedFolder, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Immich #10505 and the like: a share that drops while it is read must not look like thousands of deletions."""
    real = folders.import_file

    def dropping(*args: object, **named: object) -> None:
        if disk.exists():
            disk.rename(disk.with_name("dropped"))
            disk.mkdir()
        real(*args, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(folders, "import_file", dropping)
        read(folder)
    assert not Photo.objects.exclude(missing_since=None).exists()
    os.rmdir(disk)
    disk.with_name("dropped").rename(disk)
    read(folder)
    assert_kept()


def test_one_file_that_is_gone_is_missing_and_comes_back(folder: WatchedFolder, disk: Path, tmp_path: Path) -> None:
    shutil.move(disk / "2019/Lisbon/a.jpg", tmp_path / "a.jpg")
    read(folder)
    assert Photo.objects.get(title="The tram").missing_since is not None
    shutil.move(tmp_path / "a.jpg", disk / "2019/back.jpg")
    read(folder)
    assert assert_kept().path == str(disk / "2019/back.jpg")


def test_moved_into_a_folder_that_is_left_out_stays_known(folder: WatchedFolder, disk: Path) -> None:
    in_use.choose(folder, leave_out="Old/", only="", read_only=False, read_at="")
    (disk / "Old").mkdir()
    (disk / "2019/Lisbon/a.jpg").rename(disk / "Old/a.jpg")
    read(folder)
    assert Photo.objects.get(title="The tram").missing_since is not None
    (disk / "Old/a.jpg").rename(disk / "2019/a.jpg")
    read(folder)
    assert_kept()


def test_names_that_move_on_by_one(folder: WatchedFolder, disk: Path, make_picture: Make) -> None:
    """A program numbers a folder again: each file gets the name that the next one had."""
    lisbon = disk / "2019/Lisbon"
    (lisbon / "b.jpg").rename(lisbon / "c.jpg")
    (lisbon / "a.jpg").rename(lisbon / "b.jpg")
    assert read(folder).added == 0
    assert Path(assert_kept().path).name == "b.jpg"
    for photo in Photo.objects.all():
        assert paths.sha256_of(Path(photo.path)) == photo.sha256


def test_a_new_photo_under_the_name_of_one_that_moved_away(
    folder: WatchedFolder, disk: Path, make_picture: Make
) -> None:
    """A camera begins its numbers again: the old photo keeps its people, and the new one is another photo."""
    (disk / "zz").mkdir()
    (disk / "2019/Lisbon/a.jpg").rename(disk / "zz/a.jpg")
    make_picture("a.jpg", folder="disk/2019/Lisbon", size=(80, 60))
    assert read(folder).added == 1
    assert assert_kept(4).path == str(disk / "zz/a.jpg")


def test_a_photo_that_another_program_changed_keeps_what_it_has(
    folder: WatchedFolder, disk: Path, make_picture: Make
) -> None:
    make_picture("a.jpg", folder="disk/2019/Lisbon", size=(80, 60))
    assert read(folder).added == 1
    assert Photo.objects.count() == 3
    assert Photo.objects.get(title="The tram").path == str(disk / "2019/Lisbon/a.jpg")
