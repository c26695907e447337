"""Moving a photo's files, and a kill at each step: one file for each row, whatever happens."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import User
from photos.editing import file_writing, sidecar_writing
from photos.editing.virtual_copies import make_copy
from photos.ingest import attachments, intake
from photos.models import FileMove, Photo, PhotoFile
from photos.storage import deletion, downloads, moving, paths, strays, zipstream
from photos.storage.staying import staying

Make = Callable[..., Path]
NEW = "anna/new/x.jpg"


class Killed(BaseException):
    """Stands for SIGKILL: nothing that is written for errors may run."""


@pytest.fixture
def photo(owner: User, make_picture: Make) -> Photo:
    """A photo with a sidecar."""
    path = make_picture("IMG_20240501_120000.jpg")
    sidecar = path.with_name(f"{path.name}.xmp")
    sidecar.write_text('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
    photo = intake.ingest(owner, path, sidecars=[sidecar]).photo
    assert photo is not None
    return photo


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "KEPT", timedelta())


def files() -> list[str]:
    root = paths.originals_folder()
    return sorted(str(path.relative_to(root)) for path in paths.kept_files(root))


def assert_whole() -> None:
    """Each row has its file with its content, and there is no other file, name or empty folder."""
    rows: list[Any] = [*Photo.objects.all(), *PhotoFile.objects.all()]
    assert files() == sorted(row.path for row in rows)
    for row in rows:
        assert hashlib.sha256(paths.original_file(row).read_bytes()).hexdigest() == row.sha256
    assert not FileMove.objects.exists()
    for place, folders, names in os.walk(paths.originals_folder()):
        assert folders or names or Path(place) in (paths.incoming_folder(), paths.originals_folder())


def test_original_and_sidecar_move_together(photo: Photo) -> None:
    assert moving.move(photo, NEW)
    assert len(files()) == 4  # the old names stay for those who are reading
    moving.finish()
    assert files() == [NEW, f"{NEW}.xmp"]
    assert_whole()
    assert not moving.move(photo, NEW)


def test_copies_of_a_photo_move_with_the_file_they_share(photo: Photo, owner: User) -> None:
    copy = make_copy(photo, owner)
    assert moving.move(photo, NEW)
    moving.finish(at_once=True)
    assert set(Photo.objects.values_list("pk", "path")) == {(photo.pk, NEW), (copy.pk, NEW)}
    copy.refresh_from_db()
    assert paths.original_file(copy).exists()


def test_old_names_stay_for_a_while(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "KEPT", timedelta(seconds=10))
    moving.move(photo, NEW)
    assert moving.finish() == 0
    assert moving.finish(at_once=True) == 2
    assert_whole()


def test_taken_names_are_numbered_also_for_the_sidecar(owner: User, photo: Photo, make_picture: Make) -> None:
    for name in ("anna/new/x.jpg", "anna/new/x-1.jpg.xmp"):
        path = paths.originals_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"somebody else's")
    assert moving.move(photo, NEW)
    moving.finish()
    assert photo.path == "anna/new/x-2.jpg"
    assert files() == ["anna/new/x-1.jpg.xmp", "anna/new/x-2.jpg", "anna/new/x-2.jpg.xmp", "anna/new/x.jpg"]
    assert not moving.move(photo, NEW)  # a number is no reason to move again


def move_and_finish(photo: Photo) -> None:
    moving.move(photo, NEW)
    moving.finish()


STEPS = ["note", "copy", "switch", "finish_one"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_each_step_and_resumed(photo: Photo, step: str, when: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Any = getattr(moving, step)

    def killed(*args: Any, **named: Any) -> Any:
        if when == "after":
            real(*args, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(moving, step, killed)
        patch.setattr(moving, "give_up", lambda steps: None)  # nobody cleans up after a kill
        with pytest.raises(Killed):
            move_and_finish(photo)
    moving.settle()
    assert_whole()
    moving.settle()
    assert_whole()
    moving.move(Photo.objects.get(), NEW)
    moving.finish()
    assert files() == [NEW, f"{NEW}.xmp"]
    assert_whole()


@pytest.mark.parametrize("call", range(1, 12))
def test_killed_at_each_call_of_the_system(photo: Photo, call: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, finer: at each change of the disk, one after the other."""
    count = 0

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == call:
                raise Killed
            return real(*args, **named)

        return counted

    with monkeypatch.context() as patch:
        for name in ("link_new", "remove", "make_folder", "sync_folder"):
            patch.setattr(paths, name, counting(getattr(paths, name)))
        patch.setattr(moving, "remove_empty", counting(moving.remove_empty))
        patch.setattr(moving, "give_up", lambda steps: None)
        with suppress(Killed):
            move_and_finish(photo)
    moving.settle()
    assert_whole()


def test_an_error_changes_nothing(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(paths, "link_new", lambda source, target: os.link(source, "/no/such/place"))
        with pytest.raises(OSError, match="No such file"):
            moving.move(photo, NEW)
    assert_whole()
    (paths.originals_folder() / "anna/new").write_bytes(b"a file in the way")
    with pytest.raises(NotADirectoryError):
        moving.move(photo, NEW)
    (paths.originals_folder() / "anna/new").unlink()
    assert_whole()


def test_a_disk_without_links_gets_copies(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(paths.errno, "ENOTSUP", 95)
    with monkeypatch.context() as patch:
        patch.setattr(moving, "switch", lambda photo, steps: (_ for _ in ()).throw(Killed))
        patch.setattr(moving, "give_up", lambda steps: None)
        with pytest.raises(Killed):
            moving.move(photo, NEW)
    moving.settle()
    assert_whole()
    moving.move(photo, NEW)
    moving.finish()
    assert_whole()


@pytest.mark.parametrize("step", STEPS)
def test_a_photo_deleted_meanwhile_leaves_nothing(photo: Photo, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Any = getattr(moving, step)

    def deleting(*args: Any) -> Any:
        if Photo.objects.exists():
            gone = deletion.files_of(Photo.objects.get())
            Photo.objects.all().delete()
            deletion.remove_files(gone, photo.sha256)
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(moving, step, deleting)
        moving.move(photo, NEW)
        moving.finish()
    moving.settle()
    assert files() == []
    assert not FileMove.objects.exists()


@pytest.mark.parametrize("step", ["copy", "switch", "finish_one"])
def test_metadata_written_into_the_file_meanwhile_is_not_lost(
    photo: Photo, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Any = getattr(moving, step)
    stale = Photo.objects.get()  # as a worker has it that began before
    stale.title = "Written"

    def writing(*args: Any) -> Any:
        if not file_writing.backups(stale).exists():
            assert file_writing.write_file(stale)
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(moving, step, writing)
        moving.move(photo, NEW)
        moving.finish()
    moving.settle()
    assert_whole()
    assert Photo.objects.get().sha256 == stale.sha256
    assert b"Written" in paths.original_file(Photo.objects.get()).read_bytes()


def test_a_sidecar_follows_a_photo_that_moved_while_it_was_made(photo: Photo, settings: Settings) -> None:
    stale = Photo.objects.get()
    settings.MIRAGE_WRITE_SIDECARS = "library"
    moving.move(photo, NEW)
    moving.finish()
    assert sidecar_writing.write(stale)
    assert f"{NEW}.xmp" in files()
    assert not any(path.startswith("anna/2024") for path in files())
    assert_whole()


def test_a_new_version_of_a_sidecar_goes_beside_the_moved_photo(photo: Photo, tmp_path: Path) -> None:
    stale = Photo.objects.get()
    moving.move(photo, NEW)
    moving.finish()
    other = tmp_path / "IMG_20240501_120000.xmp"
    other.write_text('<x:xmpmeta xmlns:x="adobe:ns:meta/"><a/></x:xmpmeta>')
    attachments.attach(stale, [other])
    assert {str(Path(path).parent) for path in files()} == {"anna/new"}
    assert_whole()


def test_what_comes_in_at_the_old_name_stays(photo: Photo, owner: User, make_picture: Make) -> None:
    """Killed after the old name was removed, but before the journal knew; then another photo takes that name."""
    was = photo.path
    moving.move(photo, NEW)
    rows = list(FileMove.objects.all())
    moving.finish()
    for row in rows:
        row.pk = None
        row.save()
    other = intake.ingest(owner, make_picture("IMG_20240501_120000.jpg", folder="other")).photo
    assert other is not None
    assert other.path == was
    moving.settle()
    assert_whole()


@pytest.mark.django_db(transaction=True)
def test_a_name_of_a_move_is_not_free_before_the_move_has_ended(
    photo: Photo, owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moved photo is deleted at once, and a new file has the same name."""
    monkeypatch.setattr(moving, "KEPT", timedelta(seconds=10))
    wanted = photo.path.replace("IMG_20240501_120000", "other")
    moving.move(photo, wanted)
    deletion.delete(Photo.objects.all())
    with intake.paths.incoming_copy(
        file := make_picture("other.jpg", folder="more"), paths.sha256_of(file)
    ) as arriving:
        taken = paths.place_beside(arriving, Path(wanted).parent, "other.jpg")
        moving.finish(at_once=True)  # before the new file has its row
    assert (paths.originals_folder() / taken).exists()


def test_nothing_is_lost_if_both_names_are_gone(photo: Photo) -> None:
    was = photo.path
    moving.move(photo, NEW)
    for path in (was, NEW):
        (paths.originals_folder() / path).unlink()
    assert moving.settle() == []
    assert not FileMove.objects.exists()  # the photo's file is missing, which check_library tells


@pytest.mark.django_db(transaction=True)
def test_a_photo_deleted_while_its_move_waits_takes_both_files_along(
    photo: Photo, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "KEPT", timedelta(seconds=10))
    make_copy(photo, owner)
    moving.move(photo, NEW)
    deletion.delete(Photo.objects.filter(pk=photo.pk))
    moving.finish(at_once=True)
    assert files() == [NEW, f"{NEW}.xmp"]  # the copy still needs them
    assert_copies_have(NEW)
    moving.move(Photo.objects.get(), "anna/third/y.jpg")
    deletion.delete(Photo.objects.all())
    moving.finish(at_once=True)
    assert files() == []


def assert_copies_have(path: str) -> None:
    assert set(Photo.objects.values_list("path", flat=True)) == {path}


def test_metadata_is_written_into_a_file_that_moved_meanwhile(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its turn in the batch, and again while its words are written."""
    stale, real = Photo.objects.get(), file_writing.write_words
    stale.title = "Written"

    def write_and_move(*args: Any) -> None:
        real(*args)
        moving.move(Photo.objects.get(), "anna/third/y.jpg")
        moving.finish(at_once=True)

    moving.move(photo, NEW)
    moving.finish(at_once=True)
    monkeypatch.setattr(file_writing, "write_words", write_and_move)
    assert file_writing.write_file(stale)
    assert b"Written" in paths.original_file(Photo.objects.get()).read_bytes()
    assert file_writing.restore_file(Photo.objects.get())
    assert_whole()


def test_an_interrupted_write_is_finished_where_the_file_is_now(photo: Photo) -> None:
    stale = Photo.objects.get()
    stale.title = "Written"
    before = photo.sha256
    file_writing.write_file(stale)
    Photo.objects.update(sha256=before)  # killed before the row was written
    stale = Photo.objects.get()
    original = paths.original_file(stale)
    moving.move(Photo.objects.get(), NEW)
    file_writing.finish_interrupted(stale, original)
    assert (stale.path, Photo.objects.get().path) == (NEW, NEW)


def test_a_zip_goes_on_with_files_that_move_meanwhile(photo: Photo) -> None:
    content = paths.original_file(photo).read_bytes()
    entries = downloads.entries([Photo.objects.get()])
    moving.move(photo, NEW)
    moving.finish(at_once=True)
    assert content in b"".join(zipstream.Zip(entries).blocks())
    stale = Photo.objects.get()
    moving.move(photo, "anna/third/y.jpg")
    moving.finish(at_once=True)
    assert content in b"".join(zipstream.Zip(downloads.entries([stale])).blocks())


def test_the_last_copy_is_never_removed(photo: Photo) -> None:
    moving.move(photo, NEW)
    (paths.originals_folder() / NEW).unlink()
    moving.finish()
    assert_whole()


@pytest.mark.on_disk
def test_a_stray_incoming_file_does_not_take_the_new_name_away(photo: Photo) -> None:
    """A killed import left a link to an original that is just being moved."""
    os.link(paths.original_path(photo), paths.incoming_folder() / "stray")
    moving.copy(moving.note(moving.plan(photo, NEW)))
    strays.remove_strays()
    assert NEW in files()


def test_paths_hold_still_while_something_is_written(photo: Photo) -> None:
    stale = Photo.objects.get()
    moving.move(photo, NEW)
    with staying(stale):
        assert stale.path == NEW


def test_a_library_in_a_bucket_moves_too(storage: Any, owner: User, make_picture: Make) -> None:
    photo = intake.ingest(owner, make_picture("IMG_20240501_120000.jpg")).photo
    assert photo is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moving, "switch", lambda photo, steps: (_ for _ in ()).throw(Killed))
        patch.setattr(moving, "give_up", lambda steps: None)
        with pytest.raises(Killed):
            moving.move(photo, NEW)
    assert len(files()) == 2
    moving.settle()
    assert files() == [photo.path]
    moving.move(photo, NEW)
    moving.finish()
    assert files() == [NEW]
    paths.original_path(photo).unlink()
    assert paths.sha256_of(paths.original_file(photo)) == photo.sha256
