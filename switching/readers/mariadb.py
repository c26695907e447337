"""The rows of a dump that MariaDB or MySQL made (mysqldump): INSERT statements with many rows each."""

import re
from collections.abc import Iterator

from media.sentences import english
from switching.stream import Unreadable

COLUMN = re.compile(rb"\s*`((?:[^`]|``)+)` ")
TABLE = re.compile(rb"(?:CREATE TABLE|INSERT INTO) `((?:[^`]|``)+)`")
# A value: NULL, a number, 0x…, or a text in quotation marks, perhaps after its character set.
VALUE = re.compile(rb"(NULL|-?[0-9][0-9.eE+-]*|0x[0-9A-Fa-f]*|(?:_\w+ )?'(?:[^'\\]|\\.|'')*')([,)])", re.DOTALL)
ESCAPE = re.compile(r"\\(.)|''", re.DOTALL)
NAMED = {"0": "\0", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "b": "\b"}


def table_of(line: bytes) -> str:
    found = TABLE.match(line)
    return found[1].decode("utf-8", "replace") if found else ""


def columns_of(line: bytes, lines: Iterator[bytes]) -> tuple[str, list[str]]:
    """The name of a table that is created, and its columns. Reads to the end of the statement."""
    columns: list[str] = []
    for each in lines:
        if each.startswith(b")"):
            return table_of(line), columns
        if found := COLUMN.match(each):
            columns.append(found[1].decode("utf-8", "replace"))
    raise Unreadable(english("The dump is cut off in the middle of a table. Make or copy it again."))


def rows_of(line: bytes, lines: Iterator[bytes]) -> Iterator[list[str | None]]:
    """The rows of one INSERT statement, which may go over several lines."""
    while line and not line.rstrip().endswith(b";"):
        more = next(lines, b"")
        if not more:
            raise Unreadable(english("The dump is cut off in the middle of a table. Make or copy it again."))
        line += more
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
        place = line.find(b"(", place, place + 3)


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
