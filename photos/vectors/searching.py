"""Searching for nearest neighbours, filtered by the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from photos.vectors import backends, exact
from photos.vectors.kinds import KINDS, Kind

MOST_FETCHED = 4_000  # neighbours from an index; if the filter leaves too few, all rows are scanned
_IDS_IN_QUERY = 10_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A row and its similarity to the query, a cosine from -1 to 1."""

    id: int
    similarity: float


def search(
    kind_name: str,
    queries: NDArray[Any],
    count: int,
    *,
    within: QuerySet[Any] | None = None,
    least: float = -1.0,
) -> list[list[Hit]]:
    """For each query vector, the `count` nearest rows with at least this similarity, best first.

    `within` is a queryset of the kind's rows that restricts the results. Deleted rows are never found.
    Raises VectorError if a query is not a vector of this kind.
    """
    kind = KINDS[kind_name]
    wanted = kind.queries(queries)
    allowed = kind.rows() if within is None else within
    fetch = count + 16 if within is None else 4 * count + 64
    while True:
        ids, similarities = _nearest(kind, wanted, fetch)
        living = _living(allowed, ids)
        answers = [
            [Hit(int(i), float(s)) for i, s in zip(*pair, strict=True) if s >= least and int(i) in living][:count]
            for pair in zip(ids, similarities, strict=True)
        ]
        short = [
            n
            for n, answer in enumerate(answers)
            if len(answer) < count and len(ids[n]) >= fetch and similarities[n][-1] >= least
        ]
        if not short:
            return answers
        if fetch >= MOST_FETCHED:
            break
        fetch = min(fetch * 4, MOST_FETCHED)
    scanned = exact.scan(kind, allowed, wanted[short], count)
    for n, *found in zip(short, *scanned, strict=True):
        answers[n] = [Hit(int(i), float(s)) for i, s in zip(*found, strict=True) if s >= least]
    return answers


def vectors_of(kind_name: str, ids: Iterable[int]) -> dict[int, NDArray[np.float32]]:
    """The normalised vectors of these rows."""
    kind = KINDS[kind_name]
    rows: dict[int, NDArray[np.float32]] = {}
    for chunk in _chunks(list(ids)):
        found = kind.parsed(kind.rows().filter(id__in=chunk).values_list("id", "vector"))
        rows.update(zip(found[0].tolist(), found[1], strict=True))
    return rows


@cache
def _tail(kind: Kind) -> exact.Tail:
    return exact.Tail(kind)


def _nearest(kind: Kind, queries: exact.Vectors, count: int) -> tuple[list[exact.Ids], list[exact.Vectors]]:
    """The nearest rows in the index and after it, unfiltered."""
    index = backends.chosen().published(kind)
    if index is None:
        return _tail(kind).search(0, queries, count)
    return exact.merged(index.nearest(queries, count), _tail(kind).search(index.last_id, queries, count), count)


def _living(allowed: QuerySet[Any], ids: Sequence[exact.Ids]) -> set[int]:
    """Those of the ids that are in the queryset."""
    unique = np.unique(np.concatenate(ids)).tolist() if ids else []
    living: set[int] = set()
    for chunk in _chunks(unique):
        living.update(allowed.filter(id__in=chunk).values_list("id", flat=True))
    return living


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[first : first + _IDS_IN_QUERY] for first in range(0, len(ids), _IDS_IN_QUERY))
