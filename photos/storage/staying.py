"""Holding an original where it is while something is written at its path: moves wait, or were faster and are told."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from photos.models import Photo


@contextmanager
def staying(photo: Photo) -> Iterator[None]:
    """A transaction in which no move gives the photo another path. Brings its path up to date first."""
    with transaction.atomic():
        path = Photo.objects.select_for_update().filter(pk=photo.pk).values_list("path", flat=True).first()
        photo.path = path or photo.path
        yield


def has_moved(photo: Photo) -> bool:
    """Whether the photo's file was moved since the photo was read. Brings its path up to date."""
    path = Photo.objects.filter(pk=photo.pk).values_list("path", flat=True).first()
    if path is None or path == photo.path:
        return False
    photo.path = path
    return True
