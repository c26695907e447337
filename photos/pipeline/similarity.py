"""The stages that compute vectors: `fingerprint`, `embedding` and `clip`.

They read the large thumbnails, and for fingerprints frames of videos. A row's vector never changes: a new vector is
a new row, because the indexes remember the last id that they hold.
"""

from collections.abc import Callable, Sequence

import numpy as np
from django.db import transaction
from numpy.typing import NDArray
from PIL import Image

from media import frames
from photos import vectors
from photos.models import Embedding, Photo
from photos.pipeline.originals import call, refusals
from photos.pipeline.pictures import thumbnail
from photos.pipeline.plausibility import take_back_doubtful
from vision import clip, embeddings, fingerprints
from vision.copies import borders

Compute = Callable[[Sequence[Image.Image]], NDArray[np.float32]]
Pictures = dict[int, Image.Image]  # by frame number
_WITHIN_BORDERS = 1  # the frame number of a photo without its borders


def take_fingerprints(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `fingerprint`: one per photo, two if it has borders; for a video, one per sampled frame."""
    return _take(photo_ids, fingerprints.KIND, fingerprints.MODEL, fingerprints.compute, _every_view)


def embed(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `embedding`: what the photo or the video's poster looks like."""
    refused = _take(photo_ids, embeddings.KIND, embeddings.MODEL, embeddings.compute, _thumbnail_alone)
    take_back_doubtful(photo_ids)
    return refused


def embed_for_words(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `clip`, if a CLIP model is configured: a vector that can be compared with words."""
    return _take(photo_ids, clip.KIND, clip.model_name(), clip.of_pictures, _thumbnail_alone)


def _take(
    photo_ids: Sequence[int], kind: str, model: str, compute: Compute, pictures_of: Callable[[Photo], Pictures]
) -> dict[int, str]:
    """Compute the vectors of all photos together and save them."""
    pictures: dict[int, Pictures] = {}

    def read(photo: Photo) -> None:
        pictures[photo.pk] = pictures_of(photo)

    refused = refusals(photo_ids, read)
    places = [(photo_id, frame) for photo_id, shown in pictures.items() for frame in shown]
    computed = compute([pictures[photo_id][frame] for photo_id, frame in places])
    rows = [
        Embedding(photo_id=photo_id, frame=frame, kind=kind, model=model, vector=vectors.pack(vector))
        for (photo_id, frame), vector in zip(places, computed, strict=True)
    ]
    with transaction.atomic():
        present = set(Photo.objects.filter(id__in=pictures).values_list("id", flat=True))
        Embedding.objects.filter(photo_id__in=present, model=model).delete()
        Embedding.objects.bulk_create([row for row in rows if row.photo_id in present])
    return refused


def _thumbnail_alone(photo: Photo) -> Pictures:
    return {0: thumbnail(photo)}


def _every_view(photo: Photo) -> Pictures:
    if not photo.is_video:
        whole = thumbnail(photo)
        inner = borders.within(whole)
        return {0: whole} if inner is None else {0: whole, _WITHIN_BORDERS: inner}
    sampled = call("media.frames:sample", photo, frames.instants(photo.duration), fingerprints.SIDE)
    return {frame[0]: frames.as_image(frame) for frame in sampled} or _thumbnail_alone(photo)
