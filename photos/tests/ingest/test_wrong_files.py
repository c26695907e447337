"""A folder in which each entry is wrong in another way: each is its own failure, and all others come in."""

import json
import os
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from media import names
from photos import pipeline
from photos.ingest import folders
from photos.models import ImportFailure, Photo
from photos.pipeline import attention
from photos.storage import paths

Make = Callable[..., Path]
Build = Callable[[Path], None]
pytestmark = pytest.mark.django_db

LATIN = os.fsdecode(b"caf\xe9.jpg")


def fifo(path: Path) -> None:
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(path.parent)  # an address has room for a hundred characters
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def device(path: Path) -> None:
    try:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root makes devices")


def circle(path: Path) -> None:
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere.jpg")


def to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


WRONG: dict[str, tuple[Build, str]] = {
    "pipe.jpg": (fifo, "named pipe"),
    "socket.jpg": (unix_socket, "socket"),
    "device.jpg": (device, "device"),
    "endless.jpg": (to_device, "device"),
    "circle.jpg": (circle, "leads back to itself"),
    "dangling.jpg": (dangling, "leads nowhere"),
}


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("name", WRONG)
def test_one_wrong_entry_between_two_right_ones(owner: User, make_picture: Make, name: str, in_place: bool) -> None:
    root = make_picture("a.jpg").parent
    make_picture("z.jpg", colour="red")
    build, reason = WRONG[name]
    build(root / name)
    report = folders.import_folder(owner, root, in_place=in_place)
    assert report.added == 2
    assert list(report.failures) == [str(root / name)]
    assert reason in report.failures[str(root / name)]
    assert ImportFailure.objects.get().path == str(root / name)
    again = folders.import_folder(owner, root, in_place=in_place)
    assert (again.already_there, len(again.failures)) == (2, 1)


ODD_NAMES = [
    LATIN,
    os.fsdecode(b"\xff\xfe.jpg"),
    "line\nbreak\x1b[31m.jpg",
    "\U0010fe80 private.jpg",
    "zoe\u0308.jpg",
    "zo\u00eb.jpg",
    "\u202egpj.exe.jpg",
    'quote"and\\slash.jpg',
    " blank .jpg",
    "%e9 &amp; <b>.jpg",
    "x" * 251 + ".jpg",
]


@pytest.fixture
def odd_folder(make_picture: Make, tmp_path: Path) -> Iterator[Path]:
    """Good pictures under odd names, in a folder whose name is no UTF-8 either."""
    root = tmp_path / os.fsdecode(b"gr\xfc\xdfe")
    root.mkdir()
    for number, name in enumerate(ODD_NAMES):
        shutil.move(make_picture(f"{number}.jpg", colour=(20 * number, 0, 99)), root / name)
    yield root
    shutil.rmtree(root)


@pytest.mark.parametrize("in_place", [False, True])
def test_every_name_is_taken_and_found_again(owner: User, odd_folder: Path, in_place: bool) -> None:
    report = folders.import_folder(owner, odd_folder, in_place=in_place)
    assert (report.added, report.failures) == (len(ODD_NAMES), {})
    for photo in Photo.objects.all():
        assert paths.original_file(photo).is_file()
        photo.original_name.encode()
    if in_place:
        assert {paths.original_file(photo) for photo in Photo.objects.all()} == set(odd_folder.iterdir())
    assert Photo.objects.filter(original_name="caf\ufffd.jpg").count() == 1
    again = folders.import_folder(owner, odd_folder, in_place=in_place)
    assert (again.added, again.already_there, again.failures) == (0, len(ODD_NAMES), {})


def test_stages_read_files_under_every_name(owner: User, odd_folder: Path, library: Path) -> None:
    folders.import_folder(owner, odd_folder, in_place=True)
    for stage in ("metadata", "thumbnails"):
        while pipeline.perform_next(pipeline.STAGES[stage]):
            pass
    assert Photo.objects.filter(displayable=True).count() == len(ODD_NAMES)


@pytest.mark.parametrize("in_place", [False, True])
def test_sidecars_under_every_name(owner: User, odd_folder: Path, library: Path, in_place: bool) -> None:
    sidecar = odd_folder / f"{LATIN}.xmp"
    sidecar.write_text("<x/>")
    report = folders.import_folder(owner, odd_folder, in_place=in_place)
    assert (report.added, report.skipped, report.failures) == (len(ODD_NAMES), 0, {})
    kept = Photo.objects.get(original_name="caf\ufffd.jpg").files.get()
    assert paths.original_file(kept).read_text() == "<x/>"
    assert folders.import_folder(owner, odd_folder, in_place=in_place).failures == {}


def test_the_command_prints_what_a_terminal_shows(owner: User, odd_folder: Path) -> None:
    fifo(odd_folder / os.fsdecode(b"p\xefpe.jpg"))
    out = StringIO()
    call_command("import_folder", str(odd_folder), owner="anna", json=True, stdout=out)
    report = json.loads(out.getvalue().encode())
    assert (report["added"], report["failed"]) == (len(ODD_NAMES), 1)
    assert report["failures"][0]["file"].endswith("gr\ufffd\ufffde/p\ufffdpe.jpg")
    out = StringIO()
    call_command("import_folder", str(odd_folder), owner="anna", stdout=out)
    assert "p\ufffdpe.jpg: This is a named pipe" in out.getvalue()
    out.getvalue().encode()


def test_a_failure_under_a_name_of_bytes_is_tried_again(owner: User, make_picture: Make) -> None:
    root = make_picture("a.jpg").parent
    path = root / LATIN
    fifo(path)
    folders.import_folder(owner, root)
    path.unlink()
    shutil.move(make_picture("new.jpg", colour="red"), path)
    attention.import_again([ImportFailure.objects.get().pk])
    assert not ImportFailure.objects.exists()
    assert Photo.objects.filter(original_name="caf\ufffd.jpg").exists()


def test_files_that_vanish_or_grow_while_others_come_in(owner: User, make_picture: Make) -> None:
    root = make_picture("a.jpg").parent
    gone, cut, last = (make_picture(f"{name}.jpg", colour=name) for name in ("green", "red", "yellow"))

    def meddle(path: Path) -> None:
        if path == gone:
            gone.unlink()
        if path == cut:
            cut.unlink()
            cut.mkdir()

    report = folders.import_folder(owner, root, on_file=meddle)
    assert report.added == 2
    assert set(report.failures) == {str(gone), str(cut)}
    assert "gone before" in report.failures[str(gone)]
    assert "a folder, not a file" in report.failures[str(cut)]
    assert last.exists()


@pytest.mark.parametrize("seconds", [-(2**40), -1, 2**33, 2**40, 2**62 // 10**9])
def test_times_that_no_calendar_holds(owner: User, make_picture: Make, seconds: int) -> None:
    path = make_picture()
    try:
        os.utime(path, (seconds, seconds))
    except OSError:
        pytest.skip("the disk takes no such time")
    for in_place in (True, False):
        assert folders.import_folder(owner, path.parent, in_place=in_place).failures == {}
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("build", [fifo, circle, dangling, lambda path: path.mkdir()])
def test_a_sidecar_that_cannot_be_read_keeps_no_photo_out(owner: User, make_picture: Make, build: Build) -> None:
    path = make_picture("a.jpg")
    sidecar = path.with_name("a.jpg.xmp")
    build(sidecar)
    report = folders.import_folder(owner, path.parent)
    assert report.added == 1
    assert set(report.failures) <= {str(sidecar)}
    assert sidecar.is_dir() or report.failures


def test_a_folder_named_like_a_photo_is_a_folder(owner: User, make_picture: Make) -> None:
    root = make_picture("inner.jpg", folder="pictures/outer.jpg").parent.parent
    report = folders.import_folder(owner, root)
    assert (report.added, report.failures) == (1, {})


def test_a_folder_that_cannot_be_read_is_listed_and_forgotten_when_it_can(
    owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_picture("a.jpg").parent
    closed = make_picture("b.jpg", folder="pictures/closed").parent
    scan = os.scandir

    def refuse(folder):
        if Path(folder) == closed:
            raise PermissionError(13, "Permission denied", str(folder))
        return scan(folder)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        report = folders.import_folder(owner, root)
    assert (report.added, list(report.failures)) == (1, [str(closed)])
    assert ImportFailure.objects.get().path == str(closed)
    assert folders.import_folder(owner, root).added == 1
    assert not ImportFailure.objects.exists()


def test_an_in_place_file_whose_time_alone_changed_is_read_once(
    owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_picture()
    folders.import_folder(owner, path.parent, in_place=True)
    os.utime(path, (2**40, 2**40))
    assert folders.import_folder(owner, path.parent, in_place=True).already_there == 1
    monkeypatch.setattr("photos.storage.paths.sha256_of", lambda path: pytest.fail("read again"))
    assert folders.import_folder(owner, path.parent, in_place=True).already_there == 1


def test_whatever_else_goes_wrong_with_one_file(
    owner: User, make_picture: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_picture("a.jpg").parent
    bad = make_picture("b.jpg", colour="red")
    ingest = folders.intake.ingest

    def stumble(owner, path, **options):
        if path == bad:
            raise ValueError("nobody thought of this")
        return ingest(owner, path, **options)

    monkeypatch.setattr(folders.intake, "ingest", stumble)
    report = folders.import_folder(owner, root)
    assert report.added == 1
    assert report.failures == {str(bad): "ValueError: nobody thought of this"}


def test_a_path_too_long_for_its_column(owner: User, tmp_path: Path, make_picture: Make) -> None:
    deep = tmp_path / "pictures"
    for _ in range(5):
        deep /= "d" * 240
    deep.mkdir(parents=True)
    shutil.move(make_picture("a.jpg"), deep / "a.jpg")
    report = folders.import_folder(owner, tmp_path / "pictures", in_place=True)
    assert report.added == 0
    assert "longer than" in report.failures[str(deep / "a.jpg")]
    assert folders.import_folder(owner, tmp_path / "pictures").added == 1


def test_names_go_into_the_database_and_back() -> None:
    for name in [*ODD_NAMES, os.fsdecode(bytes(range(1, 256)).replace(b"/", b""))]:
        kept = names.stored(name)
        kept.encode()
        assert os.fsencode(names.actual(kept)) == os.fsencode(name)
        names.shown(kept).encode()
        assert names.shown(kept) == names.shown(name) or "\U0010fe80" in name
