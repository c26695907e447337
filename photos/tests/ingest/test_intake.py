"""From a file to a row: once, whole, readable, and recoverable at every instant."""

import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts.models import User
from media.storage_template import Facts
from photos.ingest import intake
from photos.ingest.intake import Status
from photos.models import ImportFailure, Photo, PhotoFile
from photos.storage import paths, strays

Make = Callable[..., Path]


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_picture_is_copied_to_a_readable_place_and_waits_for_the_pipeline(owner: User, make_picture: Make) -> None:
    source = make_picture("IMG_20190504_183000.jpg")
    outcome = intake.ingest(owner, source)
    assert outcome.status is Status.ADDED
    photo = outcome.photo
    assert photo is not None
    assert photo.path == "anna/2019/05/IMG_20190504_183000.jpg"
    assert paths.original_path(photo).read_bytes() == source.read_bytes()
    assert photo.sha256 == paths.sha256_of(source)
    assert (photo.media_type, photo.kind, photo.size) == ("image/jpeg", "photo", source.stat().st_size)
    assert photo.stage_runs.get().status == "waiting"
    assert files_in(paths.incoming_folder()) == []


def test_the_same_bytes_again_are_already_there(owner: User, make_picture: Make, tmp_path: Path) -> None:
    source = make_picture()
    twin = shutil.copy(source, tmp_path / "another name.jpg")
    first = intake.ingest(owner, source)
    second = intake.ingest(owner, Path(twin))
    assert second.status is Status.PRESENT
    assert second.photo == first.photo
    assert len(files_in(paths.originals_folder())) == 1


def test_two_owners_may_have_the_same_picture(owner: User, stranger: User, make_picture: Make) -> None:
    source = make_picture()
    assert intake.ingest(owner, source).status is intake.ingest(stranger, source).status is Status.ADDED


def test_other_files_are_skipped(owner: User, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("milk, bread")
    assert intake.ingest(owner, text).status is Status.SKIPPED
    assert not Photo.objects.exists()


def test_a_broken_picture_is_kept(owner: User, tmp_path: Path) -> None:
    broken = tmp_path / "IMG_1.jpg"
    broken.write_bytes(b"this was a picture once")
    photo = intake.ingest(owner, broken).photo
    assert photo is not None
    assert paths.original_path(photo).read_bytes() == b"this was a picture once"


def test_a_name_that_is_taken_gets_a_suffix(owner: User, make_picture: Make) -> None:
    name = "IMG_20200101_000000.jpg"
    photos = [intake.ingest(owner, make_picture(name, folder=folder)).photo for folder in ("a", "b", "c")]
    stem = "anna/2020/01/IMG_20200101_000000"
    assert [photo and photo.path for photo in photos] == [f"{stem}.jpg", f"{stem}-1.jpg", f"{stem}-2.jpg"]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("..", "unnamed"),
        (".hidden.jpg", "hidden.jpg"),
        ("a\x00b\n.jpg", "a_b_.jpg"),
        ("Zoë's 写真.jpg", "Zoë's 写真.jpg"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("写" * 100 + ".jpg", "写" * 65 + ".jpg"),
    ],
)
def test_names_are_made_safe(name: str, clean: str) -> None:
    assert paths.clean_name(name) == clean


def test_in_place_files_are_never_touched(owner: User, make_picture: Make) -> None:
    source = make_picture()
    before = source.stat()
    photo = intake.ingest(owner, source, in_place=True).photo
    assert photo is not None
    assert paths.original_path(photo) == source
    assert source.stat().st_mtime_ns == before.st_mtime_ns
    assert not paths.originals_folder().exists()


def test_a_moved_in_place_file_keeps_its_photo(owner: User, make_picture: Make, tmp_path: Path) -> None:
    source = make_picture()
    photo = intake.ingest(owner, source, in_place=True).photo
    moved = source.rename(tmp_path / "renamed.jpg")
    outcome = intake.ingest(owner, moved, in_place=True)
    assert (outcome.status, outcome.photo) == (Status.PRESENT, photo)
    assert Photo.objects.get().path == str(moved)
    intake.ingest(owner, moved.rename(tmp_path / "again.jpg"), in_place=True, folder="Pictures/2020")
    assert Photo.objects.get().folder == "Pictures/2020"


def test_a_second_in_place_copy_is_remembered_beside_the_first(owner: User, make_picture: Make, tmp_path: Path) -> None:
    source = make_picture()
    photo = intake.ingest(owner, source, in_place=True).photo
    twin = Path(shutil.copy(source, tmp_path / "twin.jpg"))
    for _ in range(2):
        intake.ingest(owner, twin, in_place=True)
    copy = PhotoFile.objects.get()
    assert (copy.photo, copy.kind, copy.path) == (photo, "copy", str(twin))
    assert Photo.objects.get().path == str(source)


def test_an_in_place_file_that_was_edited_stays_the_same_photo(owner: User, make_picture: Make) -> None:
    source = make_picture("a.jpg")
    photo = intake.ingest(owner, source, in_place=True).photo
    Photo.objects.update(favourite=True, displayable=True)
    make_picture("a.jpg", size=(80, 80))
    assert intake.ingest(owner, source, in_place=True).photo == photo
    again = Photo.objects.get()
    assert again.favourite
    assert not again.displayable
    assert again.sha256 == paths.sha256_of(source)
    assert again.stage_runs.get().status == "waiting"


def test_sidecars_come_along_and_new_ones_let_metadata_be_read_again(owner: User, make_picture: Make) -> None:
    source = make_picture("IMG_20200101_000000.jpg")
    photo = intake.ingest(owner, source).photo
    assert photo is not None
    photo.stage_runs.update(status="done", version=1)
    sidecar = source.with_name("IMG_20200101_000000.jpg.xmp")
    sidecar.write_text("<x:xmpmeta/>")
    for _ in range(2):
        intake.ingest(owner, source, sidecars=[sidecar])
    kept = photo.files.get()
    assert kept.path == "anna/2020/01/IMG_20200101_000000.jpg.xmp"
    assert paths.original_path(kept).read_text() == "<x:xmpmeta/>"
    assert photo.stage_runs.get().status == "waiting"


def test_a_full_disk_adds_nothing(owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(OSError, match="free on the disk") as caught:
        intake.ingest(owner, make_picture())
    assert caught.value.errno == errno.ENOSPC
    assert intake.explain(caught.value) == "The disk of the library is full."
    assert not Photo.objects.exists()


def test_a_row_that_cannot_be_written_leaves_no_file(
    owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(photo: Photo) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(intake, "insert", fail)
    with pytest.raises(RuntimeError):
        intake.ingest(owner, make_picture())
    assert files_in(paths.originals_folder()) == []


def test_a_file_that_changes_while_it_is_read_is_not_taken(
    owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "sha256_of", lambda path: "0" * 64)
    with pytest.raises(OSError, match="changed"):
        intake.ingest(owner, make_picture())
    assert files_in(paths.originals_folder()) == []


def test_a_start_removes_what_a_killed_import_left(owner: User, make_picture: Make) -> None:
    kept = intake.ingest(owner, make_picture()).photo
    assert kept is not None
    paths.incoming_folder().mkdir(exist_ok=True)
    half = paths.incoming_folder() / "half"
    half.write_bytes(b"only the first bytes")
    placed = paths.incoming_folder() / "placed"  # linked to its place, killed before the row was written
    placed.write_bytes(b"all bytes")
    orphan = paths.place_original(placed, Facts("anna", datetime(2020, 1, 1, tzinfo=UTC), "orphan.jpg"))
    recorded = paths.incoming_folder() / "recorded"  # killed after the row was written
    os.link(paths.original_path(kept), recorded)
    assert strays.remove_strays() == 3
    assert files_in(paths.originals_folder()) == [kept.path]
    assert not (paths.originals_folder() / orphan).exists()


@pytest.mark.on_disk
def test_a_file_of_ours_is_linked_not_copied(owner: User, library: Path, make_picture: Make) -> None:
    source = make_picture(folder="data/uploads")
    photo = intake.ingest(owner, source, ours=True, modified_at=1_500_000_000).photo
    assert photo is not None
    placed = paths.original_path(photo)
    assert placed.samefile(source)
    assert placed.stat().st_mtime == 1_500_000_000
    assert files_in(paths.incoming_folder()) == []


def test_a_start_leaves_a_running_import_alone(library: Path, make_picture: Make) -> None:
    source = make_picture()
    with paths.incoming_copy(source, paths.sha256_of(source)) as temporary:
        assert strays.remove_strays() == 0
        assert temporary.exists()


def test_failures_are_listed_once(owner: User, tmp_path: Path) -> None:
    for reason in ("first", "second"):
        intake.record_failure(owner, tmp_path / "a.jpg", reason, in_place=False)
    assert ImportFailure.objects.get().reason == "second"


@pytest.mark.parametrize(("folder", "kept"), [
    ("Pictures/2019/Lisbon", "Pictures/2019/Lisbon"), ("", ""), ("/a//b/", "a/b"), ("../../etc", "etc"),
    ("a/./b/..", "a/b"), (" a / b ", "a/b"), ("x" * 600, "x" * 500), ("y" * 499 + "/z", "y" * 499),
    ("a\0b", "a\ufffdb"),
])  # fmt: skip
def test_the_folder_is_kept_as_people_name_it(owner: User, make_picture: Make, folder: str, kept: str) -> None:
    photo = intake.ingest(owner, make_picture("a.jpg"), folder=folder).photo
    assert photo is not None
    assert photo.folder == kept


def test_a_known_photo_learns_its_folder_once(owner: User, make_picture: Make) -> None:
    path = make_picture("a.jpg")
    for in_place in (False, True):
        Photo.objects.all().delete()
        intake.ingest(owner, path, in_place=in_place)
        for folder in ("", "First", "Second"):
            intake.ingest(owner, path, in_place=in_place, folder=folder)
        assert Photo.objects.get().folder == "First"
