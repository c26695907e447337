"""Exact search among vectors in memory, or in the database if there are too many."""

import threading
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from photos.vectors.kinds import Kind

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

MOST_IN_MEMORY = 200_000  # vectors, which take 400 MB for fingerprints
# Ids are assigned before rows are committed, so a lower id may appear after a higher one. This many are read again.
SLACK = 1_000
_QUERIES_AT_ONCE = 256


class Tail:
    """The vectors after an id in memory, updated from the database. There is one per kind and process."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._clear(0)

    def _clear(self, base: int) -> None:
        self._base = base
        self._ids: Ids = np.empty(0, np.int64)
        self._vectors: Vectors = np.empty((0, self._kind.dimension), np.float32)
        self._overflown = False

    def search(self, base: int, queries: Vectors, count: int) -> tuple[list[Ids], list[Vectors]]:
        """For each query, the best `count` rows after `base` (with some slack), best first."""
        rows = self._kind.rows().filter(id__gt=base - SLACK)
        with self._lock:
            self._keep_up(base, rows)
            ids, vectors = self._ids, self._vectors
            overflown = self._overflown
        return scan(self._kind, rows, queries, count) if overflown else best(ids, vectors, queries, count)

    def _keep_up(self, base: int, rows: QuerySet[Any]) -> None:
        if base < self._base or (base > self._base and self._overflown):
            self._clear(base)
        elif base > self._base:
            later = self._ids > base - SLACK
            self._base, self._ids, self._vectors = base, self._ids[later], self._vectors[later]
        if self._overflown:
            return
        parts = [(self._ids, self._vectors)]
        held = len(self._ids)
        newest = int(self._ids[-1]) if held else base - SLACK
        late = self._late(rows, newest)
        if len(late):
            parts.append(self._kind.parsed(rows.filter(id__in=late).values_list("id", "vector")))
        for page in self._kind.pages(rows, newest):
            parts.append(page)
            held += len(page[0])
            if held > MOST_IN_MEMORY:
                self._clear(base)
                self._overflown = True
                return
        if len(parts) > 1:
            ids = np.concatenate([ids for ids, _ in parts])
            order = np.argsort(ids)
            self._ids, self._vectors = ids[order], np.concatenate([vectors for _, vectors in parts])[order]

    def _late(self, rows: QuerySet[Any], newest: int) -> list[int]:
        """Ids below the newest one that were committed after it."""
        recent = rows.filter(id__gt=newest - SLACK, id__lte=newest).values_list("id", flat=True)
        return sorted(set(recent).difference(self._ids[self._ids > newest - SLACK].tolist()))


def best(ids: Ids, vectors: Vectors, queries: Vectors, count: int) -> tuple[list[Ids], list[Vectors]]:
    """For each query, the ids and similarities of the best `count` vectors, best first."""
    count = min(count, len(ids))
    found: tuple[list[Ids], list[Vectors]] = [], []
    for first in range(0, len(queries), _QUERIES_AT_ONCE):
        similarities = queries[first : first + _QUERIES_AT_ONCE] @ vectors.T
        for row in similarities:
            chosen = np.argpartition(row, len(row) - count)[len(row) - count :] if count else np.empty(0, np.intp)
            chosen = chosen[np.argsort(-row[chosen], kind="stable")]
            found[0].append(ids[chosen])
            found[1].append(row[chosen])
    return found


def scan(kind: Kind, rows: QuerySet[Any], queries: Vectors, count: int) -> tuple[list[Ids], list[Vectors]]:
    """Like `best`, over all these rows, read in pages. It needs little memory but is slow for many rows."""
    found = best(np.empty(0, np.int64), np.empty((0, kind.dimension), np.float32), queries, count)
    for ids, vectors in kind.pages(rows):
        found = merged(found, best(ids, vectors, queries, count), count)
    return found


def merged(
    one: tuple[list[Ids], list[Vectors]], other: tuple[list[Ids], list[Vectors]], count: int
) -> tuple[list[Ids], list[Vectors]]:
    """The best `count` of two answers, each id once."""
    answer: tuple[list[Ids], list[Vectors]] = [], []
    for ids_a, sims_a, ids_b, sims_b in zip(*one, *other, strict=True):
        ids, places = np.unique(np.concatenate([ids_a, ids_b]), return_index=True)
        similarities = np.concatenate([sims_a, sims_b])[places]
        order = np.argsort(-similarities, kind="stable")[:count]
        answer[0].append(ids[order])
        answer[1].append(similarities[order])
    return answer
