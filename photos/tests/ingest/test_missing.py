"""Files in place that are not where they were: gone, or on a disk that is not connected."""

import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from photos.editing.virtual_copies import make_copy
from photos.ingest import folders, missing
from photos.models import ImportFailure, Photo
from photos.pipeline import attention

Make = Callable[..., Path]
pytestmark = pytest.mark.django_db


@pytest.fixture
def disk(owner: User, make_picture: Make, tmp_path: Path) -> Path:
    """A library in place: two photos on one disk, and one in a folder of its own."""
    make_picture("a.jpg", folder="disk")
    make_picture("b.jpg", folder="disk", colour="red")
    make_picture("c.jpg", folder="disk/2019", colour="green")
    folders.import_folder(owner, tmp_path / "disk", in_place=True)
    return tmp_path / "disk"


def unchanged() -> bool:
    return Photo.objects.filter(missing_since=None).count() == 3


def empty(folder: Path) -> Path:
    """As a mount point is without its disk; where the disk is now."""
    away = folder.with_name(f"{folder.name}-away")
    folder.rename(away)
    folder.mkdir()
    return away


def connect(folder: Path, away: Path) -> None:
    folder.rmdir()
    away.rename(folder)


def test_an_empty_mount_point_changes_nothing(owner: User, disk: Path) -> None:
    away = empty(disk)
    report = folders.import_folder(owner, disk, in_place=True)
    assert report.absent == {str(disk): 3}
    assert unchanged()
    failure = ImportFailure.objects.get()
    assert failure.path == str(disk)
    assert "3 photos should be in it" in failure.reason
    connect(disk, away)
    assert folders.import_folder(owner, disk, in_place=True).already_there == 3
    assert not ImportFailure.objects.exists()


def test_a_root_that_is_not_there_changes_nothing(owner: User, disk: Path) -> None:
    disk.rename(disk.with_name("away"))
    assert folders.import_folder(owner, disk, in_place=True).absent == {str(disk): 3}
    assert unchanged()


def test_a_disk_below_the_root(owner: User, disk: Path, tmp_path: Path) -> None:
    (disk / "2019").rename(tmp_path / "away")
    (disk / "2019").mkdir()
    assert folders.import_folder(owner, disk, in_place=True).absent == {str(disk / "2019"): 1}
    assert unchanged()
    (disk / "2019").rmdir()
    (tmp_path / "away").rename(disk / "2019")
    assert folders.import_folder(owner, disk, in_place=True).already_there == 3
    assert not ImportFailure.objects.exists()


def test_a_link_to_a_disk_that_is_not_there(owner: User, disk: Path, make_picture: Make, tmp_path: Path) -> None:
    other = make_picture("d.jpg", folder="usb", colour="blue").parent
    (disk / "usb").symlink_to(other)
    assert folders.import_folder(owner, disk, in_place=True).added == 1
    other.rename(tmp_path / "unplugged")
    report = folders.import_folder(owner, disk, in_place=True)
    assert report.absent == {str(disk / "usb"): 1}
    assert not Photo.objects.exclude(missing_since=None).exists()


def test_a_folder_that_was_removed_is_gone(owner: User, disk: Path) -> None:
    shutil.rmtree(disk / "2019")
    report = folders.import_folder(owner, disk, in_place=True)
    assert report.absent == {}
    assert Photo.objects.get(original_name="c.jpg").missing_since


def test_a_single_file_that_was_removed_is_gone(owner: User, disk: Path) -> None:
    (disk / "a.jpg").unlink()
    assert folders.import_folder(owner, disk, in_place=True).absent == {}
    assert list(Photo.objects.exclude(missing_since=None).values_list("original_name", flat=True)) == ["a.jpg"]


def test_other_folders_of_a_like_name_are_left_alone(owner: User, disk: Path, make_picture: Make) -> None:
    near = make_picture("n.jpg", folder="disk-2", colour="white").parent
    folders.import_folder(owner, near, in_place=True)
    shutil.rmtree(near)
    empty(disk)
    assert folders.import_folder(owner, disk, in_place=True).absent == {str(disk): 3}
    assert missing.is_known(owner, near)


def test_the_command_says_so_and_fails(owner: User, disk: Path) -> None:
    away = empty(disk)
    out = StringIO()
    with pytest.raises(CommandError, match="not to be connected"):
        call_command("import_folder", str(disk), owner="anna", in_place=True, stdout=out)
    assert "3 photos should be in it" in out.getvalue()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_folder", str(disk), owner="anna", in_place=True, json=True, stdout=out)
    assert json.loads(out.getvalue())["absent"] == [{"folder": str(disk), "photos": 3}]
    disk.rmdir()
    with pytest.raises(CommandError, match="not to be connected"):
        call_command("import_folder", str(disk), owner="anna", in_place=True, stdout=StringIO())
    assert unchanged()
    away.rename(disk)
    call_command("import_folder", str(disk), owner="anna", in_place=True, stdout=StringIO())


def test_an_empty_folder_that_never_held_anything_is_no_mistake(owner: User, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    call_command("import_folder", str(tmp_path / "new"), owner="anna", in_place=True, stdout=StringIO())


def test_the_page_lists_the_disk_and_tries_again(owner: User, disk: Path, client: Client) -> None:
    away = empty(disk)
    folders.import_folder(owner, disk, in_place=True)
    client.force_login(owner)
    page = client.get(reverse("photos:attention")).content.decode()
    assert str(disk) in page
    assert "seems not to be connected" in page
    attention.import_again([ImportFailure.objects.get().pk])
    assert ImportFailure.objects.count() == 1
    disk.rmdir()
    attention.import_again([ImportFailure.objects.get().pk])
    assert "seems not to be connected" in ImportFailure.objects.get().reason
    away.rename(disk)
    attention.import_again([ImportFailure.objects.get().pk])
    assert not ImportFailure.objects.exists()
    assert unchanged()


def test_copies_are_missing_with_their_photo_and_come_back_with_it(owner: User, disk: Path, tmp_path: Path) -> None:
    photo = Photo.objects.get(original_name="a.jpg")
    make_copy(photo, owner)
    kept = (disk / "a.jpg").rename(tmp_path / "kept.jpg")
    assert folders.import_folder(owner, disk, in_place=True)
    missing.mark(owner, disk)
    assert set(Photo.objects.exclude(missing_since=None).values_list("copy_number", flat=True)) == {0, 1}
    folders.import_folder(owner, kept, in_place=True)
    family = Photo.objects.filter(sha256=photo.sha256)
    assert set(family.values_list("path", "missing_since")) == {(str(kept), None)}
    assert family.count() == 2
