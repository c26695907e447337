"""Face vectors as rows keep them: normalised, float16, little-endian."""

from collections.abc import Sequence

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

VERSION = 1  # raise it when alignment or preparation change what vectors mean
# Dimensions, by DeepFace's name of the embedder.
DIMENSIONS = {
    "SFace": 128,
    "Facenet": 128,
    "OpenFace": 128,
    "Dlib": 128,
    "DeepID": 160,
    "DeepFace": 4096,
    "VGG-Face": 4096,
    **dict.fromkeys(("Facenet512", "ArcFace", "GhostFaceNet", "Buffalo_L"), 512),
}


def model_name() -> str:
    """The name of the current models, as rows have it. Vectors of different names are never compared."""
    return f"{settings.MIRAGE_FACE_DETECTOR}+{settings.MIRAGE_FACE_MODEL}/{VERSION}"


def dimension() -> int:
    """How many dimensions the vectors of the current model have."""
    return DIMENSIONS.get(settings.MIRAGE_FACE_MODEL, 512)


def to_bytes(vector: NDArray[np.float32]) -> bytes:
    """A vector as a row keeps it."""
    return vector.astype("<f2").tobytes()


def from_bytes(rows: Sequence[bytes | memoryview]) -> NDArray[np.float32]:
    """The vectors of many rows of one model as an array (n, dimensions), each normalised."""
    if not rows:
        return np.empty((0, 0), np.float32)
    vectors = np.frombuffer(b"".join(rows), "<f2").reshape(len(rows), -1).astype(np.float32)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
