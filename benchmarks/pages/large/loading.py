"""Fills tables by the column, many times faster than through the models: SQLite by executemany, PostgreSQL by COPY.

While it runs there are no indexes (but those of constraints), no triggers and no checks of keys; they come back at its
end, so nothing else may use the database meanwhile.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from psycopg import sql

Columns = dict[str, Sequence[Any]]


class Loader:
    """Puts rows into tables, and counts them."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.last: dict[type[models.Model], int] = {}

    def put(self, table: type[models.Model], count: int, /, **columns: Sequence[Any]) -> range:
        """Add rows: columns by their names in the database, all others with their defaults. Returns the ids."""
        if not count:
            return range(0)
        first = self.last.get(table, 0) + 1
        ids = range(first, first + count)
        columns.setdefault(str(table._meta.pk.column), ids)
        fields = table._meta.concrete_fields
        data = [
            columns.pop(str(field.column)) if field.column in columns else repeat(default_of(field), count)
            for field in fields
        ]
        if columns:
            raise ValueError(f"{table.__name__} has no {', '.join(columns)}")
        write(table._meta.db_table, [str(field.column) for field in fields], zip(*data, strict=True))
        self.last[table] = ids[-1]
        name = table._meta.db_table
        self.rows[name] = self.rows.get(name, 0) + count
        return ids


def default_of(field: "models.Field[Any, Any]") -> Any:
    value = models.DateTimeField.pre_save(field, field.model(), True) if is_stamp(field) else field.get_default()
    return field.get_db_prep_save(value, connection)


def is_stamp(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.DateTimeField) and (field.auto_now or field.auto_now_add)


def write(table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(columns))
            names = ", ".join(f'"{column}"' for column in columns)
            connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
            return
        quoted = sql.SQL(", ").join(map(sql.Identifier, columns))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), quoted)
        with cursor.cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


@contextmanager
def loading() -> Iterator[Loader]:
    """A loader for the block; prints how many rows it wrote, and how long they and their indexes took."""
    loader, began, spent = Loader(), time.perf_counter(), time.process_time()
    sqlite = connection.vendor == "sqlite"
    indexes = indexes_of_sqlite() if sqlite else indexes_of_postgres()
    with connection.cursor() as cursor:
        for statement in QUICK_SQLITE if sqlite else QUICK_POSTGRES:
            cursor.execute(statement)
        triggers = saved_triggers(cursor) if sqlite else {}
        for name in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        for name in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("BEGIN")
        yield loader
        cursor.execute("COMMIT")
        wrote = time.perf_counter() - began
        for statement in (*indexes.values(), *triggers.values()):
            cursor.execute(statement)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(loader.last)):
            cursor.execute(statement)
        for statement in USUAL_SQLITE if sqlite else USUAL_POSTGRES:
            cursor.execute(statement)
    total, seconds, spent = sum(loader.rows.values()), time.perf_counter() - began, time.process_time() - spent
    print(
        f"{total:,} rows of {len(loader.rows)} tables in {seconds:.0f} s, {total / seconds:,.0f} a second: rows "
        f"{wrote:.0f} s, indexes {seconds - wrote:.0f} s; {total / spent:,.0f} in a second of this processor",
        flush=True,
    )


QUICK_SQLITE = (
    *("PRAGMA foreign_keys = OFF", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF"),
    *("PRAGMA cache_size = -1000000", "PRAGMA temp_store = MEMORY"),
)
USUAL_SQLITE = (
    *("PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA cache_size = -32000"),
    *("PRAGMA temp_store = DEFAULT", "PRAGMA foreign_keys = ON"),
)
QUICK_POSTGRES = ("SET session_replication_role = replica", "SET maintenance_work_mem = '1GB'")
USUAL_POSTGRES = ("SET session_replication_role = origin", "RESET maintenance_work_mem", "ANALYZE")


def saved_triggers(cursor: Any) -> dict[str, str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return dict(cursor.fetchall())


def indexes_of_sqlite() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        return dict(cursor.fetchall())


def indexes_of_postgres() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint) AND tablename NOT LIKE 'search_text_%'"
        )
        return dict(cursor.fetchall())
