"""Databases of other programs that are damaged, wrong or hostile, and values of wrong types."""

import math
import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest

from switching.readers import tables
from switching.stream import Unreadable


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE photos (id INTEGER, name TEXT)")
        made.executemany("INSERT INTO photos VALUES (?, ?)", [(n, f"photo {n}" * 50) for n in range(2000)])
        made.execute("CREATE VIEW tricky AS SELECT load_extension('/tmp/x') AS name")
    made.close()
    return path


def test_tables_are_read_and_missing_columns_are_null(database: Path) -> None:
    with tables.opened(database, "Other") as found:
        row = next(found.select("photos", ("id", "rating"), "ORDER BY id"))
        assert (row["id"], row["rating"]) == (0, None)
        assert list(found.select("none", ("id",))) == []
        assert (found.count("photos"), found.count("none")) == (2000, 0)


def test_a_view_is_no_table(database: Path) -> None:
    with tables.opened(database, "Other") as found:
        assert found.columns("tricky") == set()
        with pytest.raises(Unreadable, match="the table tricky is missing"):
            found.require("Other", {"tricky": ("name",)})


def test_what_is_missing_is_named(database: Path) -> None:
    with tables.opened(database, "Other") as found, pytest.raises(Unreadable, match=r"photos\.rating is missing"):
        found.require("Other", {"photos": ("id", "rating")})


def test_nothing_is_written(database: Path) -> None:
    with tables.opened(database, "Other") as found, pytest.raises(Unreadable):
        list(found.rows("DELETE FROM photos"))


def test_a_damaged_database_is_refused(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    database.write_bytes(bytes(content))
    with tables.opened(database, "Other") as found, pytest.raises(Unreadable, match="damaged"):
        list(found.rows("SELECT * FROM photos"))


def test_a_cut_database_is_refused(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:6000])
    with pytest.raises(Unreadable, match="damaged"), tables.opened(database, "Other") as found:
        list(found.rows("SELECT * FROM photos"))


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database")
    with pytest.raises(Unreadable, match="not an SQLite database"), tables.opened(tmp_path / "a.db", "Other"):
        pass
    with pytest.raises(Unreadable, match="cannot be read"), tables.opened(tmp_path, "Other"):
        pass


def test_values_of_wrong_types_are_nothing() -> None:
    assert [tables.number(each) for each in ("1.5", "x", None, math.nan, math.inf, b"\0", 10**400)] == [
        1.5, None, None, None, None, None, None,
    ]  # fmt: skip
    assert [tables.stars(each) for each in (0, 1, "5", 6, -1, -2, "x", None)] == [
        None,
        1,
        5,
        None,
        -1,
        None,
        None,
        None,
    ]
    assert tables.text(b"\0\1") == ""
    assert tables.day("1980-02-30") is None
    assert tables.day("1980-02-28 10:00") == date(1980, 2, 28)
    assert tables.moment("2019:05:04 18:30:00.123") == datetime(2019, 5, 4, 18, 30)
    assert tables.moment("2019-13-04 18:30:00") is None


def test_boxes_are_cut_at_the_edges_and_those_outside_are_none() -> None:
    assert tables.box(-0.1, 0.5, 0.3, 0.8) == pytest.approx((0, 0.5, 0.2, 0.5))
    assert tables.box(1.2, 0, 0.1, 0.1) is None
    assert tables.box(0.1, 0.1, -0.1, 0.1) is None
    assert tables.box("x", 0, 1, 1) is None
