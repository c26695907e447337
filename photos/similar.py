"""Photos that look like a photo, or like a picture that somebody brings and that is not kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos import embeddings, vectors
from photos.models import Embedding, Photo, PhotoQuerySet
from photos.pipeline import STAGE

COUNT = 60
LEAST = 0.25  # cosine below which photos have little in common to the eye


@dataclass(frozen=True)
class Similar:
    """A photo that was found, and its cosine with what was searched for."""

    photo: Photo
    similarity: float


class NotYetKnown(Exception):
    """What the photo looks like has not been computed yet; the message says so in words."""


def to_photo(photo: Photo, within: PhotoQuerySet, count: int = COUNT, least: float = LEAST) -> list[Similar]:
    """The photos of the query most like this one, best first, without itself. Raises NotYetKnown."""
    row = photo.embeddings.filter(kind=embeddings.KIND, model=embeddings.MODEL).first()
    if row is None:
        raise NotYetKnown(f"This photo waits for “{STAGE['embedding'].label}”. Look again in a while.")
    return to_vector(vectors.unpack(row.vector), within.exclude(pk=photo.pk), count, least)


def to_picture(image: Image.Image, within: PhotoQuerySet, count: int = COUNT, least: float = LEAST) -> list[Similar]:
    """The photos of the query most like an upright picture. Raises inference.MissingWeights.

    It loads the model: call it in a worker or a child process, not in a web process.
    """
    return to_vector(embeddings.compute([image])[0], within, count, least)


def to_vector(vector: NDArray[Any], within: PhotoQuerySet, count: int = COUNT, least: float = LEAST) -> list[Similar]:
    """The photos of the query whose embeddings are nearest to this one."""
    rows = Embedding.objects.filter(kind=embeddings.KIND, model=embeddings.MODEL, photo__in=within.order_by())
    hits = vectors.search(embeddings.KIND, np.asarray(vector), count, within=rows, least=least)[0]
    return in_order(hits, rows.filter(id__in=[hit.id for hit in hits]).select_related("photo"))


def in_order(hits: Iterable[vectors.Hit], rows: Iterable[Embedding]) -> list[Similar]:
    """The rows' photos, in the order of the hits."""
    photos = {row.pk: row.photo for row in rows}
    return [Similar(photos[hit.id], hit.similarity) for hit in hits if hit.id in photos]
