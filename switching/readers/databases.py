"""Databases that a program keeps in SQLite, MariaDB or PostgreSQL: the file itself, or a dump of it in plain SQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from switching.readers import dump, tables
from switching.readers.tables import MAGIC, Tables


@contextmanager
def opened(path: Path, program: str, wanted: dict[str, Sequence[str]]) -> Iterator[Tables]:
    """The wanted tables of a database file or of a dump. Raises Unreadable."""
    if is_sqlite(path):
        with tables.opened(path, program) as found:
            yield found
    else:
        with dump.opened(path, {name: (name, columns) for name, columns in wanted.items()}) as found:
            yield found


def is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False  # the dump's reader says why
