"""Indexes as tables of PostgreSQL with pgvector, for installations on several machines.

Each kind has a table outside Django's models. It can be dropped and rebuilt from the rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from photos.vectors.exact import Ids, Vectors
from photos.vectors.kinds import Kind

M, EF_CONSTRUCTION = 16, 128
MOST_SEARCHED = 1_000  # pgvector's limit for hnsw.ef_search
_LOCK = 0x6D697676  # number of the advisory lock: "mivv"


@dataclass(frozen=True)
class TableIndex:
    """The table of a kind, filled up to `last_id`."""

    kind: Kind
    last_id: int

    def nearest(self, queries: Vectors, count: int) -> tuple[list[Ids], list[Vectors]]:
        found: tuple[list[Ids], list[Vectors]] = [], []
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL hnsw.ef_search = {max(ef_for(self.last_id), min(count, MOST_SEARCHED))}")
            for query in queries:
                literal = as_literal(query)
                cursor.execute(
                    f"SELECT id, 1 - (vector <=> %s) FROM {table(self.kind)} ORDER BY vector <=> %s LIMIT %s",
                    [literal, literal, count],
                )
                rows = cursor.fetchall()
                found[0].append(np.array([row[0] for row in rows], np.int64))
                found[1].append(np.array([row[1] for row in rows], np.float32))
        return found


def ef_for(count: int) -> int:
    """pgvector's ef_search for that many vectors. The last id is an upper bound of their number."""
    return min(max(100, count // 1_000), MOST_SEARCHED)


def table(kind: Kind) -> str:
    return f"mirage_vectors_{kind.name}"


def identity(kind: Kind) -> str:
    """The table's comment, which tells whether its vectors are by the current model."""
    return f"{kind.model} {kind.dimension}"


def as_literal(vector: Any) -> str:
    return "[" + ",".join(f"{number:.6g}" for number in vector) + "]"


def published(kind: Kind) -> TableIndex | None:
    """The table, if it exists for the current model and is not empty."""
    with connection.cursor() as cursor:
        if described(cursor, kind) != identity(kind):
            return None
        cursor.execute(f"SELECT max(id) FROM {table(kind)}")
        (last_id,) = cursor.fetchone()
    return None if last_id is None else TableIndex(kind, last_id)


def described(cursor: CursorWrapper, kind: Kind) -> str | None:
    """The table's comment. None if there is no table."""
    cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [table(kind)])
    (comment,) = cursor.fetchone()
    return comment


def build(kind: Kind, *, from_scratch: bool, on_progress: Callable[[int, int], None]) -> int:
    """Update the table from the rows. Returns how many vectors it holds."""
    with writing(), connection.cursor() as cursor:
        if from_scratch or described(cursor, kind) != identity(kind):
            create(cursor, kind)
        rows = np.array(kind.rows().order_by("id").values_list("id", flat=True), np.int64)
        held = held_ids(kind)
        missing = np.setdiff1d(rows, held, assume_unique=True)
        remove(cursor, kind, np.setdiff1d(held, rows, assume_unique=True))
        done = 0
        first = int(missing[0]) - 1 if len(missing) else 0
        for ids, vectors in kind.pages(kind.rows(), first) if len(missing) else ():
            wanted = np.isin(ids, missing, assume_unique=True)
            pairs = zip(ids[wanted].tolist(), vectors[wanted], strict=True)
            cursor.executemany(
                f"INSERT INTO {table(kind)} (id, vector) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [(row_id, as_literal(vector)) for row_id, vector in pairs],
            )
            done += int(wanted.sum())
            on_progress(done, len(missing))
    return len(held_ids(kind))


def create(cursor: CursorWrapper, kind: Kind) -> None:
    """Create an empty table with its index. An older one is dropped."""
    cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
    cursor.execute(f"DROP TABLE IF EXISTS {table(kind)}")
    cursor.execute(f"CREATE TABLE {table(kind)} (id bigint PRIMARY KEY, vector vector({kind.dimension}) NOT NULL)")
    cursor.execute(
        f"CREATE INDEX ON {table(kind)} USING hnsw (vector vector_cosine_ops) "
        f"WITH (m = {M}, ef_construction = {EF_CONSTRUCTION})"
    )
    cursor.execute(f"COMMENT ON TABLE {table(kind)} IS '{identity(kind)}'")


def remove(cursor: CursorWrapper, kind: Kind, ids: Ids) -> None:
    if len(ids):
        cursor.execute(f"DELETE FROM {table(kind)} WHERE id = ANY(%s)", [ids.tolist()])


@contextmanager
def writing() -> Iterator[None]:
    """Wait until no other process writes. Readers see the old table until the transaction ends."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def examine(kind: Kind) -> list[str]:
    """The only possible problem is a table of another model."""
    with connection.cursor() as cursor:
        comment = described(cursor, kind)
    if comment in (None, identity(kind)):
        return []
    words = _("The table %(table)s is of %(found)s, not of %(wanted)s.")
    return [words % {"table": table(kind), "found": comment, "wanted": identity(kind)}]


glance = examine  # which is cheap here


def held_ids(kind: Kind) -> Ids:
    with connection.cursor() as cursor:
        if described(cursor, kind) is None:
            return np.empty(0, np.int64)
        cursor.execute(f"SELECT id FROM {table(kind)} ORDER BY id")
        return np.array([row[0] for row in cursor.fetchall()], np.int64)
