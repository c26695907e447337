"""The kinds of vectors, and how rows store them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.apps import apps
from django.db.models import QuerySet
from numpy.typing import NDArray

from mirage.registry import Registry
from vision import embeddings, fingerprints

PAGE = 5_000  # rows read at once


class VectorError(ValueError):
    """Not a vector of this kind: wrong dimension, not finite, or of length zero."""


@dataclass(frozen=True)
class Kind:
    """Vectors that can be compared: rows of a table with `id` and `vector`, all by one model.

    The vector of a row never changes: a new vector is a new row.
    """

    name: str
    table: str  # as in "photos.Embedding"
    model: str
    dimension: int
    only: Mapping[str, Any] = field(default_factory=dict, hash=False)  # which rows of the table

    def rows(self) -> QuerySet[Any]:
        """The rows of this kind that have a vector."""
        return apps.get_model(self.table)._default_manager.filter(**self.only).exclude(vector=b"")

    def pages(self, rows: QuerySet[Any], after: int = 0) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Ids and vectors of these rows after an id, in pages by id."""
        while page := list(rows.filter(id__gt=after).order_by("id").values_list("id", "vector")[:PAGE]):
            after = page[-1][0]
            yield self.parsed(page)

    def parsed(self, rows: Iterable[tuple[int, bytes]]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Ids and normalised vectors as arrays. Rows without a valid vector are left out."""
        sound = [(row_id, bytes(data)) for row_id, data in rows if len(data) == 2 * self.dimension]
        ids = np.array([row_id for row_id, _ in sound], np.int64)
        halves = np.frombuffer(b"".join(data for _, data in sound), "<f2").reshape(len(sound), self.dimension)
        vectors = halves.astype(np.float32)
        lengths = np.linalg.norm(vectors, axis=1)
        usable = np.isfinite(lengths) & (lengths > 0)
        return ids[usable], vectors[usable] / lengths[usable, None]

    def queries(self, vectors: NDArray[Any]) -> NDArray[np.float32]:
        """Query vectors as normalised rows. Raises VectorError."""
        rows = np.atleast_2d(np.asarray(vectors, np.float32))
        lengths = np.linalg.norm(rows, axis=1)
        if rows.ndim != 2 or rows.shape[1] != self.dimension or not (np.isfinite(lengths) & (lengths > 0)).all():
            raise VectorError(f"{self.name} are vectors of {self.dimension} numbers, not all zero")
        return rows / lengths[:, None]


def kind_of_embeddings(name: str, model: str, dimension: int) -> Kind:
    """A kind of vectors of whole photos."""
    return Kind(name, "photos.Embedding", model, dimension, {"kind": name, "model": model})


KINDS: Registry[Kind] = Registry("kind of vectors")
OWN = [kind_of_embeddings(module.KIND, module.MODEL, module.DIMENSION) for module in (fingerprints, embeddings)]


def pack(vector: NDArray[np.float32]) -> bytes:
    """A vector as little-endian float16 bytes."""
    return vector.astype("<f2").tobytes()


def unpack(data: bytes | memoryview) -> NDArray[np.float32]:
    """A vector from its bytes. Its length is one, apart from rounding."""
    return np.frombuffer(bytes(data), "<f2").astype(np.float32)
