"""Triggers that note which photos' words have changed, whatever changes them: a form, a bulk update, a cascade.

They are dropped before migrations and created again afterwards, because SQLite copies a table to change it. Each name
ends with a digest of what the trigger does, so that a changed definition replaces it.
"""

from collections.abc import Iterator

from django.db import connection

from search.index.documents import columns_of_photos
from search.index.indexed import Watch, digest
from search.index.sources import all_rows
from search.models import TextChange

PREFIX = "search_text_"
QUEUE = TextChange._meta.db_table


def watches() -> Iterator[Watch]:
    """Everything that `search.index.documents` reads."""
    yield Watch("photos_photo", "INSERT", "SELECT NEW.id")
    yield Watch("photos_photo", "UPDATE", "SELECT NEW.id", tuple(columns_of_photos()))
    yield Watch("photos_photo", "DELETE", "SELECT OLD.id")
    for rows in all_rows():
        yield from rows.watches


def wanted() -> dict[str, list[str]]:
    """The name of each trigger, and the statements that make it."""
    return dict(map(made, watches()))


def made(watch: Watch) -> tuple[str, list[str]]:
    different = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{column} {different} NEW.{column}" for column in watch.columns)
    columns, when = (f" OF {', '.join(watch.columns)}", f" WHEN ({changed})") if watch.columns else ("", "")
    occasion = f"AFTER {watch.event}{columns} ON {watch.table} FOR EACH ROW{when}"
    insert = f"INSERT INTO {QUEUE} (photo_id) {watch.photos};"
    name = f"{PREFIX}{watch.table}_{watch.event}_{digest(occasion, insert)}".lower()
    if connection.vendor == "sqlite":
        return name, [f"CREATE TRIGGER {name} {occasion} BEGIN {insert} END"]
    body = f"$$ BEGIN {insert} RETURN NULL; END $$"
    return name, [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"CREATE TRIGGER {name} {occasion} EXECUTE FUNCTION {name}()",
    ]


def present() -> set[str]:
    """The names of our triggers in the database."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall() if name.startswith(PREFIX)}


def install() -> None:
    """Create missing triggers and drop outdated ones."""
    here, needed = present(), wanted()
    drop(here - needed.keys())
    with connection.cursor() as cursor:
        for name in needed.keys() - here:
            for statement in needed[name]:
                cursor.execute(statement)


def remove() -> None:
    """Drop all triggers."""
    drop(present())


def drop(names: set[str]) -> None:
    """Drop these; in PostgreSQL with the functions that they call."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                f"DROP TRIGGER {name}" if connection.vendor == "sqlite" else f"DROP FUNCTION {name}() CASCADE"
            )
