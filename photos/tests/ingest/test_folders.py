"""Importing whole folders: what is counted, what is found again, what is watched."""

import json
import threading
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from photos.ingest import folders, watching
from photos.ingest.sidecars import find_sidecars
from photos.models import ImportFailure, Photo, WatchedFolder

Make = Callable[..., Path]


def test_everything_is_counted(owner: User, make_picture: Make, tmp_path: Path) -> None:
    root = tmp_path / "pictures"
    make_picture("a.jpg")
    make_picture("b.jpg", folder="pictures/deep/er", colour="red")
    make_picture("twin.jpg", folder="pictures/deep/er", colour="red")
    make_picture(".hidden.jpg")
    make_picture("preview.jpg", folder="pictures/@eaDir")
    (root / "a.jpg.xmp").write_text("<x/>")
    (root / "lonely.xmp").write_text("<x/>")
    (root / "notes.txt").write_text("milk")
    report = folders.import_folder(owner, root)
    assert (report.added, report.already_there, report.skipped, report.failures) == (2, 1, 2, {})
    assert Photo.objects.get(original_name="a.jpg").files.count() == 1
    assert sorted(Photo.objects.values_list("folder", flat=True)) == ["pictures", "pictures/deep/er"]
    again = folders.import_folder(owner, root)
    assert (again.added, again.already_there) == (0, 3)


def test_one_file_can_be_imported_too(owner: User, make_picture: Make) -> None:
    assert folders.import_folder(owner, make_picture()).added == 1


def test_the_library_itself_is_not_imported(owner: User, make_picture: Make, tmp_path: Path) -> None:
    folders.import_folder(owner, make_picture())
    assert folders.import_folder(owner, tmp_path).added == 0


def test_a_file_that_cannot_be_read_is_listed_and_found_next_time(
    owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_picture()

    def refuse(path: Path) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr("photos.storage.paths.sha256_of", refuse)
        report = folders.import_folder(owner, path.parent)
    assert report.failures == {str(path): "Mirage is not allowed to read this file."}
    assert ImportFailure.objects.get().path == str(path)
    assert folders.import_folder(owner, path.parent).added == 1
    assert not ImportFailure.objects.exists()


def test_in_place_notices_what_is_gone_and_what_came_back(owner: User, make_picture: Make, tmp_path: Path) -> None:
    root = tmp_path / "pictures"
    path = make_picture("a.jpg")
    make_picture("b.jpg")
    folders.import_folder(owner, root, in_place=True)
    path.rename(tmp_path / "away.jpg")
    folders.import_folder(owner, root, in_place=True)
    gone = Photo.objects.get(original_name="a.jpg")
    assert gone.missing_since
    assert ImportFailure.objects.get().path == str(path)
    (tmp_path / "away.jpg").rename(root / "renamed.jpg")
    report = folders.import_folder(owner, root, in_place=True)
    back = Photo.objects.get(pk=gone.pk)
    assert (back.path, back.missing_since) == (str(root / "renamed.jpg"), None)
    assert (report.added, report.already_there) == (0, 2)
    assert not ImportFailure.objects.exists()


def test_a_folder_in_place_is_listed_once(owner: User, make_picture: Make, tmp_path: Path) -> None:
    root = make_picture(folder="pictures/2020").parent
    folders.remember_in_place(owner, root.parent)
    for folder in (root.parent, root, tmp_path / "gone"):
        folders.remember_in_place(owner, folder)
    assert WatchedFolder.objects.get().path == str(root.parent)


def test_a_folder_that_is_no_longer_used_is_not_used_again_by_its_own_reading(owner: User, make_picture: Make) -> None:
    folders.import_folder(owner, make_picture().parent, in_place=True)
    assert not WatchedFolder.objects.exists()


def test_an_unchanged_in_place_file_is_not_read_again(
    owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_picture().parent
    folders.import_folder(owner, root, in_place=True)
    monkeypatch.setattr("photos.storage.paths.sha256_of", lambda path: pytest.fail("read again"))
    assert folders.import_folder(owner, root, in_place=True).already_there == 1


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("IMG_1.jpg.xmp", True),
        ("IMG_1.xmp", True),
        ("IMG_1.JPG.XMP", True),
        ("IMG_1.jpg.json", True),
        ("IMG_1.jpg.supplemental-metadata.json", True),
        ("IMG_1.jpg.supplemental-me.json", True),
        ("IMG_1.jpg.other.json", False),
        ("IMG_10.xmp", False),
        ("IMG_1.txt", False),
    ],
)
def test_sidecars_are_known_by_their_names(name: str, belongs: bool) -> None:
    assert bool(find_sidecars(Path("/x/IMG_1.jpg"), [name])) is belongs


@pytest.mark.django_db(transaction=True)
def test_watching_imports_what_appears(owner: User, make_picture: Make, tmp_path: Path) -> None:
    root = tmp_path / "pictures"
    root.mkdir()
    stop = Event()
    reports: list[folders.Report] = []

    def watch() -> None:
        try:
            watching.watch_folder(owner, root, in_place=False, on_report=reports.append, stop=stop)
        finally:
            connection.close()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        time.sleep(0.5)
        make_picture("new.jpg", folder="pictures/later")
        deadline = time.monotonic() + 30
        while not reports and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        stop.set()
        thread.join()
    assert [report.added for report in reports] == [1]


@pytest.mark.django_db(transaction=True)
def test_the_command_waits_and_prints_one_object(owner: User, make_picture: Make, tmp_path: Path) -> None:
    root = make_picture("good.jpg").parent
    (root / "bad.jpg").write_bytes(b"no picture")
    out = StringIO()
    call_command("import_folder", str(root), owner="anna", json=True, stdout=out)
    report = json.loads(out.getvalue())
    assert (report["added"], report["failed"]) == (2, 0)  # nobody has looked into them yet
    counts = {"added", "already_there", "in_trash", "back_from_trash", "skipped", "failed", "left_out"}
    assert set(report) == counts | {"failures", "left_out_files", "loops", "absent", "unmatched"}


def test_mistakes_are_told_in_words(owner: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no user 'bob'\. Users: anna"):
        call_command("import_folder", str(tmp_path), owner="bob")
    with pytest.raises(CommandError, match="nothing at"):
        call_command("import_folder", str(tmp_path / "gone"), owner="anna")
