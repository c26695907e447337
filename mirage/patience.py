"""How long a page waits for others who write: it would rather show what it has."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE_MS = 200  # of a page, while others write into SQLite


@contextmanager
def hurried() -> Iterator[None]:
    """SQLite waits only a moment for others who write. In PostgreSQL nothing here waits for them."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database = connection.connection  # itself, so that no time limit hinders it
    (before,) = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {before}")
