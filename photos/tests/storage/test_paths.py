"""Where files lie, how they come in, and what a killed import leaves."""

import errno
import fcntl
import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from media.storage_template import Facts
from photos.models import Photo, PhotoFile
from photos.storage import paths, strays

MAY = datetime(2024, 5, 1)
CONTENT = b"a photo" * 1000
SHA = hashlib.sha256(CONTENT).hexdigest()

pytestmark = [pytest.mark.on_disk, pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.jpg"
    path.write_bytes(CONTENT)
    return path


def place(source: Path, name: str = "a.jpg", owner: str = "anna") -> str:
    with paths.incoming_copy(source, paths.sha256_of(source)) as temporary:
        return paths.place_original(temporary, Facts(owner, MAY, name))


def left_behind() -> list[Path]:
    return list(paths.incoming_folder().iterdir())


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("IMG_0001.jpg", "IMG_0001.jpg"),
        ("Fähre am Abend.JPG", "Fähre am Abend.JPG"),
        ("Fa\u0308hre.jpg", "Fähre.jpg"),  # one way to write it
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\a.jpg", "a.jpg"),
        ('a<b>c:d"e|f?g*h.jpg', "a_b_c_d_e_f_g_h.jpg"),
        ("a\0b\x1fc\x7f.jpg", "a_b_c_.jpg"),
        (".hidden.jpg", "hidden.jpg"),
        (" a.jpg. ", "a.jpg"),
        ("...", "unnamed"),
        ("", "unnamed"),
        ("folder/", "unnamed"),
    ],
)
def test_names_that_every_file_system_takes(name: str, clean: str) -> None:
    assert paths.clean_name(name) == clean


@pytest.mark.parametrize(
    ("name", "ending"),
    [("x" * 300 + ".jpg", ".jpg"), ("日" * 100 + ".heic", ".heic"), ("x" * 300, ""), ("a." + "x" * 300, "")],
)
def test_long_names_are_cut_before_their_ending_and_never_within_a_character(name: str, ending: str) -> None:
    clean = paths.clean_name(name)
    assert 197 <= len(clean.encode()) <= 200
    assert clean.endswith(ending)
    assert name.startswith(clean.removesuffix(ending))


# --- places ----------------------------------------------------------------------------------------------------------


def test_the_folders(library: Path, make_photo: Callable[..., Photo]) -> None:
    photo = make_photo(path="anna/2024/05/a.jpg", sha256="ab" + "0" * 62)
    folder = library / "derived" / "ab" / photo.sha256
    assert paths.original_path(photo) == library / "originals" / "anna" / "2024" / "05" / "a.jpg"
    assert paths.pictures_folder(photo) == folder
    assert paths.picture_file(photo, "small") == folder / "small.webp"
    photo.turn = 6
    assert paths.pictures_folder(photo) == folder / "turned-6"
    photo.in_place, photo.path = True, "/mnt/photos/a.jpg"
    assert paths.original_file(photo) == Path("/mnt/photos/a.jpg")


@pytest.mark.parametrize(
    ("below", "kept"),
    [("originals/a.jpg", True), ("derived/ab/x.webp", True), ("indexes/faces.json", False), ("uploads/x", False)],
)
def test_stored_and_other_paths(library: Path, below: str, kept: bool) -> None:
    assert paths.is_kept_here(library / below) is kept
    assert not paths.is_kept_here(Path("/mnt/photos/a.jpg"))


def test_sizes_and_sums_of_what_is_kept_and_of_what_lies_elsewhere(library: Path, source: Path) -> None:
    kept = paths.originals_folder() / place(source)
    for path in (kept, source):
        assert (paths.kept_size(path), paths.kept_sha256(path)) == (len(CONTENT), SHA)
    with pytest.raises(FileNotFoundError):
        paths.kept_size(kept.with_name("gone.jpg"))


# --- bringing files in -----------------------------------------------------------------------------------------------


def test_a_file_comes_to_its_readable_place(library: Path, source: Path) -> None:
    assert place(source, "Fähre.jpg") == "anna/2024/05/Fähre.jpg"
    placed = paths.originals_folder() / "anna/2024/05/Fähre.jpg"
    assert placed.read_bytes() == CONTENT
    assert placed.stat().st_mode & 0o777 == 0o644
    assert placed.stat().st_mtime == source.stat().st_mtime
    assert left_behind() == []


def test_an_owners_name_cannot_lead_elsewhere(library: Path, source: Path) -> None:
    assert place(source, owner="../../elsewhere") == "elsewhere/2024/05/a.jpg"


@pytest.mark.parametrize(
    ("name", "names"),
    [("a.jpg", ["a.jpg", "a-1.jpg", "a-2.jpg"]), ("README", ["README", "README-1", "README-2"])],
)
def test_a_name_that_is_taken_gets_a_number(library: Path, source: Path, name: str, names: list[str]) -> None:
    assert [Path(place(source, name)).name for _ in names] == names


def test_a_file_that_changes_while_it_is_read_is_refused(library: Path, source: Path) -> None:
    with pytest.raises(paths.Changed), paths.incoming_copy(source, "0" * 64):
        pytest.fail("it was let in")
    assert left_behind() == []


def test_a_failure_leaves_nothing_behind(library: Path, source: Path) -> None:
    with pytest.raises(RuntimeError), paths.incoming_copy(source, SHA):
        raise RuntimeError
    assert left_behind() == []


def test_a_library_that_refuses_a_file_leaves_no_name_of_it(
    library: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise paths.Unreachable(errno.EIO, "no answer")

    monkeypatch.setattr(type(paths.library()), "add", lambda self, path: refuse(path))
    with pytest.raises(paths.Unreachable):
        place(source)
    assert not any(path.is_file() for path in paths.originals_folder().rglob("*"))


def test_without_links_a_file_is_copied(library: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*names: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    placed = paths.originals_folder() / place(source)
    assert placed.read_bytes() == CONTENT
    assert placed.stat().st_nlink == 1
    assert Path(place(source)).name == "a-1.jpg"


def test_a_full_disk_is_told(library: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*names: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="No space left"):
        place(source)


def test_a_file_that_is_ours_already_moves_no_byte(library: Path, source: Path) -> None:
    assert paths.can_link(source)
    with paths.incoming_link(source) as temporary:
        assert temporary.stat().st_ino == source.stat().st_ino
        placed = paths.place_original(temporary, Facts("anna", MAY, "a.jpg"))
    assert (paths.originals_folder() / placed).stat().st_ino == source.stat().st_ino
    assert left_behind() == []


def test_a_file_is_replaced_whole(library: Path, source: Path) -> None:
    path = paths.originals_folder() / place(source)
    source.write_bytes(b"another")
    with paths.incoming_copy(source, paths.sha256_of(source)) as temporary:
        paths.replace(temporary, path)
    assert path.read_bytes() == b"another"
    assert [each.name for each in path.parent.iterdir()] == ["a.jpg"]


# --- what was made ---------------------------------------------------------------------------------------------------


def make_derived(sha256: str, **files: bytes) -> Path:
    folder = paths.derived_folder(sha256)
    for name, content in files.items():
        path = folder / f"{name}.webp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_derived_files_are_copied(library: Path) -> None:
    make_derived("a" * 64, small=b"1", **{"turned-6/small": b"2"})
    paths.copy_derived("a" * 64, "b" * 64)
    copied = paths.derived_folder("b" * 64)
    assert (copied / "small.webp").read_bytes() == b"1"
    assert (copied / "turned-6" / "small.webp").read_bytes() == b"2"


def test_existing_derived_files_are_not_overwritten(library: Path) -> None:
    make_derived("a" * 64, small=b"1")
    kept = make_derived("b" * 64, small=b"own")
    paths.copy_derived("a" * 64, "b" * 64)
    assert (kept / "small.webp").read_bytes() == b"own"


def test_removing_derived_files_twice_is_no_error(library: Path) -> None:
    folder = make_derived("a" * 64, small=b"1")
    paths.remove_derived("a" * 64)
    assert not folder.exists()
    paths.remove_derived("a" * 64)
    paths.remove(folder / "small.webp")


# --- what a killed import leaves -------------------------------------------------------------------------------------


@pytest.fixture
def stray(library: Path, source: Path) -> Path:
    """A temporary file that nobody holds any more."""
    paths.incoming_folder().mkdir(parents=True)
    temporary = paths.incoming_folder() / "stray"
    temporary.write_bytes(CONTENT)
    return temporary


def test_a_temporary_file_of_a_killed_import_is_removed(db: None, stray: Path) -> None:
    assert strays.remove_strays() == 1
    assert left_behind() == []


def test_one_that_an_import_still_writes_stays(db: None, stray: Path) -> None:
    with stray.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert strays.remove_strays() == 0
    assert left_behind() == [stray]


def test_one_whose_import_ends_meanwhile_does_no_harm(db: None, stray: Path) -> None:
    (stray.parent / "0 gone").symlink_to(stray.parent / "ended")
    assert strays.remove_strays() == 1


def test_a_file_that_was_placed_but_never_recorded_is_removed(db: None, stray: Path) -> None:
    placed = paths.originals_folder() / paths.place_original(stray, Facts("anna", MAY, "a.jpg"))
    other = placed.with_name("b.jpg")
    other.write_bytes(CONTENT)
    assert strays.remove_strays() == 1
    assert not placed.exists()
    assert other.exists()


def test_a_file_that_was_recorded_stays(owner: User, make_photo: Callable[..., Photo], stray: Path) -> None:
    path = paths.place_original(stray, Facts("anna", MAY, "a.jpg"))
    make_photo(path=path)
    second = paths.place_original(stray, Facts("anna", MAY, "b.jpg"))
    PhotoFile.objects.create(photo=make_photo(), path=second, sha256=SHA, size=len(CONTENT))
    assert strays.remove_strays() == 1
    assert (paths.originals_folder() / path).exists()
    assert (paths.originals_folder() / second).exists()


def test_a_library_that_never_took_anything_in_has_no_strays(db: None, library: Path) -> None:
    assert strays.remove_strays() == 0
