"""The rows of a dump that mysqldump, phpMyAdmin or Adminer made: INSERT statements with many rows each."""

import re
from collections.abc import Iterator

from media.sentences import english
from switching.stream import Unreadable

NAME = re.compile(rb"`((?:[^`]|``)+)`")
COLUMN = re.compile(rb"\s*`((?:[^`]|``)+)` ")
TABLE = re.compile(rb"(?:CREATE TABLE(?: IF NOT EXISTS)?|INSERT INTO) `((?:[^`]|``)+)`")
NAMED_COLUMNS = re.compile(rb"INSERT INTO `(?:[^`]|``)+` \(((?:`(?:[^`]|``)+`[, ]*)+)\) VALUES")
# A value: NULL, a number, 0x…, or a text in quotation marks, perhaps after its character set.
VALUE = re.compile(rb"\s*(NULL|-?[0-9][0-9.eE+-]*|0x[0-9A-Fa-f]*|(?:_\w+ )?'(?:[^'\\]|\\.|'')*')\s*([,)])", re.DOTALL)
BETWEEN = 6  # bytes from the end of a row to the beginning of the next
LONGEST_STATEMENT = 128 * 1024 * 1024  # bytes; servers take 16 million unless told otherwise
ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
NAMED = {"0": "\0", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "b": "\b"}


def table_of(line: bytes) -> str:
    found = TABLE.match(line)
    return found[1].decode("utf-8", "replace") if found else ""


def named_columns(line: bytes) -> list[str]:
    """The columns that an INSERT statement names itself; none if it has those of the table."""
    found = NAMED_COLUMNS.match(line)
    return [name.decode("utf-8", "replace") for name in NAME.findall(found[1])] if found else []


def columns_of(line: bytes, lines: Iterator[bytes]) -> tuple[str, list[str]]:
    """The name of a table that is created, and its columns. Reads to the end of the statement."""
    columns: list[str] = []
    for each in lines:
        if each.startswith(b")"):
            return table_of(line), columns
        if found := COLUMN.match(each):
            columns.append(found[1].decode("utf-8", "replace"))
    raise Unreadable(english("The dump is cut off in the middle of a table. Make or copy it again."))


def whole_statement(line: bytes, lines: Iterator[bytes]) -> bytes:
    """A statement to its end. Raises Unreadable if it has none."""
    if line.rstrip().endswith(b";"):
        return line
    whole = bytearray(line)
    for more in lines:
        whole += more
        if more.rstrip().endswith(b";"):
            return bytes(whole)
        if len(whole) > LONGEST_STATEMENT:
            raise Unreadable(english("This is no dump of a database: one of its lines has no end."))
    raise Unreadable(english("The dump is cut off in the middle of a table. Make or copy it again."))


def rows_of(line: bytes, lines: Iterator[bytes]) -> Iterator[list[str | None]]:
    """The rows of one INSERT statement, which may go over several lines."""
    line = whole_statement(line, lines)
    place = line.find(b"VALUES")
    place = line.find(b"(", place) if place >= 0 else -1
    while place >= 0:
        row: list[str | None] = []
        place += 1
        while found := VALUE.match(line, place):
            row.append(text_of(found[1]))
            place = found.end()
            if found[2] == b")":
                break
        else:
            raise Unreadable(english("A row of this dump cannot be read."))
        yield row
        place = line.find(b"(", place, place + BETWEEN)


def text_of(value: bytes) -> str | None:
    """A value as text. None for NULL."""
    if value == b"NULL":
        return None
    if value.startswith(b"0x"):
        return bytes.fromhex(value[2:].decode()).decode("utf-8", "replace") if len(value) % 2 == 0 else ""
    if not value.endswith(b"'"):
        return value.decode()
    text = value[value.index(b"'") + 1 : -1].decode("utf-8", "replace")
    return ESCAPE.sub(unescaped, text) if "\\" in text or "''" in text else text


def unescaped(match: re.Match[str]) -> str:
    return "'" if match[1] is None else NAMED.get(match[1], match[1])
