"""Zip files of folders: what is unpacked, and zip files that are cut, damaged, hostile, or hold nothing."""

import errno
import sqlite3
import zipfile
from pathlib import Path

import pytest

from photos.ingest import intake
from switching import unpacking
from switching.readers import tables
from switching.stream import Unreadable


def packed(folder: Path, compression: int = zipfile.ZIP_STORED, **files: bytes) -> Path:
    """A zip file; `a__b` is the name a/b."""
    path = folder / "library.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def zipped(folder: Path, names: dict[str, bytes]) -> Path:
    path = folder / "library.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return path


def test_only_what_readers_look_at_is_unpacked(tmp_path: Path) -> None:
    names = {
        "storage/sidecar/2024/a.yml": b"UID: p",
        "storage/sidecar/2024/a.jpg": b"a picture",
        "storage/run.sh": b"rm",
        "__MACOSX/storage/b.yml": b"x",
    }
    found = unpacking.unpack(zipped(tmp_path, names), "photoprism")
    assert found == tmp_path / "unpacked"
    assert [path.relative_to(found).as_posix() for path in found.rglob("*.*")] == ["storage/sidecar/2024/a.yml"]


@pytest.mark.parametrize(
    ("program", "names", "found"),
    [
        ("lightroom", ["My/My.lrcat", "My/other.db"], "My/My.lrcat"),
        ("photoprism", ["s/index.db", "s/sidecar/a.yml"], "s/index.db"),
        ("photoprism", ["s/sidecar/a.yml", "s/albums/album/b.yml"], ""),
        ("apple", ["P.photoslibrary/database/Photos.sqlite", "x.json"], "P.photoslibrary"),
        ("apple", ["out/.osxphotos_export.db", "out/a.jpg.json"], "out/.osxphotos_export.db"),
        ("picasa", ["2024/.picasa.ini"], ""),
        ("mirage", ["out/catalogue.jsonl"], "out/catalogue.jsonl"),
        ("immich", ["what.sql"], "what.sql"),
    ],
)
def test_the_library_is_found_in_it(tmp_path: Path, program: str, names: list[str], found: str) -> None:
    path = unpacking.unpack(zipped(tmp_path, dict.fromkeys(names, b"x")), program)
    assert path == tmp_path / "unpacked" / found


def test_the_latest_changes_of_a_database_in_use_come_along(tmp_path: Path) -> None:
    live = tmp_path / "live.db"
    database = sqlite3.connect(live)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE photos (id)")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("INSERT INTO photos VALUES (1)")
    database.commit()
    names = {name: (tmp_path / name).read_bytes() for name in ("live.db", "live.db-wal")}
    database.close()
    found = unpacking.unpack(zipped(tmp_path, names), "photoprism")
    assert found.name == "live.db"
    with tables.opened(found, "PhotoPrism") as there:
        assert there.count("photos") == 1


@pytest.mark.parametrize("name", ["../../evil.yml", "a/../../evil.yml", "..\\evil.yml"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match="leads out of its folder"):
        unpacking.unpack(zipped(tmp_path, {name: b"x"}), "photoprism")
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("name", ["写" * 90 + ".yml", "/".join("a" * 50) + "/b.yml"])
def test_what_no_disk_could_hold_is_left_out(tmp_path: Path, name: str) -> None:
    fits = "写" * 80 + ".yml"
    found = unpacking.unpack(zipped(tmp_path, {name: b"x", fits: b"x"}), "photoprism")
    assert [path.name for path in found.rglob("*.yml")] == [fits]


def test_an_absolute_name_stays_in_the_folder(tmp_path: Path) -> None:
    unpacking.unpack(zipped(tmp_path, {"/etc/cron.yml": b"x", "b.yml": b"x"}), "photoprism")
    assert (tmp_path / "unpacked/etc/cron.yml").exists()


def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = packed(tmp_path, zipfile.ZIP_DEFLATED, **{"a.sql": b"0" * 50_000_000})
    with pytest.raises(Unreadable, match="would burst"):
        unpacking.unpack(path, "immich")
    assert not list((tmp_path / "unpacked").iterdir())
    (tmp_path / "unpacked").rmdir()
    monkeypatch.setattr(unpacking, "MOST_BYTES", 10)
    with pytest.raises(Unreadable, match="too much"):
        unpacking.unpack(packed(tmp_path, **{"a.sql": b"0" * 11}), "immich")


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake, "require_space", full)
    with pytest.raises(Unreadable, match="disk of the library is full"):
        unpacking.unpack(packed(tmp_path, **{"a.sql": b"x"}), "immich")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_meanwhile_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(archive: object, info: object, target: object) -> None:
        raise OSError(number, "No space left on device")

    monkeypatch.setattr(unpacking, "write", full)
    with pytest.raises(Unreadable, match="disk of the library is full"):
        unpacking.unpack(packed(tmp_path, **{"a.sql": b"x"}), "immich")


def test_damaged_zips_are_refused_in_words(tmp_path: Path) -> None:
    whole = packed(tmp_path, zipfile.ZIP_DEFLATED, **{"a.sql": bytes(range(256)) * 400}).read_bytes()
    path = tmp_path / "library.zip"
    for place, damaged in enumerate((b"", b"PK", whole[: len(whole) // 2], whole[:60] + b"\xff" * 20 + whole[80:])):
        path.write_bytes(damaged)
        with pytest.raises(Unreadable, match="damaged, was cut off"):
            unpacking.unpack(path, "immich")
        (tmp_path / "unpacked").rename(tmp_path / f"old{place}")


def test_nothing_of_the_program_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="nothing of Picasa"):
        unpacking.unpack(packed(tmp_path, **{"a.jpg": b"x"}), "picasa")


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.yml", b"1")
        archive.writestr("./a.yml", b"2")
    with pytest.raises(Unreadable, match="damaged"):
        unpacking.unpack(path, "photoprism")
