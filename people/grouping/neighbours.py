"""Which faces are near which: exactly in blocks while they are few, through the index where they are many."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from people.grouping.clusters import Edges
from people.grouping.units import Indices, Vectors

COUNT = 24  # neighbours of a face
CELLS = 1 << 24  # cosines in memory at once
# Comparisons above which the index is asked: 50,000 faces with 50,000.
MOST_EXACT = 2_500_000_000
FETCH = 2  # times as many are asked of the index: it holds other owners' faces, and compares vectors uncentred

Found = tuple[Indices, Indices, NDArray[np.float32]]  # row, other row, cosine


def edges(vectors: Vectors, rows: Indices, least: float, *, ids: Indices | None = None, count: int = COUNT) -> Edges:
    """Each of these rows with its `count` nearest among all, where at least so alike; each pair once.

    `ids`: of all rows in the database, ascending, where the index `faces` may be asked.
    """
    if ids is not None and len(rows) * len(vectors) > MOST_EXACT:
        return once(through_index(vectors, rows, least, ids, count))
    return once(exactly(vectors, rows, least, count))


def exactly(vectors: Vectors, rows: Indices, least: float, count: int) -> Iterator[Found]:
    """Compare these rows with all."""
    few = min(count, len(vectors) - 1)
    block_size = max(1, CELLS // max(len(vectors), 1))
    for block in (rows[first : first + block_size] for first in range(0, len(rows) if few > 0 else 0, block_size)):
        cosines = vectors[block] @ vectors.T
        cosines[np.arange(len(block)), block] = -1
        best = np.argpartition(-cosines, few - 1, axis=1)[:, :few]
        row, column = np.repeat(np.arange(len(block)), few), best.ravel()
        value = cosines[row, column]
        near = value >= least
        yield block[row[near]], column[near], value[near]


def through_index(vectors: Vectors, rows: Indices, least: float, ids: Indices, count: int) -> Iterator[Found]:
    """Ask the index, brought up to date, and compare exactly what it names; what it does not hold with all."""
    from photos.vectors import KINDS, refresh, vectors_of
    from photos.vectors.backends import chosen

    kind = KINDS["faces"]
    refresh(kind.name)
    index = chosen().published(kind)
    if index is None:  # there is no library for it on this machine
        yield from exactly(vectors, rows, least, count)
        return
    held = np.isin(ids[rows], chosen().held_ids(kind), assume_unique=True)
    yield from exactly(vectors, rows[~held], least, count)
    for block in (rows[held][first : first + 1000] for first in range(0, int(held.sum()), 1000)):
        raw = vectors_of(kind.name, ids[block].tolist())
        labels, _ = index.nearest(np.array([raw[row_id] for row_id in ids[block].tolist()]), FETCH * count)
        row = np.repeat(block, [len(each) for each in labels])
        named = np.concatenate(labels)
        place = np.minimum(np.searchsorted(ids, named), len(ids) - 1)
        ours = (ids[place] == named) & (place != row)
        row, place = row[ours], place[ours]
        value = np.einsum("ij,ij->i", vectors[row], vectors[place])
        near = value >= least
        yield row[near], place[near], value[near].astype(np.float32)


def once(found: Iterable[Found]) -> Edges:
    """The pairs that were found, each once whichever of the two found it, in a fixed order."""
    parts = [*found, (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))]
    one, other, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    low, high = np.minimum(one, other), np.maximum(one, other)
    _, index = np.unique(low * (high.max(initial=0) + 1) + high, return_index=True)
    return Edges(low[index], high[index], value[index])
