"""Readers of other programs' libraries. Each yields one neutral stream (switching/stream.py) and writes nothing."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from switching.readers import immich
from switching.stream import Library

Read = Callable[[Path, str, Sequence[str]], AbstractContextManager[Library]]


@dataclass(frozen=True)
class Reader:
    """How to read one program. `read` takes the path, the account, and what the account may be called otherwise."""

    program: str
    what: str  # what to point at, for the page
    read: Read
    signs: tuple[str, ...]  # names by which such a file or folder is recognised
    by_sha1: bool = False  # it knows the SHA-1 of files


READERS: dict[str, Reader] = {
    "immich": Reader(
        "Immich",
        "A backup of its database: the .sql.gz in the folder backups of its library",
        immich.read,
        ("immich*.sql.gz", "immich*.sql", "dump.sql.gz", "dump.sql"),
        by_sha1=True,
    ),
}
