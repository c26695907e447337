"""The stage `sketch`: what is kept of a picture to tell pairs apart without opening it."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from PIL import Image

from duplicates.models import Sketch
from media.sandbox import UnreadableFile
from photos.models import Embedding, Photo
from photos.pipeline.originals import refusals
from photos.pipeline.pictures import thumbnail
from vision.copies import borders, sketches
from vision.fingerprints import KIND, MODEL

STAGE = "sketch"


def run(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `sketch`: one beside each fingerprint of a photo that has none yet. Videos need none."""
    return refusals(photo_ids, draw)


def draw_missing(photo_ids: Collection[int]) -> None:
    """Draw the sketches that these photos lack. Photos whose thumbnail is missing stay without."""
    lacking = fingerprints_of(photo_ids).filter(sketch=None, photo__kind=Photo.Kind.PHOTO)
    refusals(list(lacking.values_list("photo_id", flat=True).distinct()), draw)


def draw(photo: Photo) -> None:
    """Draw the sketches that the photo lacks. Raises UnreadableFile without a thumbnail."""
    if photo.is_video:
        return
    rows = list(fingerprints_of([photo.pk]).filter(sketch=None))
    if not rows:
        return
    whole = small_thumbnail(photo)
    inner = borders.within(whole) if any(row.frame for row in rows) else None
    views = [(inner or whole) if row.frame else whole for row in rows]
    drawn = [Sketch(fingerprint=row, data=sketches.draw(view)) for row, view in zip(rows, views, strict=True)]
    Sketch.objects.bulk_create(drawn, ignore_conflicts=True)


def fingerprints_of(photo_ids: Collection[int]) -> QuerySet[Embedding]:
    """The fingerprints of these."""
    return Embedding.objects.filter(kind=KIND, model=MODEL, photo_id__in=photo_ids)


def small_thumbnail(photo: Photo) -> Image.Image:
    """The small thumbnail, which is opened soonest, or the large one."""
    try:
        return thumbnail(photo, "small")
    except UnreadableFile:
        return thumbnail(photo)
