"""Finding photos by a description, if a CLIP model is configured (vision/clip.py).

Another model means that every photo is embedded again, in the background. Until nearly all are, searches go on as they
did without one.
"""

from contextlib import suppress
from functools import lru_cache

import numpy as np
from django.core.cache import cache
from numpy.typing import NDArray

from photos import pipeline, vectors
from photos.models import Embedding, Photo, PhotoQuerySet, StageRun
from vision import clip, embeddings
from vision.fingerprints import normalised

COUNT = 100  # results, at most
NEAR_BEST = 0.85  # share of the best result's cosine; no absolute threshold fits all CLIP models
ENOUGH = 0.95  # share of the embedded photos that the model must know before it answers
LOOK_AGAIN, STAY = 60, 3600  # seconds that "not yet" and "ready" are remembered


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
    except clip.UnusableClip:  # the administration tells of it
        look_again()
        return []
    rows = vectors.KINDS[clip.KIND].rows().filter(photo__in=within.order_by())
    hits = vectors.search(clip.KIND, query, count, within=rows)[0]
    near = [hit.id for hit in hits if hit.similarity > 0 and hit.similarity >= NEAR_BEST * hits[0].similarity]
    photos = dict(Embedding.objects.filter(pk__in=near).values_list("pk", "photo_id"))
    return [photos[row] for row in near if row in photos]


def find_like(photo: Photo, text: str, within: PhotoQuerySet, count: int) -> list[int] | None:
    """The ids of the photos that are like this one and as the text says, best first; None if it has no vector yet, or
    if CLIP cannot be used."""
    try:
        ensure_kind()
        own = photo.embeddings.filter(kind=clip.KIND, model=clip.model_name()).first()
        said = _vector(clip.model_name(), text) if text else None
    except clip.UnusableClip:  # as above
        look_again()
        return None
    if own is None:
        return None
    wanted = vectors.unpack(own.vector)
    if said is not None:
        wanted = normalised((wanted + said)[None])[0]
    rows = vectors.KINDS[clip.KIND].rows().filter(photo__in=within.order_by())
    hits = [hit.id for hit in vectors.search(clip.KIND, wanted, count, within=rows)[0]]
    photos = dict(Embedding.objects.filter(pk__in=hits).values_list("pk", "photo_id"))
    return [photos[row] for row in hits if row in photos]


def counted() -> tuple[int, int]:
    """How many photos the model has vectors of, and how many have embeddings. Raises clip.UnusableClip."""
    known = Embedding.objects.filter(kind=clip.KIND, model=clip.model_name()).count()
    return known, Embedding.objects.filter(kind=embeddings.KIND, model=embeddings.MODEL).count()


def is_ready() -> bool:
    """Whether a model of the user's own answers: it can be used, and knows nearly all photos."""
    if not clip.is_on():
        return False
    try:
        key = f"clip-ready-{clip.model_name()}"
        if (remembered := cache.get(key)) is None:
            known, every = counted()
            remembered = known > 0 and known >= ENOUGH * every and not clip.problem()
            cache.set(key, remembered, STAY if remembered else LOOK_AGAIN)
    except clip.UnusableClip:  # the administration tells of it
        return False
    return bool(remembered)


def look_again() -> None:
    """Forget that the model was ready: something in its folder is damaged since."""
    with suppress(clip.UnusableClip):
        cache.delete(f"clip-ready-{clip.model_name()}")


def keep_up() -> int:
    """Let what another model embedded be embedded again; forget that model once this one answers. Returns how many."""
    stage = pipeline.STAGES.get("clip")
    if stage is None or not clip.is_on() or clip.problem():
        return 0
    name = clip.model_name()
    known = Embedding.objects.filter(kind=clip.KIND, model=name)
    behind = StageRun.objects.filter(stage=stage.name, status=StageRun.Status.DONE).exclude(
        photo__in=known.values("photo")
    )
    count = pipeline.retry(behind) + pipeline.add_missing(stage, Photo.objects.all())
    if is_ready():
        Embedding.objects.filter(kind=clip.KIND).exclude(model=name).delete()
    return count
