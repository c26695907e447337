"""Triggers that note in a queue what has to be computed again, whatever changed it: a form, a bulk update, a cascade.

They are dropped before migrations and created again afterwards, because SQLite copies a table to change it. Each name
ends with a digest of what the trigger does, so that a changed definition replaces it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.db import connection


@dataclass(frozen=True)
class Watch:
    """Changes of a table: `event` and, for updates, the columns; `rows` selects the ids that go into the queue.

    `does` are statements that are run instead, where a table is kept right at once.
    """

    table: str
    event: str
    rows: str
    columns: tuple[str, ...] = ()
    does: tuple[str, ...] = ()


@dataclass(frozen=True)
class Triggers:
    """The triggers that fill one queue. All their names begin with the prefix, and no others do."""

    prefix: str
    queue: str  # a table
    column: str  # of the queue, for the id
    watches: Callable[[], Iterable[Watch]]

    def wanted(self) -> dict[str, list[str]]:
        """The name of each trigger, and the statements that make it."""
        return dict(map(self.made, self.watches()))

    def made(self, watch: Watch) -> tuple[str, list[str]]:
        different = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
        changed = " OR ".join(f"OLD.{column} {different} NEW.{column}" for column in watch.columns)
        columns, when = (f" OF {', '.join(watch.columns)}", f" WHEN ({changed})") if watch.columns else ("", "")
        occasion = f"AFTER {watch.event}{columns} ON {watch.table} FOR EACH ROW{when}"
        insert = f"INSERT INTO {self.queue} ({self.column}) {watch.rows};"
        if watch.does:
            insert = " ".join(f"{statement};" for statement in watch.does)
        name = f"{self.prefix}{watch.table}_{watch.event}_{digest(occasion, insert)}".lower()
        if connection.vendor == "sqlite":
            return name, [f"CREATE TRIGGER {name} {occasion} BEGIN {insert} END"]
        body = f"$$ BEGIN {insert} RETURN NULL; END $$"
        return name, [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}",
            f"CREATE TRIGGER {name} {occasion} EXECUTE FUNCTION {name}()",
        ]

    def present(self) -> set[str]:
        """The names of these triggers in the database."""
        query = {
            "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
            "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
        }[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(query)
            return {name for (name,) in cursor.fetchall() if name.startswith(self.prefix)}

    def install(self) -> bool:
        """Create missing triggers and drop outdated ones. Returns whether any was missing."""
        here, needed = self.present(), self.wanted()
        drop(here - needed.keys())
        missing = needed.keys() - here
        with connection.cursor() as cursor:
            for name in missing:
                for statement in needed[name]:
                    cursor.execute(statement)
        return bool(missing)

    def before_migrations(self, plan: list[Any], **signal: Any) -> None:
        """For the signal: drop them, as they would prevent SQLite from changing tables."""
        if plan:
            self.remove()

    def remove(self) -> None:
        """Drop all of them."""
        drop(self.present())


def drop(names: set[str]) -> None:
    """Drop these; in PostgreSQL with the functions that they call."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                f"DROP TRIGGER {name}" if connection.vendor == "sqlite" else f"DROP FUNCTION {name}() CASCADE"
            )


def digest(*parts: object) -> str:
    """Eight characters that stand for a definition. A table or trigger with it in its name was made from it."""
    return f"{crc32(repr(parts).encode()):08x}"
