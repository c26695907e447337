"""Copying all rows from one database to another, of whatever make, and telling whether two hold the same.

Rows are copied as they are, ids and times included: nothing of `Model.save()` runs. Tables that Django does not know
(indexes over words and vectors) are caches and are made again.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connections, models, transaction

from mirage.runtime import groundwork

BATCH = 1000
QUEUES = frozenset({"search.TextChange"})  # filled by triggers while rows are copied
Progress = Callable[[str, int, int], None]


def _quiet(_table: str, _done: int, _total: int) -> None:
    pass


def tables() -> list[type[models.Model]]:
    """The models whose tables hold what the installation knows, by the tables' names."""
    known = apps.get_models(include_auto_created=True)
    return sorted(
        (model for model in known if model._meta.managed and not model._meta.proxy and model._meta.label not in QUEUES),
        key=lambda model: model._meta.db_table,
    )


@contextmanager
def opened(file: Path) -> Iterator[str]:
    """The alias of a database in this SQLite file, for the length of a `with` block."""
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
    """Settings of a database that is one file when it is closed."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {"timeout": 20, "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=NORMAL;"},
        "TEST": {"MIRROR": None},
    }


def migrate(file: Path) -> None:
    """Bring a database file to the present schema, in a process whose own database it is."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, "DATABASE_URL": f"sqlite:///{file}"}, check=True)


def copy_rows(source: str, target: str, on_progress: Progress = _quiet) -> int:
    """Fill the target, whose schema is the present one, with the source's rows, in one transaction. How many rows.

    What the target holds is deleted first: `migrate` itself puts rows of its own into some tables. In which order does
    not matter: Django's foreign keys are checked at the end of a transaction.
    """
    total = 0
    with consistent(source), transaction.atomic(using=target):
        for model in tables():
            model._base_manager.using(target).all()._raw_delete(target)
        for model in tables():
            total += copy_table(model, source, target, on_progress)
        connections[target].check_constraints()
        restart_sequences(target)
    return total


@contextmanager
def consistent(alias: str) -> Iterator[None]:
    """Every query of the block sees the database as it was at the first. A file in SQLite must be ours alone."""
    if connections[alias].vendor != "postgresql" or connections[alias].in_atomic_block:
        yield
        return
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def copy_table(model: type[models.Model], source: str, target: str, on_progress: Progress) -> int:
    """Copy one table. How many rows."""
    fields = model._meta.concrete_fields
    connection = connections[target]
    quote = connection.ops.quote_name
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(str(field.column)) for field in fields)}) "
        f"VALUES ({', '.join(['%s'] * len(fields))})"
    )
    rows = model._base_manager.using(source)
    total, done = rows.count(), 0
    with connection.cursor() as cursor:
        for batch in batches(rows, fields):
            cursor.executemany(statement, [prepared(fields, row, connection) for row in batch])
            done += len(batch)
            on_progress(model._meta.db_table, done, total)
    return done


def batches(rows: Any, fields: Any) -> Iterator[list[tuple[Any, ...]]]:
    """All rows in the order of their keys, some at a time."""
    batch: list[tuple[Any, ...]] = []
    names = [field.attname for field in fields]
    for row in rows.order_by("pk").values_list(*names).iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def prepared(fields: Any, row: tuple[Any, ...], connection: Any) -> list[Any]:
    """A row's values as the target's driver takes them."""
    return [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]


def restart_sequences(alias: str) -> None:
    """Let new rows get ids behind those that were copied."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


# --- comparing --------------------------------------------------------------------------------------------------------


def digests(alias: str) -> dict[str, str]:
    """For each table the number of its rows and a digest of all of them; the same for the same rows everywhere."""
    with consistent(alias):
        return {model._meta.db_table: digest(model, alias) for model in tables()}


def digest(model: type[models.Model], alias: str) -> str:
    sums, count = hashlib.sha256(), 0
    for batch in batches(model._base_manager.using(alias), model._meta.concrete_fields):
        count += len(batch)
        for row in batch:
            sums.update(json.dumps([plain(value) for value in row], sort_keys=True).encode())
    return f"{count} rows, {sums.hexdigest()[:16]}"


def plain(value: Any) -> Any:
    """A value as JSON has it, the same whichever database it came from."""
    if isinstance(value, memoryview | bytes | bytearray):
        return bytes(value).hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta | Decimal | UUID):
        return str(value)
    return value


def differences(one: str, other: str) -> dict[str, tuple[str, str]]:
    """The tables in which two databases differ, with what each holds."""
    first, second = digests(one), digests(other)
    return {table: (first[table], second[table]) for table in first if first[table] != second[table]}


# --- snapshots --------------------------------------------------------------------------------------------------------


def snapshot(file: Path, on_progress: Progress = _quiet) -> None:
    """Write all of the default database into a new SQLite file, as it is at one moment, while others work in it."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        return
    migrate(file)
    with opened(file) as alias:
        copy_rows("default", alias, on_progress)


def copy_file(source: Path, target: Path) -> None:
    """A copy of a SQLite file, with what its write-ahead log holds."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", [str(target)])


def load(file: Path, on_progress: Progress = _quiet) -> None:
    """Let the default database, which holds nothing, hold what is in this snapshot, and bring it to the present schema.

    On SQLite the snapshot becomes the database: it appears there whole or not at all.
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
