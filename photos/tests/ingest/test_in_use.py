"""Folders in use: what is read, what is recorded, and that the photos stay."""

import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from mirage.refusals import NotPossible
from photos.ingest import folders, in_use
from photos.ingest.following import needs_reader
from photos.models import ImportFailure, Photo, WatchedFolder

Make = Callable[..., Path]
Kind = WatchedFolder.Kind


@pytest.fixture
def pictures(tmp_path: Path, make_picture: Make) -> Path:
    make_picture("a.jpg")
    make_picture("b.jpg", folder="pictures/inner")
    return tmp_path / "pictures"


def use(
    owner: User, path: Path, kind: Kind = Kind.COPIED, watched: bool = True, confined: bool = False
) -> WatchedFolder:
    return in_use.use(owner, path, kind, watched=watched, confined=confined)


def read_next() -> folders.Report | None:
    folder = in_use.take()
    assert folder is not None
    return in_use.read(folder)


@pytest.mark.parametrize("kind", [Kind.COPIED, Kind.IN_PLACE])
def test_a_folder_is_read_as_a_whole(owner: User, pictures: Path, kind: Kind) -> None:
    folder = use(owner, pictures, kind)
    assert folder.is_pending
    read_next()
    folder.refresh_from_db()
    assert (folder.photos, folder.added, folder.failed, folder.files, folder.files_read) == (2, 2, 0, 2, 2)
    assert folder.scanned_at is not None
    assert not folder.is_pending
    assert Photo.objects.filter(owner=owner, in_place=kind == Kind.IN_PLACE).count() == 2
    assert in_use.take() is None


def test_the_same_picture_twice_is_one_photo(owner: User, pictures: Path) -> None:
    (pictures / "again.jpg").write_bytes((pictures / "a.jpg").read_bytes())
    folder = use(owner, pictures)
    read_next()
    folder.refresh_from_db()
    assert (folder.photos, folder.added) == (2, 2)


def test_reading_again_adds_only_what_is_new(owner: User, pictures: Path, make_picture: Make) -> None:
    folder = use(owner, pictures)
    read_next()
    make_picture("c.jpg")
    in_use.read_again(folder)
    read_next()
    folder.refresh_from_db()
    assert (folder.photos, folder.added) == (3, 1)


def test_photos_in_the_trash_stay_there(owner: User, pictures: Path) -> None:
    folder = use(owner, pictures)
    read_next()
    Photo.objects.update(trashed_at=timezone.now())
    in_use.read_again(folder)
    read_next()
    assert Photo.objects.filter(trashed_at=None).count() == 0


@pytest.mark.parametrize("kind", [Kind.COPIED, Kind.IN_PLACE])
def test_when_it_is_no_longer_used_the_photos_stay(owner: User, pictures: Path, kind: Kind) -> None:
    folder = use(owner, pictures, kind)
    read_next()
    in_use.stop_using(folder)
    assert not WatchedFolder.objects.exists()
    assert Photo.objects.count() == 2
    assert (pictures / "a.jpg").exists()


def test_stopping_the_use_stops_the_reading(owner: User, pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_use, "NOTED_EVERY", 0)
    use(owner, pictures)
    claimed = in_use.take()
    assert claimed is not None
    WatchedFolder.objects.all().delete()
    assert in_use.read(claimed) is None
    assert not Photo.objects.exists()


def test_the_end_of_the_process_ends_the_reading(owner: User, pictures: Path) -> None:
    folder, stop = use(owner, pictures), threading.Event()
    claimed = in_use.take()
    assert claimed is not None
    stop.set()
    assert in_use.read(claimed, stop) is None
    assert not Photo.objects.exists()
    assert in_use.take() == folder


def test_failures_are_counted(owner: User, pictures: Path) -> None:
    (pictures / "gone.jpg").symlink_to(pictures / "nowhere.jpg")
    folder = use(owner, pictures)
    read_next()
    folder.refresh_from_db()
    assert (folder.photos, folder.failed) == (2, 1)
    assert in_use.failures_in(folder).count() == 1
    ImportFailure.objects.create(owner=owner, path=f"{pictures} beside/x.jpg", reason="no")
    assert in_use.failures_in(folder).count() == 1
    assert in_use.with_failures(in_use.all_in_use()) == [(folder, 1)]


def test_a_folder_whose_disk_is_missing_says_so(owner: User, pictures: Path, tmp_path: Path) -> None:
    folder = use(owner, pictures)
    pictures.rename(tmp_path / "elsewhere")
    read_next()
    folder.refresh_from_db()
    assert "Is its disk connected?" in folder.problem
    assert not folder.is_pending


def test_what_goes_wrong_is_shown_and_others_go_on(
    owner: User, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("the disk is on fire")

    monkeypatch.setattr(folders, "import_folder", fail)
    folder = use(owner, pictures)
    read_next()
    folder.refresh_from_db()
    assert folder.problem == "RuntimeError: the disk is on fire"


def test_a_confined_folder_follows_no_link_out(
    owner: User, pictures: Path, make_picture: Make, settings: Settings
) -> None:
    settings.MIRAGE_FOLDERS = [pictures]
    outside = make_picture(folder="secret")
    (pictures / "folder").symlink_to(outside.parent)
    (pictures / "file.jpg").symlink_to(outside)
    use(owner, pictures, confined=True)
    report = read_next()
    assert report is not None
    assert len(report.left_out) == 2
    assert Photo.objects.count() == 2


def test_a_confined_folder_is_not_read_when_it_is_no_longer_allowed(
    owner: User, pictures: Path, settings: Settings
) -> None:
    settings.MIRAGE_FOLDERS = [pictures]
    folder = use(owner, pictures, confined=True)
    settings.MIRAGE_FOLDERS = []
    read_next()
    folder.refresh_from_db()
    assert "no longer among those" in folder.problem
    assert not Photo.objects.exists()


def test_what_cannot_be_used(owner: User, pictures: Path, library: Path, tmp_path: Path) -> None:
    guest = User.objects.create_user("guest", is_guest=True)
    use(owner, pictures)
    for user, path, reason in (
        (owner, pictures, "already"),
        (owner, pictures / "inner", "part of one"),
        (owner, library, "belongs to Mirage"),
        (owner, tmp_path / "gone", "no folder"),
        (guest, pictures, "no library"),
    ):
        with pytest.raises(NotPossible, match=reason):
            use(user, path)


@pytest.mark.parametrize(("inner", "outer", "refused"), [
    (Kind.COPIED, Kind.IN_PLACE, True), (Kind.EXPORT, Kind.COPIED, False), (Kind.COPIED, Kind.EXPORT, False),
])  # fmt: skip
def test_a_folder_around_one_in_use_is_refused(
    owner: User, stranger: User, pictures: Path, inner: Kind, outer: Kind, refused: bool
) -> None:
    use(owner, pictures / "inner", inner)
    assert use(stranger, pictures, outer)
    if refused:
        with pytest.raises(NotPossible, match="uses a folder in this one already"):
            use(owner, pictures, outer)
    else:
        assert use(owner, pictures, outer)


def test_an_export_is_not_watched(owner: User, pictures: Path) -> None:
    folder = use(owner, pictures, Kind.EXPORT)
    assert not folder.watched
    with pytest.raises(NotPossible):
        in_use.set_watched(folder, True)


def test_a_folder_that_is_no_export_says_so(owner: User, pictures: Path) -> None:
    folder = use(owner, pictures, Kind.EXPORT)
    read_next()
    folder.refresh_from_db()
    assert "neither a Google Takeout nor an iCloud export" in folder.problem


def test_a_folder_is_claimed_once(owner: User, pictures: Path) -> None:
    use(owner, pictures)
    assert in_use.take() is not None
    assert in_use.take() is None


def test_after_a_kill_the_folder_is_read_again(owner: User, pictures: Path) -> None:
    folder = use(owner, pictures, watched=False)
    in_use.take()
    WatchedFolder.objects.update(host=socket.gethostname() + "-other")
    in_use.ask_for_watched()
    assert in_use.take() is None  # another machine reads it
    WatchedFolder.objects.update(host=socket.gethostname())
    in_use.ask_for_watched()
    assert in_use.take() == folder


def test_a_silent_reader_of_another_machine_was_killed(owner: User, pictures: Path) -> None:
    """A container that is made anew has another name."""
    folder = use(owner, pictures, watched=False)
    in_use.take()
    WatchedFolder.objects.update(host="gone")
    in_use.ask_for_overdue()
    assert in_use.take() is None
    WatchedFolder.objects.update(noted_at=timezone.now() - in_use.SILENT)
    in_use.ask_for_overdue()
    assert in_use.take() == folder


def test_watched_folders_are_read_once_a_day(owner: User, pictures: Path) -> None:
    use(owner, pictures)
    read_next()
    in_use.ask_for_overdue()
    assert in_use.take() is None
    WatchedFolder.objects.update(scanned_at=timezone.now() - timedelta(days=2))
    in_use.ask_for_overdue()
    assert in_use.take() is not None


def test_a_folder_is_read_by_the_clock(owner: User, pictures: Path) -> None:
    folder = use(owner, pictures, watched=False)
    read_next()
    in_use.choose(folder, leave_out="", only="", read_only=False, read_at="0 3 * * *")
    folder.refresh_from_db()
    assert folder.next_at is not None
    assert folder.next_at > timezone.now()
    in_use.ask_for_overdue()
    assert in_use.take() is None
    assert not WatchedFolder.objects.filter(needs_reader()).exists()
    WatchedFolder.objects.update(next_at=timezone.now() - timedelta(days=3))
    assert WatchedFolder.objects.filter(needs_reader()).exists()
    in_use.ask_for_overdue()
    read_next()
    folder.refresh_from_db()
    assert folder.next_at > timezone.now()
    in_use.choose(folder, leave_out="", only="", read_only=False, read_at="")
    folder.refresh_from_db()
    assert folder.next_at is None


def test_a_time_of_its_own_takes_the_place_of_once_a_day(owner: User, pictures: Path) -> None:
    folder = use(owner, pictures)
    read_next()
    in_use.choose(folder, leave_out="", only="", read_only=False, read_at="0 3 * * 0")
    WatchedFolder.objects.update(scanned_at=timezone.now() - timedelta(days=2))
    in_use.ask_for_overdue()
    assert in_use.take() is None


@pytest.mark.parametrize("when", ["often", "0 3 31 2 *", "* * * * * *"])
def test_a_time_that_never_comes_is_refused(owner: User, pictures: Path, when: str) -> None:
    folder = use(owner, pictures)
    with pytest.raises(NotPossible, match="no time"):
        in_use.choose(folder, leave_out="", only="", read_only=False, read_at=when)
