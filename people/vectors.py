"""Faces' vectors as rows keep them: normalised, float16, little-endian."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def to_bytes(vector: NDArray[np.float32]) -> bytes:
    """As a row keeps it."""
    return vector.astype("<f2").tobytes()


def from_bytes(rows: Sequence[bytes | memoryview]) -> NDArray[np.float32]:
    """Many rows' vectors of one model as an array (n, dimensions), each of length one."""
    if not rows:
        return np.empty((0, 0), np.float32)
    vectors = np.frombuffer(b"".join(rows), "<f2").reshape(len(rows), -1).astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
