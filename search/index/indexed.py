"""What a search key indexes: words of the photo's columns, or of rows that belong to photos."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mirage.triggers import Watch

LONGEST_VALUE = 400  # letters


@dataclass(frozen=True)
class Columns:
    """Words of columns of the photo, which triggers watch.

    `values` turns a row of these columns into the values that the key finds, each with the column of the index in which
    words without a key find it too; empty if only the key does.
    """

    columns: tuple[str, ...]
    values: Callable[[Mapping[str, str]], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Rows:
    """Words of rows that belong to photos. `read` returns photo, column of the index and words for ids of photos."""

    read: Callable[[Sequence[int]], Iterable[tuple[int, str, list[str]]]]
    watches: tuple[Watch, ...]


def changes(table: str, *columns: str) -> tuple[Watch, ...]:
    """The changes of a table that has a photo_id and these columns with words."""
    return (
        Watch(table, "INSERT", "SELECT NEW.photo_id"),
        Watch(table, "UPDATE", "SELECT NEW.photo_id", (*columns, "photo_id")),
        Watch(table, "UPDATE", "SELECT OLD.photo_id", ("photo_id",)),
        Watch(table, "DELETE", "SELECT OLD.photo_id"),
    )


def scoped(key: str, word: str) -> str:
    """A word under its key."""
    return f"{key}_{word}"


def whole(key: str, value: Sequence[str]) -> str:
    """A whole value under its key; the beginning of a long one."""
    return f"{key}={'_'.join(value)}"[:LONGEST_VALUE]
