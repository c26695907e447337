"""Reading a dump of PostgreSQL or MariaDB without a server: its wanted tables go into a small SQLite database.

The dump is read once, line by line, so that its size does not matter. Only the wanted columns are kept, as text.
MariaDB's rows: switching/readers/mariadb.py.
"""

import gzip
import re
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from media.sentences import english
from switching.readers import mariadb
from switching.readers.tables import Tables, quoted
from switching.stream import Unreadable

COPY = re.compile(rb'COPY (?:"?\w+"?\.)?"?(?P<table>\w+)"? \((?P<columns>[^)]*)\) FROM stdin;')
END = b"\\.\n"
COMPLETE = (b"PostgreSQL database dump complete", b"-- Dump completed")
PHPMYADMIN, ITS_END = b"-- phpMyAdmin SQL Dump", b"/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;"
ADMINER, ADMINERS_END = b"-- Adminer ", re.compile(rb"-- \d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
LONGEST_LINE = 32 * 1024 * 1024  # bytes; real lines have some thousands
MOST_ROWS = 50_000_000
ROWS_AT_ONCE = 2_000
BOMB_RATIO = 300  # SQL packs by a factor of 3 to 15; gzip's most is about a thousand
BOMB_FROM = 256 * 1024 * 1024  # unpacked bytes, below which the ratio does not matter
LEAST_FREE = 200 * 1024 * 1024
ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
NAMED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

Wanted = Mapping[str, tuple[str, Sequence[str]]]  # by the dump's name of a table: its name here and its columns


@contextmanager
def opened(path: Path, wanted: Wanted) -> Iterator[Tables]:
    """The wanted tables of the dump. Columns that the dump does not have are missing here too. Raises Unreadable."""
    with (
        tempfile.TemporaryDirectory(prefix="mirage-switch-") as folder,
        closing(sqlite3.connect(Path(folder) / "dump.db")) as database,
    ):
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        with lines_of(path) as lines:
            load(lines, wanted, database, Path(folder))
        yield Tables(database)


@contextmanager
def lines_of(path: Path) -> Iterator[Iterator[bytes]]:
    """The lines of a dump, which may be packed. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            head = file.read(5)
            file.seek(0)
            if head == b"PGDMP":
                raise Unreadable(
                    english("This dump has PostgreSQL's own format. Make one in plain SQL (pg_dump -F plain).")
                )
            if head[:2] == b"PK":
                raise Unreadable(english("This is a zip file. Unpack it, and choose the .sql or .sql.gz in it."))
            packed = head[:2] == b"\x1f\x8b"
            stream: IO[bytes] = gzip.open(file) if packed else file  # type: ignore[assignment]  # noqa: SIM115
            yield bounded(stream, file if packed else None)
    except EOFError as error:
        raise Unreadable(english("The dump is cut off: its end is missing. Make or copy it again.")) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable(english("The packed dump is damaged. Make or copy it again.")) from error
    except OSError as error:
        raise Unreadable(english("The dump cannot be read: %(reason)s.", reason=error.strerror or error)) from error


def bounded(stream: IO[bytes], packed: IO[bytes] | None) -> Iterator[bytes]:
    """The lines, unless one is endless or the file unpacks to far more than any dump."""
    seen = 0
    while line := stream.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise Unreadable(english("This is no dump of a database: one of its lines has no end."))
        seen += len(line)
        if packed is not None and seen > BOMB_FROM and seen > BOMB_RATIO * packed.tell():
            raise Unreadable(english("This file unpacks to far more than a dump would. Mirage does not go on with it."))
        yield line


def load(lines: Iterator[bytes], wanted: Wanted, database: sqlite3.Connection, folder: Path) -> None:
    """Put the rows of the wanted tables into the database. Raises Unreadable if the dump is cut off."""
    complete = met = False
    count = 0
    maker = b""
    created: dict[str, list[str]] = {}
    wanted = {name.lower(): what for name, what in wanted.items()}  # MySQL of Windows has no capitals
    for line in lines:
        if line.startswith((b"--", b"/*!")):
            maker = next((each for each in (PHPMYADMIN, ADMINER) if line.startswith(each)), maker)
            complete = complete or ends(line, maker)
        elif line.startswith((b"CREATE TABLE `", b"CREATE TABLE IF NOT EXISTS `")):
            table, columns = mariadb.columns_of(line, lines)
            created[table], met = columns, True
            if table.lower() in wanted:  # it may have no rows
                insert(iter(()), *wanted[table.lower()], columns, database, folder, MOST_ROWS)
        elif line.startswith(b"INSERT INTO `"):
            met, complete = True, False
            table = mariadb.table_of(line)
            if table.lower() in wanted:
                columns = mariadb.named_columns(line) or created.get(table, [])
                rows: Iterator[list[Any]] = mariadb.rows_of(line, lines)
                count += insert(rows, *wanted[table.lower()], columns, database, folder, MOST_ROWS - count)
        elif line.startswith(b"COPY ") and (head := COPY.match(line)):
            met, complete = True, False
            table = head["table"].decode().lower()
            if table in wanted:
                rows = fields_of(rows_of(lines))
                count += insert(rows, *wanted[table], names_in(head["columns"]), database, folder, MOST_ROWS - count)
            else:
                skip(lines)
    if not met:
        raise Unreadable(
            english("There are no tables in this file. Choose a dump in plain SQL, as pg_dump or Immich makes it.")
        )
    if not complete:
        raise Unreadable(english("The dump is cut off: its end is missing. Make or copy it again."))
    database.commit()


def ends(line: bytes, maker: bytes) -> bool:
    """Whether a dump is whole if this line comes last."""
    if maker == PHPMYADMIN:
        return line.startswith(ITS_END)
    if maker == ADMINER:
        return ADMINERS_END.match(line) is not None
    return any(words in line for words in COMPLETE)


def names_in(columns: bytes) -> list[str]:
    return [name.strip().strip('"') for name in columns.decode("utf-8", "replace").split(",")]


def rows_of(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of one table. Raises Unreadable if the end of the table is missing."""
    for line in lines:
        if line == END:
            return
        if not line.endswith(b"\n"):
            break
        yield line
    raise Unreadable(english("The dump is cut off in the middle of a table. Make or copy it again."))


def fields_of(rows: Iterator[bytes]) -> Iterator[list[bytes]]:
    """The fields of each line."""
    for line in rows:
        yield line.rstrip(b"\r\n").split(b"\t")


def skip(lines: Iterator[bytes]) -> None:
    """Go past a table that nobody wants: most bytes of a dump are vectors."""
    for line in lines:
        if line == END:
            return
    raise Unreadable(english("The dump is cut off in the middle of a table. Make or copy it again."))


def insert(
    rows: Iterator[list[Any]],
    table: str,
    wanted: Sequence[str],
    columns: Sequence[str],
    database: sqlite3.Connection,
    folder: Path,
    most: int,
) -> int:
    """Put the rows of a table into the database. Returns how many."""
    there = [column.lower() for column in columns]
    kept = [(there.index(name.lower()), name) for name in wanted if name.lower() in there]
    names = ", ".join(quoted(name) for _, name in kept)
    if not kept:
        return sum(1 for _ in rows)
    typed = ", ".join(f"{quoted(name)} TEXT" for _, name in kept)
    database.execute(f"CREATE TABLE IF NOT EXISTS {quoted(table)} ({typed})")
    statement = f"INSERT INTO {quoted(table)} ({names}) VALUES ({', '.join('?' * len(kept))})"
    count, some = 0, []
    for fields in rows:
        if len(fields) != len(columns):
            raise Unreadable(
                english(
                    "A row of the table %(table)s has %(fields)s fields instead of %(columns)s.",
                    table=table,
                    fields=len(fields),
                    columns=len(columns),
                )
            )
        some.append([text_of(fields[place]) for place, _ in kept])
        count += 1
        if len(some) >= ROWS_AT_ONCE:
            database.executemany(statement, some)
            some.clear()
            require_room(folder, count, most)
    database.executemany(statement, some)
    return count


def require_room(folder: Path, count: int, most: int) -> None:
    if count > most:
        raise Unreadable(english("This dump has more rows than Mirage reads."))
    if shutil.disk_usage(folder).free < LEAST_FREE:
        raise Unreadable(english("There is too little room for temporary files to read this dump."))


def text_of(field: bytes | str | None) -> str | None:
    """A field of COPY as text. None for NULL. Those of MariaDB are text already."""
    if field is None or isinstance(field, str):
        return field
    if field == b"\\N":
        return None
    text = field.decode("utf-8", "replace")
    return ESCAPE.sub(unescaped, text) if "\\" in text else text


def unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code[0] in "01234567":
        return chr(int(code, 8) & 0xFF)
    return NAMED.get(code, code)
