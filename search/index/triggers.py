"""Triggers that note which photos' words have changed, whoever changes them: a form, a bulk update, a cascade.

They are taken away before migrations and put back afterwards, because SQLite makes tables anew to change them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from search.index.documents import FIELDS
from search.models import TextChange

PREFIX = "search_text_"
QUEUE = TextChange._meta.db_table
OF_FACES = "SELECT photo_id FROM people_face WHERE person_id = NEW.id"
OF_TAGS = "SELECT photo_id FROM tags_phototag WHERE tag_id = NEW.id"


@dataclass(frozen=True)
class Watch:
    """Changes of a table: `event` and, for updates, of which columns; `photos` selects whose words they touch."""

    table: str
    event: str
    photos: str
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.table}_{self.event}".lower()

    @property
    def changed(self) -> str:
        """The condition that one of the columns is another than before."""
        different = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
        return " OR ".join(f"OLD.{column} {different} NEW.{column}" for column in self.columns)


def watches() -> Iterator[Watch]:
    """Everything that `search.index.documents` reads."""
    yield Watch("photos_photo", "INSERT", "SELECT NEW.id")
    yield Watch("photos_photo", "UPDATE", "SELECT NEW.id", FIELDS)
    yield Watch("photos_photo", "DELETE", "SELECT OLD.id")
    yield Watch("people_person", "UPDATE", OF_FACES, ("name",))
    yield Watch("tags_tag", "UPDATE", OF_TAGS, ("path",))
    of_photo = {
        "people_face": ("person_id", "not_a_face", "photo_id"),
        "tags_phototag": ("tag_id", "rejected", "photo_id"),
        "photos_comment": ("text", "photo_id"),
        "photos_phototext": ("text", "rejected"),
    }
    for table, columns in of_photo.items():
        yield Watch(table, "INSERT", "SELECT NEW.photo_id")
        yield Watch(table, "UPDATE", "SELECT NEW.photo_id", columns)
        yield Watch(table, "DELETE", "SELECT OLD.photo_id")


def sql_of(watch: Watch) -> list[str]:
    """The statements that make the trigger."""
    columns = f" OF {', '.join(watch.columns)}" if watch.columns else ""
    when = f" WHEN ({watch.changed})" if watch.columns else ""
    insert = f"INSERT INTO {QUEUE} (photo_id) {watch.photos};"
    if connection.vendor == "sqlite":
        head = f"CREATE TRIGGER {watch.name} AFTER {watch.event}{columns} ON {watch.table} FOR EACH ROW{when}"
        return [f"{head} BEGIN {insert} END"]
    function = (
        f"CREATE OR REPLACE FUNCTION {watch.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {insert} RETURN NULL; END $$"
    )
    head = f"CREATE TRIGGER {watch.name} AFTER {watch.event}{columns} ON {watch.table} FOR EACH ROW{when}"
    return [function, f"{head} EXECUTE FUNCTION {watch.name}()"]


def present() -> dict[str, str]:
    """Our triggers in the database, with their tables."""
    query = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def install() -> None:
    """Make those that are missing."""
    known = present()
    with connection.cursor() as cursor:
        for watch in watches():
            if watch.name not in known:
                for statement in sql_of(watch):
                    cursor.execute(statement)


def remove() -> None:
    """Take them away."""
    with connection.cursor() as cursor:
        for name, table in present().items():
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
