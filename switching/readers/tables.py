"""Reading the databases of other programs, which are not trusted: nothing is written, and wrong values are left out."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from media.sentences import english
from media.text import clean
from switching.stream import Unreadable

MAGIC = b"SQLite format 3\0"
IDS_AT_ONCE = 5_000
DAMAGED = english(
    "The database is damaged, was cut off when it was copied, or is in use: close its program and copy it again."
)


def quoted(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


class Tables:
    """The tables of a database that is only read. Views and virtual tables count as missing: they could run code."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        database.row_factory = sqlite3.Row
        database.text_factory = lambda value: value.decode("utf-8", "replace")
        found = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
        self.names = {str(row["name"]) for row in found}

    def columns(self, table: str) -> set[str]:
        """The columns of a table; none if there is no such table."""
        if table not in self.names:
            return set()
        return {str(row["name"]) for row in self.rows(f"PRAGMA table_info({quoted(table)})")}

    def require(self, program: str, needed: Mapping[str, Sequence[str]]) -> None:
        """Raises Unreadable with what is missing, unless all these tables and columns are there."""
        for table, columns in needed.items():
            missing = set(columns) - self.columns(table)
            if missing:
                if table not in self.names:
                    raise Unreadable(
                        english(
                            "This is not a database of %(program)s that Mirage can read: the table %(table)s is"
                            " missing.",
                            program=program,
                            table=table,
                        )
                    )
                what = f"{table}.{sorted(missing)[0]}"
                raise Unreadable(
                    english(
                        "This is not a database of %(program)s that Mirage can read: %(what)s is missing.",
                        program=program,
                        what=what,
                    )
                )

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[sqlite3.Row]:
        """The rows of a query. Raises Unreadable."""
        try:
            yield from self.database.execute(query, values)
        except sqlite3.DatabaseError as error:
            raise Unreadable(DAMAGED) from error

    def select(self, table: str, columns: Sequence[str], rest: str = "") -> Iterator[sqlite3.Row]:
        """These columns of a table; those that this version does not have are NULL. No rows if there is no table."""
        there = self.columns(table)
        if there:
            names = ", ".join(quoted(name) if name in there else f"NULL AS {quoted(name)}" for name in columns)
            yield from self.rows(f"SELECT {names} FROM {quoted(table)} {rest}")

    def count(self, table: str, condition: str = "1") -> int:
        """How many rows fulfil a condition; 0 if there is no such table."""
        if table not in self.names:
            return 0
        return int(next(self.rows(f"SELECT count(*) AS n FROM {quoted(table)} WHERE {condition}"))["n"])


@contextmanager
def opened(path: Path, program: str) -> Iterator[Tables]:
    """An SQLite file, read only. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except OSError as error:
        raise Unreadable(english("The database cannot be read: %(reason)s.", reason=error.strerror or error)) from error
    if head != MAGIC:
        raise Unreadable(english("This is not an SQLite database, as %(program)s has one.", program=program))
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
    except sqlite3.Error as error:
        raise Unreadable(DAMAGED) from error
    try:
        yield Tables(database)
    finally:
        database.close()


# --- values: whatever stands in a column, these never raise -----------------------------------------------------------


def text(value: Any) -> str:
    """A value as clean text; empty for NULL and for bytes."""
    return "" if value is None or isinstance(value, bytes) else clean(value)


def number(value: Any) -> float | None:
    """A finite number, or None."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if abs(found) < 1e15 else None  # also false for NaN


def whole(value: Any) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def truth(value: Any) -> bool:
    """Whether a value of SQLite or of a dump means yes."""
    return value in (1, "1", "t", "true", True)


def day(value: Any) -> date | None:
    """The day at the beginning of a text such as 1980-01-31."""
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None


def moment(value: Any) -> datetime | None:
    """The local time at the beginning of a text such as 2019-05-04 18:30:00.123+00, naive."""
    found = re.match(r"(\d{4})[-:](\d\d)[-:](\d\d)[ T](\d\d):(\d\d):(\d\d)", str(value or ""))
    try:
        return datetime(*map(int, found.groups())) if found else None  # type: ignore[arg-type]
    except ValueError:
        return None


def stars(value: Any) -> int | None:
    """A rating from one to five stars, or -1 for rejected. Anything else is none."""
    found = whole(value)
    return found if found is not None and (found == -1 or 1 <= found <= 5) else None


def box(x: Any, y: Any, width: Any, height: Any) -> tuple[float, float, float, float] | None:
    """A box in fractions, cut at the edges of the picture. None if nothing of it is inside."""
    values = [number(each) for each in (x, y, width, height)]
    if any(each is None for each in values):
        return None
    left, top, wide, high = (float(each or 0) for each in values)
    right, bottom = min(left + wide, 1.0), min(top + high, 1.0)
    left, top = max(left, 0.0), max(top, 0.0)
    return (left, top, right - left, bottom - top) if right - left > 1e-4 and bottom - top > 1e-4 else None


def centred(x: Any, y: Any, size: Any, wide: Any, high: Any) -> tuple[float, float, float, float] | None:
    """The box of a face as Apple Photos has it: its centre from the lower left corner, its size of the longer side."""
    values = [number(each) for each in (x, y, size, wide, high)]
    if any(each is None for each in values) or not all(values[2:]):
        return None
    across, down, share, width, height = (float(each or 0) for each in values)
    side = share * max(width, height)
    return box(across - side / width / 2, 1 - down - side / height / 2, side / width, side / height)


def chunks(ids: Sequence[str], size: int = IDS_AT_ONCE) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), size):
        yield ids[first : first + size]
