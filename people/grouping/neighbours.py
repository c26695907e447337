"""Which faces are similar: compared exactly, in blocks, while there are few; through the index when there are many."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from people.grouping.clusters import Edges
from people.grouping.units import Indices, Vectors

COUNT = 24  # neighbours of a face
CELLS = 1 << 24  # cosines in memory at once
# Above this many comparisons the index is used: 50,000 faces with 50,000.
MOST_EXACT = 2_500_000_000
FETCH = 2  # the index returns this many times as many: it holds other owners' faces, and its vectors are not centred

Found = tuple[Indices, Indices, NDArray[np.float32]]  # row, other row, cosine


def edges(vectors: Vectors, rows: Indices, least: float, *, ids: Indices | None = None, count: int = COUNT) -> Edges:
    """Each of these rows with its `count` nearest of all rows, with at least this cosine; each pair once.

    `ids`: of all rows in the database, ascending, where the index `faces` may be used.
    """
    if ids is not None and len(rows) * len(vectors) > MOST_EXACT:
        return once(through_index(vectors, rows, least, ids, count))
    return once(exactly(vectors, rows, least, count))


def exactly(vectors: Vectors, rows: Indices, least: float, count: int) -> Iterator[Found]:
    """Compare these rows with all others."""
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
    """Compare with what the updated index returns; rows that it does not hold are compared with all."""
    from photos.vectors import KINDS, refresh, vectors_of
    from photos.vectors.backends import chosen

    kind = KINDS["faces"]
    refresh(kind.name)
    index = chosen().published(kind)
    if index is None:  # hnswlib is not installed on this machine
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
    """Each pair once, with the lower row first, in a fixed order."""
    parts = [*found, (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))]
    one, other, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    low, high = np.minimum(one, other), np.maximum(one, other)
    _, index = np.unique(low * (high.max(initial=0) + 1) + high, return_index=True)
    return Edges(low[index], high[index], value[index])
