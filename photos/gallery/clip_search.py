"""Finding photos by a description, if a CLIP model is configured (vision/clip.py)."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from photos import vectors
from photos.models import Embedding, PhotoQuerySet
from vision import clip

COUNT = 100  # results, at most
NEAR_BEST = 0.85  # share of the best result's cosine; no absolute threshold fits all CLIP models


@lru_cache(maxsize=256)
def _vector(model: str, text: str) -> NDArray[np.float32]:
    return clip.of_text(text)


def ensure_kind() -> None:
    """Register the model's kind of vectors. Raises clip.UnusableClip."""
    name = clip.model_name()
    known = vectors.KINDS.get(clip.KIND)
    if known is None or known.model != name:
        vectors.KINDS.replace(clip.KIND, vectors.kind_of_embeddings(clip.KIND, name, clip.dimension()))


def find(text: str, within: PhotoQuerySet, count: int = COUNT) -> list[int]:
    """The ids of the photos that match the text, best first. Empty if CLIP is off or cannot be used."""
    if not clip.is_on() or not text.strip():
        return []
    try:
        ensure_kind()
        query = _vector(clip.model_name(), text)
    except clip.UnusableClip:  # the system checks report it to the administrator
        return []
    rows = vectors.KINDS[clip.KIND].rows().filter(photo__in=within.order_by())
    hits = vectors.search(clip.KIND, query, count, within=rows)[0]
    near = [hit.id for hit in hits if hit.similarity > 0 and hit.similarity >= NEAR_BEST * hits[0].similarity]
    photos = dict(Embedding.objects.filter(pk__in=near).values_list("pk", "photo_id"))
    return [photos[row] for row in near if row in photos]
