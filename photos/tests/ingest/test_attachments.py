"""Sidecars kept beside photos: which version counts, and what becomes of one that cannot be read."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.models import User
from media.tests.metadata.conftest import packet
from photos import pipeline
from photos.editing import bulk, edits
from photos.ingest import attachments, folders
from photos.models import ImportFailure, Photo, PhotoFile
from photos.pipeline import attention
from photos.storage import paths

MakePicture = Callable[..., Path]
TITLE = '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:title>'
BROKEN = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF"


def work() -> None:
    for name in ("metadata", "sidecars"):
        while pipeline.perform_next(pipeline.STAGES[name]):
            pass


def titled(title: str) -> bytes:
    return packet(elements=TITLE.format(title)) if title else packet('xmp:Rating="3"')


class Folder:
    """A folder with one photo and what lies beside it; each import is told which day it is."""

    def __init__(self, owner: User, picture: Path, in_place: bool) -> None:
        self.owner, self.picture, self.in_place, self.day = owner, picture, in_place, 0

    def put(self, content: bytes, name: str = "", day: int | None = None) -> Path:
        """Write a sidecar, changed on that day."""
        self.day += 1
        path = self.picture.with_name(name or f"{self.picture.name}.xmp")
        path.write_bytes(content)
        changed = datetime(2024, 1, self.day if day is None else day, tzinfo=UTC).timestamp()
        os.utime(path, (changed, changed))
        return path

    def taken_in(self, root: Path | None = None) -> Photo:
        folders.import_folder(self.owner, root or self.picture.parent, in_place=self.in_place)
        work()
        return Photo.objects.get(owner=self.owner)


@pytest.fixture(params=[False, True], ids=["copied", "in place"])
def folder(request: pytest.FixtureRequest, owner: User, make_picture: MakePicture, tmp_path: Path) -> Folder:
    picture = make_picture()
    beside = tmp_path / "beside"
    beside.mkdir()
    return Folder(owner, picture.rename(beside / "IMG_1.jpg"), in_place=request.param)


def test_the_newest_version_counts_however_often(folder: Folder) -> None:
    for version in range(5):
        folder.put(titled(f"version {version}"))
        assert folder.taken_in().title == f"version {version}"
    folder.put(titled("version 1"))
    assert folder.taken_in().title == "version 1"
    photo = folder.taken_in()
    assert photo.files.filter(current=True).count() == 1


def test_values_removed_from_a_sidecar_are_gone(folder: Folder) -> None:
    folder.put(titled("A title"))
    assert folder.taken_in().title == "A title"
    folder.put(titled(""))
    photo = folder.taken_in()
    assert (photo.title, photo.rating) == ("", 3)


def test_putting_an_older_version_back_counts_too(folder: Folder) -> None:
    folder.put(titled("first"))
    folder.taken_in()
    folder.put(titled("second"))
    folder.taken_in()
    folder.put(titled("first"), day=1)  # as a copy from a backup is dated
    assert folder.taken_in().title == "first"


def test_an_old_version_elsewhere_changes_nothing(folder: Folder, tmp_path: Path) -> None:
    folder.put(titled("new"), day=20)
    folder.taken_in()
    old = tmp_path / "backup"
    old.mkdir()
    (old / "IMG_1.jpg").write_bytes(folder.picture.read_bytes())
    (old / "IMG_1.jpg.xmp").write_bytes(titled("old"))
    os.utime(old / "IMG_1.jpg.xmp", (1_500_000_000, 1_500_000_000))
    for _ in range(2):
        assert folder.taken_in(old).title == "new"
        assert folder.taken_in().title == "new"


def test_the_full_name_comes_first_and_the_stem_fills_in(folder: Folder) -> None:
    folder.put(packet('xmp:Rating="2"', TITLE.format("stem")), "IMG_1.xmp")
    folder.put(packet(elements=TITLE.format("full")))
    photo = folder.taken_in()
    assert (photo.title, photo.rating) == ("full", 2)
    assert {row.role for row in photo.files.all()} == {PhotoFile.Role.EXACT, PhotoFile.Role.STEM}


def test_one_that_cannot_be_read_needs_attention_and_the_version_before_counts(folder: Folder) -> None:
    folder.put(titled("sound"))
    folder.taken_in()
    path = folder.put(BROKEN)
    assert folder.taken_in().title == ("" if folder.in_place else "sound")  # in place there is one version only
    failure = ImportFailure.objects.get()
    assert (failure.owner, failure.path) == (folder.owner, str(path))
    assert failure.reason.startswith("This sidecar of IMG_1.jpg cannot be read. It is damaged: ")
    folder.put(titled("mended"))
    assert folder.taken_in().title == "mended"
    assert not ImportFailure.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("IMG_1.jpg.xmp", b""),
        ("IMG_1.xmp", BROKEN),
        ("IMG_1.jpg.xmp", b"no XMP"),
        ("IMG_1.jpg.supplemental-metadata.json", b'{"title": "IMG_1'),
    ],
)
def test_a_first_version_that_cannot_be_read(folder: Folder, name: str, content: bytes) -> None:
    path = folder.put(content, name)
    assert folder.taken_in().title == ""
    assert list(ImportFailure.objects.values_list("path", flat=True)) == [str(path)]


def test_trying_again_reads_what_lies_there_now(folder: Folder) -> None:
    path = folder.put(BROKEN)
    photo = folder.taken_in()
    attention.import_again([ImportFailure.objects.get().pk])
    work()
    assert ImportFailure.objects.get().path == str(path)
    folder.put(titled("mended"))
    attention.import_again([ImportFailure.objects.get().pk])
    work()
    photo.refresh_from_db()
    assert (photo.title, ImportFailure.objects.count()) == ("mended", 0)


def test_a_sidecar_that_came_by_itself_is_named_as_it_is_kept(owner: User, make_picture: MakePicture) -> None:
    picture = make_picture()
    folders.import_folder(owner, picture)
    photo = Photo.objects.get()
    upload = picture.with_name("mirage-x.xmp")
    upload.write_bytes(BROKEN)
    attachments.attach(photo, [upload], name="IMG.xmp")
    work()
    row = photo.files.get()
    assert (row.role, row.origin) == (PhotoFile.Role.STEM, "")
    assert ImportFailure.objects.get().path == str(paths.original_path(row))


def test_one_that_is_nobodys_is_named(folder: Folder) -> None:
    folder.put(titled("a"), "IMG_7.jpg.xmp")
    folder.put(titled("b"))
    report = folders.import_folder(folder.owner, folder.picture.parent, in_place=folder.in_place)
    assert report.unmatched == report.as_dict()["unmatched"] == [str(folder.picture.with_name("IMG_7.jpg.xmp"))]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("IMG_1.jpg.xmp", PhotoFile.Role.EXACT),
        ("IMG_1.CR2.XMP", PhotoFile.Role.EXACT),
        ("IMG_1.xmp", PhotoFile.Role.STEM),
        ("Dr. No.xmp", PhotoFile.Role.STEM),
        ("IMG_1.jpg.json", PhotoFile.Role.TAKEOUT),
    ],
)
def test_roles(name: str, role: PhotoFile.Role) -> None:
    assert attachments.role_of(name) == role


def test_mirages_own_hand_is_no_version_until_another_program_changes_it(
    owner: User, make_picture: MakePicture, settings: Settings
) -> None:
    settings.MIRAGE_WRITE_SIDECARS = "everywhere"
    folder = Folder(owner, make_picture(), in_place=True)
    folder.put(titled("theirs"))
    photo = folder.taken_in()
    bulk.make(owner, Photo.objects.all(), edits.set_words(description="Mine"), owner)
    work()
    assert photo.files.get(role=PhotoFile.Role.WRITTEN).current
    assert folder.taken_in().title == "theirs"
    assert not photo.files.filter(role=PhotoFile.Role.EXACT, current=True, in_place=True).exists()
    folder.put(titled("changed by digiKam"), day=28)
    assert folder.taken_in().title == "changed by digiKam"
