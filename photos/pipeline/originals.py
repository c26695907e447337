"""How stages read originals: one photo after another, with a pure function in the sandbox."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings

from media.files import readable_name
from media.sandbox import UnreadableFile, shared
from media.sentences import english
from photos.models import Photo
from photos.storage import paths


def refusals(photo_ids: Sequence[int], do: Callable[[Photo], None]) -> dict[int, str]:
    """Call `do` for each photo that still exists. Returns why photos cannot be read: photo id -> reason."""
    refused = {}
    for photo in in_order(photo_ids):
        try:
            do(photo)
        except UnreadableFile as error:
            refused[photo.pk] = str(error)
        except FileNotFoundError:
            refused[photo.pk] = english("The file is no longer where it was.")
    return refused


def in_order(photo_ids: Sequence[int]) -> Iterator[Photo]:
    photos = Photo.objects.in_bulk(photo_ids)
    return (photos[photo_id] for photo_id in photo_ids if photo_id in photos)


def call(function: str, photo: Photo, *args: Any, **kwargs: Any) -> Any:
    """Call a pure function with the photo's original, in the sandbox. Raises FileNotFoundError if that is gone."""
    original = paths.original_file(photo)
    if not original.exists():
        raise FileNotFoundError(original)
    kwargs.setdefault("seconds", settings.MIRAGE_DECODE_SECONDS)
    with readable_name(original) as path:
        return shared().call(function, path, *args, **kwargs)
