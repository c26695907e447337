"""Folders and zip files as parts of an export: their files, names, and what cannot be unpacked."""

import fcntl
import os
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from photos.storage import paths
from takeout import sources
from takeout.sources import BadExport, DamagedMember, Folder, Member, Source, Zip, open_sources

CONTENT = b"0123456789" * 50


@pytest.fixture(params=["folder", "zip"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


def pack(place: Path, kind: str, *names: str) -> Source:
    """A source with these files."""
    if kind == "folder":
        for name in names:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(CONTENT)
        return Folder(place)
    with zipfile.ZipFile(place.with_suffix(".zip"), "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2019, 5, 4, 18, 30, 2)), CONTENT)
    return Zip(place.with_suffix(".zip"))


def test_names_of_files(tmp_path: Path, kind: str) -> None:
    source = pack(tmp_path / "part", kind, "Takeout/Rome/a.jpg", "b.jpg")
    found = {member.path: member for member in source.members()}
    assert found.keys() == {"Takeout/Rome/a.jpg", "b.jpg"}
    member = found["Takeout/Rome/a.jpg"]
    assert (member.name, member.folder, member.size) == ("a.jpg", "Rome", len(CONTENT))
    assert member.label == f"{source.path}/Takeout/Rome/a.jpg"
    assert found["b.jpg"].folder == ""


def test_files_of_the_system_are_left_out(tmp_path: Path, kind: str) -> None:
    hidden = [".DS_Store", "__MACOSX/a.jpg", ".Trash/b.jpg", "Rome/._c.jpg"]
    source = pack(tmp_path / "part", kind, "Rome/c.jpg", *hidden)
    assert [member.path for member in source.members()] == ["Rome/c.jpg"]


def test_accents_are_found_in_either_encoding(tmp_path: Path, kind: str) -> None:
    (member,) = pack(tmp_path / "part", kind, "Fa\u0308hre.jpg").members()
    assert member.path == "Fähre.jpg"
    assert member.read(10) == CONTENT[:10]
    with member.staged() as path:
        assert path.read_bytes() == CONTENT


def test_first_bytes(tmp_path: Path, kind: str) -> None:
    (member,) = pack(tmp_path / "part", kind, "a.json").members()
    assert member.read(4) == b"0123"
    assert member.read(10_000) == CONTENT


def test_a_file_in_a_folder_is_staged_in_place(tmp_path: Path) -> None:
    source = pack(tmp_path / "part", "folder", "a.jpg")
    (member,) = source.members()
    with member.staged() as path:
        assert path == tmp_path / "part" / "a.jpg"
    assert path.exists()
    assert not source.ours


def test_a_file_of_an_archive_is_unpacked_under_a_name_of_our_own(library: Path, tmp_path: Path) -> None:
    source = pack(tmp_path / "part", "zip", "../../etc/passwd.JPG")
    (member,) = source.members()
    with member.staged() as path:
        assert path.parent == paths.incoming_folder()
        assert path.suffix == ".JPG"
        assert path.read_bytes() == CONTENT
        assert path.stat().st_mtime == datetime(2019, 5, 4, 18, 30, 2).timestamp() == member.modified_at
        with path.open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert list(paths.incoming_folder().iterdir()) == []
    assert source.ours


def test_unpacked_files_are_always_removed(library: Path, tmp_path: Path) -> None:
    (member,) = pack(tmp_path / "part", "zip", "a.jpg").members()
    with pytest.raises(RuntimeError), member.staged():
        raise RuntimeError
    assert list(paths.incoming_folder().iterdir()) == []


def test_the_library_is_not_part_of_an_export(library: Path) -> None:
    (library / "originals").mkdir()
    (library / "originals" / "a.jpg").write_bytes(CONTENT)
    (library.parent / "b.jpg").write_bytes(CONTENT)
    assert [member.name for member in Folder(library.parent).members()] == ["b.jpg"]


def test_links_to_nowhere_and_pipes_are_left_out(tmp_path: Path) -> None:
    pack(tmp_path / "part", "folder", "a.jpg")
    (tmp_path / "part" / "gone.jpg").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "part" / "pipe.jpg")
    assert [member.name for member in Folder(tmp_path / "part").members()] == ["a.jpg"]


# --- what cannot be unpacked -----------------------------------------------------------------------------------------


def test_files_that_are_too_large(library: Path, tmp_path: Path, settings: Settings) -> None:
    settings.MIRAGE_UPLOAD_MAX_MB = 0
    (member,) = pack(tmp_path / "part", "zip", "a.jpg").members()
    with pytest.raises(DamagedMember, match="MIRAGE_UPLOAD_MAX_MB"), member.staged():
        pytest.fail("it was unpacked")


def test_too_little_room(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photos.ingest.intake.LEAST_FREE_BYTES", 2**62)
    (member,) = pack(tmp_path / "part", "zip", "a.jpg").members()
    with pytest.raises(OSError, match="MB are free"), member.staged():
        pytest.fail("it was unpacked")


def damaged(place: Path) -> Member:
    """A file whose bytes in the archive are damaged."""
    path = place.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", os.urandom(1000))
    data = bytearray(path.read_bytes())
    data[100:120] = bytes(20)
    path.write_bytes(data)
    (member,) = Zip(path).members()
    return member


def test_a_damaged_archive_is_reported(library: Path, tmp_path: Path) -> None:
    member = damaged(tmp_path / "part")
    with pytest.raises(DamagedMember, match="archive is damaged"):
        member.read(10_000)
    with pytest.raises(DamagedMember, match="archive is damaged"), member.staged():
        pytest.fail("it was unpacked")
    assert list(paths.incoming_folder().iterdir()) == []


def test_an_encrypted_file_is_reported(tmp_path: Path) -> None:
    source = pack(tmp_path / "part", "zip", "a.jpg")
    data = bytearray(source.path.read_bytes())
    data[6] |= 1  # the flag of its own head …
    data[data.index(b"PK\1\2") + 8] |= 1  # … and of the directory
    source.path.write_bytes(data)
    (member,) = Zip(source.path).members()
    with pytest.raises(DamagedMember, match="cannot be unpacked"):
        member.read(10)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\3\4" + bytes(200)])
def test_files_that_are_not_archives(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(BadExport, match="not a zip file"):
        Zip(path)


@pytest.mark.parametrize("where", ["in both", "in the file's own head"])
def test_a_name_in_no_encoding_is_damage(tmp_path: Path, where: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("é.jpg", b"content")
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xfe", -1 if where == "in both" else 1))
    if where == "in both":
        with pytest.raises(BadExport, match="not a readable zip file"):
            Zip(path)
        return
    (member,) = Zip(path).members()
    with pytest.raises(DamagedMember, match="archive is damaged"):
        member.read(10)


# --- parts -----------------------------------------------------------------------------------------------------------


def opened(*roots: Path) -> list[tuple[str, str]]:
    return [(type(source).__name__, source.path.name) for source in open_sources(list(roots))]


def test_a_folder_of_archives_means_the_archives(tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for name in ("b", "a"):
        pack(export / name, "zip", "x.jpg")
    (export / ".DS_Store").write_bytes(b"")
    assert opened(export) == [("Zip", "a.zip"), ("Zip", "b.zip")]


def test_a_folder_of_archives_and_files_is_both(tmp_path: Path) -> None:
    export = tmp_path / "export"
    pack(export, "folder", "x.jpg")
    pack(export / "a", "zip", "x.jpg").path.rename(export / "A.ZIP")
    assert opened(export) == [("Zip", "A.ZIP"), ("Folder", "export")]


def test_archives_and_folders_by_name(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a", "zip", "x.jpg").path
    folder = pack(tmp_path / "folder", "folder", "x.jpg").path
    assert opened(archive, folder) == [("Zip", "a.zip"), ("Folder", "folder")]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert opened(empty) == []


def test_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(BadExport, match="nothing at"):
        open_sources([tmp_path / "gone"])


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        *(("a.jpg", ".jpg"), ("a.HEIC", ".HEIC"), ("a", ""), ("a.tar.gz", ".gz"), ("a.longextension", "")),
        *(("a.j/pg", ""), ("a.jüg", ""), ("a.", "")),
    ],
)
def test_extensions_have_only_letters_and_digits(name: str, suffix: str) -> None:
    assert sources.extension(name) == suffix


def test_an_impossible_time_in_an_archive() -> None:
    info = zipfile.ZipInfo("a.jpg")
    info.date_time = (1980, 0, 0, 0, 0, 0)
    assert sources.modified(info) == 0.0


@pytest.mark.parametrize(("name", "hidden"), [(".DS_Store", True), ("__MACOSX", True), ("..", False), ("a.b", False)])
def test_names_of_the_system(name: str, hidden: bool) -> None:
    assert sources.is_hidden(name) is hidden
