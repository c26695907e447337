"""Which faces are near which: exactly in blocks while they are few, through the index where they are many."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from people.clusters import Edges
from people.units import Vectors

COUNT = 24  # neighbours of a face
BLOCK = 1024  # rows compared at once


def edges(vectors: Vectors, rows: NDArray[np.int64], least: float, count: int = COUNT) -> Edges:
    """Each of these rows with its `count` nearest among all, where at least so alike; each pair once."""
    firsts, seconds, values = [], [], []
    for block in (rows[first : first + BLOCK] for first in range(0, len(rows), BLOCK)):
        cosines = vectors[block] @ vectors.T
        cosines[np.arange(len(block)), block] = -1
        few = min(count, len(vectors) - 1)
        if few < 1:
            break
        best = np.argpartition(-cosines, few - 1, axis=1)[:, :few]
        row = np.repeat(np.arange(len(block)), few)
        column = best.ravel()
        value = cosines[row, column]
        near = value >= least
        firsts.append(block[row[near]])
        seconds.append(column[near])
        values.append(value[near])
    return once(firsts, seconds, values)


def once(
    firsts: Iterable[NDArray[np.int64]], seconds: Iterable[NDArray[np.int64]], values: Iterable[NDArray[np.float32]]
) -> Edges:
    """The pairs that were found, each once whichever of the two found it, in a fixed order."""
    a = np.concatenate([np.empty(0, np.int64), *firsts])
    b = np.concatenate([np.empty(0, np.int64), *seconds])
    value = np.concatenate([np.empty(0, np.float32), *values])
    low, high = np.minimum(a, b), np.maximum(a, b)
    _, index = np.unique(low * (high.max(initial=0) + 1) + high, return_index=True)
    return Edges(low[index], high[index], value[index])
