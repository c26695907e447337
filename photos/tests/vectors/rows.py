"""Vectors at random, and what a search among them should find."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from photos import vectors
from photos.models import Embedding
from photos.vectors import files
from photos.vectors.kinds import KINDS

KIND = KINDS["fingerprints"]


def unit(rng: np.random.Generator, count: int) -> np.ndarray:
    rows = rng.normal(size=(count, KIND.dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def ids(hits: list[vectors.Hit]) -> list[int]:
    return [hit.id for hit in hits]


def nearest(rows: list[Embedding], query: np.ndarray, count: int) -> list[int]:
    """The plain truth."""
    all_vectors = np.stack([vectors.unpack(row.vector) for row in rows])
    order = np.argsort(-(all_vectors @ query))[:count]
    return [rows[place].pk for place in order]


def sidecar() -> dict[str, Any]:
    """What is said of the published index."""
    return json.loads(files.sidecar_path(KIND).read_text())


def index_file() -> Path:
    return files.sidecar_path(KIND).with_name(sidecar()["file"])


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)
