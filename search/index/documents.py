"""What is known about a photo in words: the text that is indexed, by weight."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from photos.models import Photo
from search.index.indexed import Columns, scoped, whole
from search.index.sources import all_rows
from search.language.keys import KEYS
from search.language.words import words

COLUMNS = ("names", "notes", "details", "pictured", "scoped")
LONGEST = 3_000  # words of a column; PostgreSQL counts positions up to 16,383
LARGEST = 150_000  # bytes of a column; PostgreSQL takes a megabyte of all five
LONGEST_KEPT = 200  # letters of columns whose words are kept for the next photo
GAP = "_"  # stands between values, so that no phrase spans two of them


@dataclass
class Document:
    """The words of a photo by column of the index, value by value.

    names: title, tags, people. notes: description, comments, place. details: file name, camera, the place in other
    languages. pictured: what is written in the picture. scoped: what keys find, under the name of the key
    (place_porto), and whole (place=porto).
    """

    values: dict[str, list[list[str]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def column(self, name: str) -> list[str]:
        """The words of a column, value by value with gaps between. If there are too many, the longest value is cut."""
        joined = [word for value in sorted(self.values[name], key=len) if value for word in (*value, GAP)][:-1]
        if len(joined) <= LONGEST and 4 * sum(map(len, joined)) <= LARGEST:  # as nearly always
            return joined
        sizes = accumulate(len(word.encode()) for word in joined)
        return [word for word, size in zip(joined[:LONGEST], sizes, strict=False) if size <= LARGEST]

    def add(self, key: str, column: str, value: str) -> None:
        """Index a value for its key, by words and as a whole, and in the column, if any, for searches without a key."""
        if found := words(value):
            self.values["scoped"] += [[scoped(key, word) for word in found], [whole(key, found)]]
            if column:
                self.values[column].append(found)


def keys_of_columns() -> dict[str, Columns]:
    """The keys that search the photo's own columns."""
    return {key.name: key.indexed for key in KEYS.values() if isinstance(key.indexed, Columns)}


def columns_of_photos() -> list[str]:
    """The photo's own columns that are indexed."""
    return sorted({column for indexed in keys_of_columns().values() for column in indexed.columns})


def values_of(key: str, indexed: Columns, said: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """The values of a photo's columns that a key searches, by column of the index."""
    document = Document()
    for column, value in indexed.values(dict(zip(indexed.columns, said, strict=True))):
        document.add(key, column, value)
    return document.values


# Places and cameras come back with every photo, in forty languages. Nobody changes what is kept.
kept_values = lru_cache(5_000)(values_of)


def documents(photo_ids: Iterable[int]) -> dict[int, Document]:
    """The documents of those photos that exist: one query, and one for each other source."""
    made, keys = {}, keys_of_columns()
    for row in Photo.objects.filter(pk__in=list(photo_ids)).values("pk", *columns_of_photos()):
        document = made[row["pk"]] = Document()
        for key, indexed in keys.items():
            said = tuple(row[column] for column in indexed.columns)
            short = sum(map(len, said)) <= LONGEST_KEPT
            for column, values in (kept_values if short else values_of)(key, indexed, said).items():
                document.values[column] += values
    for source in all_rows():
        for photo_id, column, found in source.read(list(made)):
            made[photo_id].values[column].append(found)
    return made
