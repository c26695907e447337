"""Copying all rows from one database to another, also between SQLite and PostgreSQL, and comparing two databases.

Rows are copied unchanged, with ids and times; `Model.save()` does not run. Tables outside Django's models (indexes of
words and vectors) can be rebuilt and are not copied.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connections, models, transaction
from psycopg import sql

from mirage.runtime import groundwork

BATCH = 1000
# triggers fill these while rows are copied
QUEUES = frozenset({"people.Appearance", "people.Recount", "photos.MapNote", "photos.MonthNote", "search.TextChange"})
COUNTED = frozenset({"photos.MapCell", "photos.MonthCount"})  # again, from the notes that copying makes
Progress = Callable[[str, int, int], None]


def quiet(_table: str, _done: int, _total: int) -> None:
    """Show no progress."""


def tables() -> list[type[models.Model]]:
    """The models whose tables are copied, sorted by the tables' names."""
    known = apps.get_models(include_auto_created=True)
    left = QUEUES | COUNTED
    return sorted(
        (model for model in known if model._meta.managed and not model._meta.proxy and model._meta.label not in left),
        key=lambda model: model._meta.db_table,
    )


@contextmanager
def opened(file: Path) -> Iterator[str]:
    """The alias of a database in this SQLite file, during a `with` block."""
    alias = f"file:{file}"
    connections.databases[alias] = connections.configure_settings(
        {"default": connections.databases["default"], alias: sqlite(file)}
    )[alias]
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def sqlite(file: Path) -> dict[str, Any]:
    """Settings for a database that is a single file when it is closed."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {"timeout": 20, "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL;"},
        "TEST": {"MIRROR": None},
    }


def migrate(file: Path) -> None:
    """Migrate a database file to the current schema, in a process that uses it as its own database."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": f"sqlite:///{file}"}, check=True)


def copy_rows(source: str, target: str, on_progress: Progress = quiet) -> int:
    """Replace all rows of the target by the source's, in one transaction. Returns how many.

    Both have the current schema. The target's rows are deleted first, because `migrate` adds some. The order of tables
    does not matter, because Django's foreign keys are checked at the end of the transaction.
    """
    total = 0
    with consistent(source), transaction.atomic(using=target):
        for model in (*tables(), *map(apps.get_model, sorted(COUNTED))):
            model._base_manager.using(target).all()._raw_delete(target)
        for model in tables():
            total += copy_table(model, source, target, on_progress)
        connections[target].check_constraints()
        restart_sequences(target)
    return total


@contextmanager
def consistent(alias: str) -> Iterator[None]:
    """All queries in the block see the same state of the database. Nobody else may use an SQLite file meanwhile."""
    if connections[alias].vendor != "postgresql" or connections[alias].in_atomic_block:
        yield
        return
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def copy_table(model: type[models.Model], source: str, target: str, on_progress: Progress) -> int:
    """Copy one table. Returns the number of rows."""
    fields = model._meta.concrete_fields
    connection = connections[target]
    rows = model._base_manager.using(source)
    total, done = rows.count(), 0
    with connection.cursor() as cursor, writing(model, cursor, connection) as write:
        for batch in batches(rows, fields):
            write(prepared(fields, batch, connection))
            done += len(batch)
            on_progress(model._meta.db_table, done, total)
    return done


@contextmanager
def writing(model: type[models.Model], cursor: Any, connection: Any) -> Iterator[Callable[[Iterable[Any]], None]]:
    """A function that adds rows to the table: for PostgreSQL by COPY, which costs it a tenth of many INSERTs."""
    table, columns = model._meta.db_table, [str(field.column) for field in model._meta.concrete_fields]
    if connection.vendor == "postgresql":
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        with cursor.cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)) as copy:

            def write(rows: Iterable[Any]) -> None:
                for row in rows:
                    copy.write_row(row)

            yield write
        return
    quote = connection.ops.quote_name
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(table)} ({', '.join(map(quote, columns))}) VALUES ({marks})"
    yield lambda rows: cursor.executemany(statement, rows)


def batches(rows: Any, fields: Any) -> Iterator[list[tuple[Any, ...]]]:
    """All rows in the order of their keys, in batches."""
    values = rows.order_by("pk").values_list(*(field.attname for field in fields)).iterator(chunk_size=BATCH)
    while batch := list(islice(values, BATCH)):
        yield batch


def prepared(fields: Sequence[Any], rows: Sequence[tuple[Any, ...]], connection: Any) -> list[tuple[Any, ...]]:
    """The rows in the form that the target's driver needs. It takes numbers and text as they are."""
    columns = [
        column if is_plain(field) else [field.get_db_prep_save(value, connection) for value in column]
        for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    return list(zip(*columns, strict=True))


def is_plain(field: Any) -> bool:
    """Whether the values of a column are numbers or text."""
    kind = field.target_field if field.is_relation else field
    return isinstance(kind, models.CharField | models.TextField | models.IntegerField | models.FloatField)


def restart_sequences(alias: str) -> None:
    """Make the ids of new rows continue after the copied ones."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


# --- comparing --------------------------------------------------------------------------------------------------------


def digests(alias: str) -> dict[str, str]:
    """The number of rows and a digest of each table. Equal rows have equal digests in every database."""
    with consistent(alias):
        return {model._meta.db_table: digest(model, alias) for model in tables()}


def digest(model: type[models.Model], alias: str) -> str:
    sums, count, fields = hashlib.sha256(), 0, model._meta.concrete_fields
    for batch in batches(model._base_manager.using(alias), fields):
        count += len(batch)
        columns = [
            column if is_plain(field) else [plain(value) for value in column]
            for field, column in zip(fields, zip(*batch, strict=True), strict=True)
        ]
        sums.update(json.dumps(columns, sort_keys=True).encode())
    return f"{count} rows, {sums.hexdigest()[:16]}"


def plain(value: Any) -> Any:
    """A value for JSON, the same from every database."""
    if isinstance(value, memoryview | bytes | bytearray):
        return bytes(value).hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta | Decimal | UUID):
        return str(value)
    return value


def compared(one: str, other: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """The number of rows of the first, and the tables that differ between two databases, with both digests."""
    first, second = digests(one), digests(other)
    different = {table: (first[table], second[table]) for table in first if first[table] != second[table]}
    return sum(int(text.split()[0]) for text in first.values()), different


# --- snapshots --------------------------------------------------------------------------------------------------------


def snapshot(file: Path, on_progress: Progress = quiet) -> None:
    """Write a consistent copy of the default database into a new SQLite file. Others may use the database meanwhile."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        return
    migrate(file)
    with opened(file) as alias:
        copy_rows("default", alias, on_progress)


def copy_file(source: Path, target: Path) -> None:
    """Copy an SQLite file with its write-ahead log."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", [str(target)])


def load(file: Path, on_progress: Progress = quiet) -> None:
    """Load this snapshot into the empty default database, and migrate it to the current schema.

    On SQLite, the snapshot becomes the database in one step.
    """
    connection = connections["default"]
    if connection.vendor != "sqlite":
        groundwork.migrate()
        migrate(file)
        with opened(file) as alias:
            copy_rows(alias, "default", on_progress)
        return
    connection.close()
    name = Path(settings.DATABASES["default"]["NAME"])
    for rest in (name.with_name(f"{name.name}-wal"), name.with_name(f"{name.name}-shm")):
        rest.unlink(missing_ok=True)
    file.replace(name)
    groundwork.migrate()
