"""Dumps that are cut off, endless, packed to burst, of the wrong kind, or full of strange text."""

import gzip
import sqlite3
from pathlib import Path

import pytest

from switching.readers import dump, mariadb
from switching.stream import Unreadable

WANTED = {"asset": ("asset", ("id", "name"))}
WHOLE = (
    b'COPY public.vectors (id, v) FROM stdin;\n1\t[0.1]\n\\.\n\nCOPY public.asset ("id", "other", "name") FROM stdin;\n'
    b"1\tx\tone\n2\t\\N\t\\N\n\\.\n\n--\n-- PostgreSQL database dump complete\n--\n"
)


def rows(path: Path) -> list[tuple[str | None, ...]]:
    with dump.opened(path, WANTED) as tables:
        return [tuple(row) for row in tables.rows("SELECT id, name FROM asset")]


@pytest.fixture
def written(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(content: bytes, name: str = "dump.sql") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def test_plain_and_packed_dumps_are_read(written) -> None:  # type: ignore[no-untyped-def]
    assert rows(written(WHOLE)) == [("1", "one"), ("2", None)]
    assert rows(written(gzip.compress(WHOLE), "dump.sql.gz")) == [("1", "one"), ("2", None)]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (b"a\\tb\\nc", "a\tb\nc"),
        (b"\\\\x00ff", "\\x00ff"),
        (b"\\x41\\101", "AA"),
        ("Łódź 🌊".encode(), "Łódź 🌊"),
        (b"Robert'); DROP TABLE asset;--", "Robert'); DROP TABLE asset;--"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"\\N", None),
        (b"", ""),
    ],
)
def test_fields_are_read_as_copy_writes_them(field: bytes, text: str | None) -> None:
    assert dump.text_of(field) == text


@pytest.mark.parametrize("length", [50, WHOLE.index(b"x\tone"), WHOLE.index(b"\\N\t"), len(WHOLE) - 15])
def test_a_dump_that_is_cut_off_is_refused(written, length: int) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unreadable, match="cut off"):
        rows(written(WHOLE[:length]))


def test_a_packed_dump_that_is_cut_off_is_refused(written) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unreadable, match="cut off"):
        rows(written(gzip.compress(WHOLE)[:-20]))


def test_a_damaged_packed_dump_is_refused(written) -> None:  # type: ignore[no-untyped-def]
    packed = bytearray(gzip.compress(WHOLE * 100))
    packed[40:60] = b"\0" * 20
    with pytest.raises(Unreadable, match=r"damaged|cut off"):
        rows(written(bytes(packed)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PGDMP\x01", "own format"),
        (b"PK\x03\x04", "zip file"),
        (b"", "no tables"),
        (b"INSERT INTO asset VALUES (1);\n", "no tables"),
        (WHOLE.replace(b"1\tx\tone", b"1\tx"), "2 fields instead of 3"),
    ],
)
def test_other_files_are_refused_in_words(written, content: bytes, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unreadable, match=words):
        rows(written(content))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        rows(tmp_path / "none.sql")


def test_a_bomb_is_refused(written, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(dump, "BOMB_FROM", 1_000_000)
    bomb = gzip.compress(b"-- \n" * 3_000_000)
    assert len(bomb) < 40_000
    with pytest.raises(Unreadable, match="far more"):
        rows(written(bomb, "bomb.sql.gz"))


def test_an_endless_line_is_refused(written, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(dump, "LONGEST_LINE", 1000)
    with pytest.raises(Unreadable, match="no end"):
        rows(written(b"x" * 2000))


def test_too_many_rows_are_refused(written, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(dump, "MOST_ROWS", 10)
    monkeypatch.setattr(dump, "ROWS_AT_ONCE", 5)
    many = WHOLE.replace(b"1\tx\tone\n", b"1\tx\tone\n" * 20)
    with pytest.raises(Unreadable, match="more rows"):
        rows(written(many))


def test_the_temporary_database_is_removed(written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = written(WHOLE)
    assert sqlite3.sqlite_version
    rows(path)
    assert [each.name for each in tmp_path.iterdir()] == ["dump.sql"]


CREATED = b"CREATE TABLE IF NOT EXISTS `Asset` (\n  `id` int(11) NOT NULL,\n  `name` text\n) ENGINE=InnoDB;\n\n"
ROWS = b"INSERT INTO `Asset` (`name`, `id`) VALUES\n('one; it''s\\n', 1),\n(NULL,\t2);\n"
MORE = b"INSERT INTO `asset` (`id`) VALUES\r\n(3);\r\n"
READ = [("1", "one; it's\n"), ("2", None), ("3", None)]
PHPMYADMIN = (
    b"-- phpMyAdmin SQL Dump\n-- version 5.2.1\n/*!40101 SET NAMES utf8mb4 */;\n" + CREATED + ROWS + MORE +
    b"COMMIT;\n/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;\n"
)  # fmt: skip
ADMINER = b"-- Adminer 5.3.0 MySQL 8.4.0 dump\n\n" + CREATED + ROWS + MORE + b"\n-- 2026-01-01 12:00:00 UTC\n"


@pytest.mark.parametrize("content", [PHPMYADMIN, ADMINER])
def test_dumps_of_web_pages_name_their_columns_and_end_in_their_own_way(written, content: bytes) -> None:  # type: ignore[no-untyped-def]
    assert rows(written(content)) == READ
    for length in (content.index(b"(NULL"), content.index(MORE), len(content) - 45):
        with pytest.raises(Unreadable, match="cut off"):
            rows(written(content[:length]))


def test_a_statement_without_an_end_is_refused(written, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(mariadb, "LONGEST_STATEMENT", 1000)
    with pytest.raises(Unreadable, match="no end"):
        rows(written(CREATED + b"INSERT INTO `asset` VALUES\n" + b"(1,'x'),\n" * 200))
