"""The process that reads and watches the folders in use."""

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import User
from mirage.testing.until import until
from photos.ingest import following, in_use
from photos.ingest.patterns import Rules
from photos.models import Photo, WatchedFolder

Make = Callable[..., Path]
Kind = WatchedFolder.Kind


@pytest.fixture
def folder(owner: User, tmp_path: Path, make_picture: Make) -> WatchedFolder:
    make_picture("a.jpg")
    folder = in_use.use(owner, tmp_path / "pictures", Kind.COPIED, watched=True, confined=False)
    claimed = in_use.take()
    assert claimed is not None
    in_use.read(claimed)
    return WatchedFolder.objects.get(pk=folder.pk)


@pytest.mark.django_db(transaction=True)
def test_new_files_are_imported_as_they_appear(owner: User, tmp_path: Path, make_picture: Make) -> None:
    make_picture("a.jpg")
    in_use.use(owner, tmp_path / "pictures", Kind.COPIED, watched=True, confined=False)
    stop = threading.Event()

    def follow() -> None:
        try:
            following.Follower(stop).run()
        finally:
            connections.close_all()

    process = threading.Thread(target=follow)
    process.start()
    try:
        until(lambda: Photo.objects.count() == 1)
        until(lambda: WatchedFolder.objects.get().scanned_at is not None)
        make_picture("b.jpg", folder="pictures/later")
        until(lambda: Photo.objects.count() == 2)
        until(lambda: WatchedFolder.objects.get().photos == 2)
    finally:
        stop.set()
        process.join(20)
    assert not process.is_alive()


def test_what_comes_while_the_folder_is_read_is_not_missed(
    owner: User, tmp_path: Path, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = in_use.read

    def read(*given: Any) -> None:
        whole(*given)
        make_picture("b.jpg", folder="pictures/later")

    make_picture("a.jpg")
    in_use.use(owner, tmp_path / "pictures", Kind.COPIED, watched=True, confined=False)
    monkeypatch.setattr(in_use, "read", read)
    follower = following.Follower(threading.Event())
    for _ in range(8):
        follower.turn()
        if Photo.objects.count() == 2:
            break
    follower.watch_these(())
    assert Photo.objects.count() == 2


def test_only_what_changed_is_read(folder: WatchedFolder, make_picture: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    whole = following.folders.import_file

    def note(owner: User, path: Path, *rest: Any, **more: Any) -> None:
        read.append(path.name)
        whole(owner, path, *rest, **more)

    monkeypatch.setattr(following.folders, "import_file", note)
    new = make_picture("b.jpg")
    following.read_changed(folder, {new})
    assert read == ["b.jpg"]
    folder.refresh_from_db()
    assert folder.photos == 2


def test_a_folder_that_appears_is_read(folder: WatchedFolder, make_picture: Make) -> None:
    new = make_picture("b.jpg", folder="pictures/2020")
    following.read_changed(folder, {new.parent})
    assert Photo.objects.count() == 2


def test_a_sidecar_that_appears_is_read_with_its_photo(folder: WatchedFolder) -> None:
    sidecar = Path(folder.path) / "a.xmp"
    sidecar.touch()
    assert following.with_described({sidecar}) == {sidecar, Path(folder.path) / "a.jpg"}


def test_patterns_are_made_once_a_round(folder: WatchedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[WatchedFolder] = []
    whole = following.rules_of

    def make(folder: WatchedFolder) -> Rules:
        made.append(folder)
        return whole(folder)

    monkeypatch.setattr(following, "rules_of", make)
    follower = following.Follower(threading.Event())
    monkeypatch.setattr(follower, "watch_these", lambda paths: None)
    monkeypatch.setattr(follower, "wait", lambda: {Path(folder.path) / f"{number}.jpg" for number in range(50)})
    WatchedFolder.objects.update(asked_at=None)
    follower.turn()
    assert len(made) <= 2  # for the round, and for reading what is ready


@pytest.mark.parametrize("name", [".a.jpg", "a.jpg.part", "notes.txt"])
def test_helpers_are_left_out(folder: WatchedFolder, name: str) -> None:
    new = Path(folder.path) / name
    new.write_bytes((Path(folder.path) / "a.jpg").read_bytes() + b"other" if "jpg" in name else b"words")
    following.read_changed(folder, {new})
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("place", [".cache/a.jpg", "@eaDir/a.jpg", "deep/.thumbnails/b/a.jpg", "Trip.lrdata/a.jpg"])
def test_folders_that_imports_leave_out_are_left_out(folder: WatchedFolder, place: str) -> None:
    new = Path(folder.path) / place
    new.parent.mkdir(parents=True)
    new.write_bytes((Path(folder.path) / "a.jpg").read_bytes() + b"other")
    following.read_changed(folder, {new})
    following.read_changed(folder, {new.parent})
    assert Photo.objects.count() == 1


def test_the_library_is_not_imported_into_itself(folder: WatchedFolder, settings: Any) -> None:
    settings.MIRAGE_DATA = Path(folder.path) / "mirage"
    thumbnail = settings.MIRAGE_DATA / "uploads/of somebody else"
    thumbnail.parent.mkdir(parents=True)
    thumbnail.write_bytes((Path(folder.path) / "a.jpg").read_bytes() + b"other")
    following.read_changed(folder, {thumbnail, thumbnail.parent, settings.MIRAGE_DATA})
    assert Photo.objects.count() == 1


def test_a_file_that_is_always_being_written_does_not_hold_up_others(
    folder: WatchedFolder, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, growing = make_picture("b.jpg"), Path(folder.path) / "growing.mp4"
    growing.touch()
    follower = following.Follower(threading.Event())
    monkeypatch.setattr(follower, "watch_these", lambda paths: None)
    monkeypatch.setattr(follower, "wait", lambda: {new, growing, Path(folder.path) / ".hidden"})
    monkeypatch.setattr(following, "is_settled", lambda path: path == new)
    WatchedFolder.objects.update(asked_at=None)
    follower.turn()
    assert Photo.objects.count() == 2
    assert follower.changed == {growing}


def test_a_file_that_appears_again_comes_back_from_the_trash(folder: WatchedFolder) -> None:
    Photo.objects.update(trashed_at=timezone.now())
    following.read_changed(folder, {Path(folder.path) / "a.jpg"})
    assert Photo.objects.get().trashed_at is None


def test_in_place_the_whole_folder_is_read(folder: WatchedFolder) -> None:
    WatchedFolder.objects.update(kind=Kind.IN_PLACE)
    folder.refresh_from_db()
    following.read_changed(folder, {Path(folder.path) / "a.jpg"})
    folder.refresh_from_db()
    assert folder.is_pending


def test_links_out_are_not_followed(folder: WatchedFolder, make_picture: Make, settings: Any) -> None:
    settings.MIRAGE_FOLDERS = [Path(folder.path)]
    WatchedFolder.objects.update(confined=True)
    folder.refresh_from_db()
    link = Path(folder.path) / "link.jpg"
    link.symlink_to(make_picture(folder="secret"))
    following.read_changed(folder, {link})
    assert Photo.objects.count() == 1


def test_the_process_ends_when_nothing_is_to_do(db: None) -> None:
    following.Follower(threading.Event()).run()


class Started:
    """What Keeper starts, without a process."""

    count = 0
    returncode: int | None = None

    def __init__(self, *_args: object, **_options: object) -> None:
        Started.count += 1

    def poll(self) -> int | None:
        return self.returncode


def test_the_process_runs_while_a_folder_needs_it(folder: WatchedFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", Started)
    monkeypatch.setattr(Started, "count", 0)
    keeper = following.Keeper("watch_folders", following.is_reader_needed)
    keeper.turn()
    keeper.turn()
    assert Started.count == 1
    monkeypatch.setattr(Started, "returncode", 0)
    keeper.turn()
    assert Started.count == 1  # not at once again
    keeper.started_at -= 10
    keeper.turn()
    assert Started.count == 2
    WatchedFolder.objects.update(watched=False)
    keeper.started_at -= 10
    keeper.turn()
    assert Started.count == 2
