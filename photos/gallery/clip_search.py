"""Photos found by what is said of them, where the user supplies a CLIP (vision/clip.py)."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from photos import vectors
from photos.models import Embedding, PhotoQuerySet
from vision import clip

COUNT = 100  # photos that a text finds, at most
NEAR_BEST = 0.85  # share of the best one's cosine: there is no cosine that means the same in all such models


@lru_cache(maxsize=256)
def _vector(model: str, text: str) -> NDArray[np.float32]:
    return clip.of_text(text)


def ensure_kind() -> None:
    """Make its vectors known to photos/vectors. Raises clip.UnusableClip."""
    name = clip.model_name()
    known = vectors.KINDS.get(clip.KIND)
    if known is None or known.model != name:
        vectors.KINDS.replace(clip.KIND, vectors.kind_of_embeddings(clip.KIND, name, clip.dimension()))


def find(text: str, within: PhotoQuerySet, count: int = COUNT) -> list[int]:
    """The ids of the photos of the query that the text fits, best first; none where it is off or cannot be used."""
    if not clip.is_on() or not text.strip():
        return []
    try:
        ensure_kind()
        query = _vector(clip.model_name(), text)
    except clip.UnusableClip:  # the administrator reads of it in the checks; a search finds what words find
        return []
    rows = vectors.KINDS[clip.KIND].rows().filter(photo__in=within.order_by())
    hits = vectors.search(clip.KIND, query, count, within=rows)[0]
    near = [hit.id for hit in hits if hit.similarity > 0 and hit.similarity >= NEAR_BEST * hits[0].similarity]
    photos = dict(Embedding.objects.filter(pk__in=near).values_list("pk", "photo_id"))
    return [photos[row] for row in near if row in photos]
