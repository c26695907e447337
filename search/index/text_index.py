"""The full-text index as tables of the database: FTS5 in SQLite, a tsvector with a GIN index in PostgreSQL.

Both hold words that `language.words` has cut already, so that both find the same. The tables are made by `install`, not
by migrations: they are derived. Their names identify their contents.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models.expressions import RawSQL

from mirage.triggers import digest
from search.index.documents import COLUMNS, GAP, Document, keys_of_columns
from search.index.sources import all_rows
from search.language.keys import KEYS

VERSION = 1  # raise it when words are cut otherwise or keys find other values: all photos are indexed again
TABLES = re.compile(r"search_text_([0-9a-f]{8})_[0-9a-f]{8}")
LETTERS = dict(zip(COLUMNS, "ABCDC", strict=True))  # PostgreSQL's weights
POSTGRES_WEIGHTS = "{0.1, 0.25, 0.5, 1.0}"  # of D to A
FTS_WEIGHTS = "4.0, 1.0, 0.3, 0.1, 0.0"  # far apart, because BM25 flattens them


@dataclass(frozen=True)
class Phrase:
    """Words in sequence, of which the last may be a prefix; in all columns, or in one."""

    words: tuple[str, ...]
    prefix: bool
    column: str = ""


@dataclass(frozen=True)
class Every:
    """Matches if all of these questions do."""

    parts: "tuple[Question, ...]"


@dataclass(frozen=True)
class Some:
    """Matches if any of these questions does."""

    parts: "tuple[Question, ...]"


Question = Phrase | Every | Some


def every(parts: "Iterable[Question]") -> Question:
    """The parts joined by AND, without duplicates."""
    return joined(Every, parts)


def some(parts: "Iterable[Question]") -> Question:
    """The parts joined by OR, without duplicates."""
    return joined(Some, parts)


def joined(join: type[Every] | type[Some], parts: "Iterable[Question]") -> Question:
    flat = (inner for part in parts for inner in (part.parts if isinstance(part, join) else (part,)))
    distinct = tuple(dict.fromkeys(flat))
    return distinct[0] if len(distinct) == 1 else join(distinct)


@cache
def content_of(keys: tuple[str, ...]) -> str:
    """A digest of what is indexed for the keys with these names, which are all keys."""
    columns = [(name, indexed.columns) for name, indexed in keys_of_columns().items()]
    return digest(VERSION, columns, [rows.watches for rows in all_rows()])


class TextIndex(ABC):
    """What both databases have in common."""

    key: str
    layout: str
    AND: str
    OR: str

    @cached_property
    def table(self) -> str:
        """The table's name, with a digest of its layout and one of its contents."""
        return f"search_text_{digest(self.layout, COLUMNS)}_{content_of(tuple(KEYS))}"

    def exists(self) -> bool:
        return self.table in connection.introspection.table_names()

    def install(self) -> bool:
        """Make the table if there is none. Returns whether all photos must be indexed now.

        A table with other contents is renamed, so that searches can use it until then.
        """
        if self.exists():
            return False
        with connection.cursor() as cursor:
            others = [name for name in connection.introspection.table_names(cursor) if TABLES.fullmatch(name)]
            alike = [name for name in others if name.rpartition("_")[0] == self.table.rpartition("_")[0]]
            for name in set(others) - set(alike[:1]):
                cursor.execute(f"DROP TABLE {name}")
            if alike:
                cursor.execute(f"ALTER TABLE {alike[0]} RENAME TO {self.table}")
        if not alike:
            self.create()
        return True

    @abstractmethod
    def create(self) -> None:
        """Make the table."""

    @abstractmethod
    def put(self, documents: Mapping[int, Document]) -> None:
        """Add these documents in place of what was there."""

    @abstractmethod
    def matching(self, question: Question) -> RawSQL:
        """The ids of the photos whose words answer the question, as a subquery."""

    @abstractmethod
    def ranked(self, question: Question, limit: int) -> list[int]:
        """The ids of the photos whose words answer the question, best first."""

    @abstractmethod
    def phrase(self, phrase: Phrase) -> str:
        """A phrase in the syntax of the database."""

    def query(self, question: Question) -> str:
        """A question in the syntax of the database."""
        match question:
            case Phrase():
                return self.phrase(question)
            case Every():
                return f"({f' {self.AND} '.join(map(self.query, question.parts))})"
            case Some():
                return f"({f' {self.OR} '.join(map(self.query, question.parts))})"

    @abstractmethod
    def check(self) -> str:
        """What is wrong with the table; empty if nothing is."""

    def remove(self, photo_ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {self.table} WHERE {self.key} = %s", [(photo_id,) for photo_id in photo_ids]
            )

    def count(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {self.table}")
            return int(cursor.fetchone()[0])

    def remove_orphans(self) -> None:
        """Remove photos that no longer exist."""
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table} WHERE {self.key} NOT IN (SELECT id FROM photos_photo)")


class SqliteIndex(TextIndex):
    """An FTS5 table whose rowid is the photo's id."""

    key = "rowid"
    AND, OR = "AND", "OR"
    # The ascii tokenizer counts every character beyond ASCII as part of a word: the words are cut already.
    layout = f"""fts5({", ".join(COLUMNS)}, prefix='2 3', tokenize="ascii tokenchars '_='")"""

    def create(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE VIRTUAL TABLE {self.table} USING {self.layout}")

    def put(self, documents: Mapping[int, Document]) -> None:
        self.remove(documents)
        marks = ", ".join(["%s"] * (len(COLUMNS) + 1))
        rows: list[tuple[Any, ...]] = [
            (photo_id, *(" ".join(document.column(name)) for name in COLUMNS))
            for photo_id, document in documents.items()
        ]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {self.table} (rowid, {', '.join(COLUMNS)}) VALUES ({marks})", rows)

    def matching(self, question: Question) -> RawSQL:
        return RawSQL(f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s", [self.query(question)])

    def ranked(self, question: Question, limit: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s "
                f"ORDER BY bm25({self.table}, {FTS_WEIGHTS}) LIMIT %s",
                [self.query(question), limit],
            )
            return [row[0] for row in cursor.fetchall()]

    def phrase(self, phrase: Phrase) -> str:
        column = f"{{{phrase.column}}} : " if phrase.column else ""
        return f'{column}"{" ".join(phrase.words)}"{" *" if phrase.prefix else ""}'

    def check(self) -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {self.table} ({self.table}) VALUES ('integrity-check')")
        except DatabaseError as error:
            return str(error)
        return ""


class PostgresIndex(TextIndex):
    """A table with a tsvector that we write ourselves, without the text parser of PostgreSQL."""

    key = "photo_id"
    AND, OR = "&", "|"
    layout = "(photo_id bigint PRIMARY KEY, words tsvector NOT NULL)"

    def create(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {self.table} {self.layout}")
            # Stored in the row: otherwise the planner thinks that reading the table is cheaper than the index.
            cursor.execute(f"ALTER TABLE {self.table} ALTER COLUMN words SET STORAGE MAIN")
            # With a smaller sample it sometimes mistakes a common word for a rare one.
            cursor.execute(f"ALTER TABLE {self.table} ALTER COLUMN words SET STATISTICS 500")
            cursor.execute(f"CREATE INDEX ON {self.table} USING gin (words)")

    def put(self, documents: Mapping[int, Document]) -> None:
        rows = [(photo_id, vector_of(document)) for photo_id, document in documents.items()]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self.table} (photo_id, words) VALUES (%s, %s::tsvector) "
                "ON CONFLICT (photo_id) DO UPDATE SET words = EXCLUDED.words",
                rows,
            )

    def matching(self, question: Question) -> RawSQL:
        return RawSQL(f"SELECT photo_id FROM {self.table} WHERE words @@ %s::tsquery", [self.query(question)])

    def ranked(self, question: Question, limit: int) -> list[int]:
        asked = self.query(question)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT photo_id FROM {self.table} WHERE words @@ %s::tsquery "
                f"ORDER BY ts_rank('{POSTGRES_WEIGHTS}', words, %s::tsquery, 1) DESC, photo_id DESC LIMIT %s",
                [asked, asked, limit],
            )
            return [row[0] for row in cursor.fetchall()]

    def phrase(self, phrase: Phrase) -> str:
        letter = LETTERS[phrase.column] if phrase.column else ""
        *before, last = (f"'{word}'" for word in phrase.words)
        suffix = f":{'*' if phrase.prefix else ''}{letter}" if phrase.prefix or letter else ""
        chain = " <-> ".join([*(word + (f":{letter}" if letter else "") for word in before), last + suffix])
        return f"({chain})" if before else chain

    def check(self) -> str:
        return ""


def vector_of(document: Document) -> str:
    """The document as PostgreSQL writes a tsvector: 'word':position and weight."""
    parts, position = [], 0
    for column in COLUMNS:
        for word in document.column(column):
            position += 1
            if word != GAP:
                parts.append(f"'{word}':{min(position, 16_383)}{LETTERS[column]}")
        position += 1
    return " ".join(parts)


def text_index() -> TextIndex:
    """The index of the database in use."""
    return PostgresIndex() if connection.vendor == "postgresql" else SqliteIndex()
