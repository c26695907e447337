"""How stages read originals: one photo after another, with a pure function in the sandbox."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from media.files import readable_name
from media.sandbox import SandboxedError, UnreadableFile, shared
from media.sentences import english
from photos.models import Photo
from photos.storage import paths
from photos.storage.staying import has_moved


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
    """Call a pure function with the photo's original, in the sandbox. Raises FileNotFoundError if that is gone.

    A stage has its photos in hand for longer than a moved file keeps its old name: then the new one is read.
    """
    original = paths.original_path(photo)
    try:
        found = call_with(paths.original_file(photo), function, *args, **kwargs)
    except (FileNotFoundError, UnreadableFile, SandboxedError):
        if original.exists() or not has_moved(photo):
            raise
    else:
        if original.exists() or not has_moved(photo):  # some functions find little in a file that is gone
            return found
    return call(function, photo, *args, **kwargs)


def call_with(original: Path, function: str, *args: Any, **kwargs: Any) -> Any:
    """Call a pure function with this file. Raises FileNotFoundError."""
    if not original.exists():
        raise FileNotFoundError(original)
    kwargs.setdefault("seconds", settings.MIRAGE_DECODE_SECONDS)
    with readable_name(original) as path:
        return shared().call(function, path, *args, **kwargs)
