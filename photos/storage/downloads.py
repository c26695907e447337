"""Many originals as one zip."""

from collections.abc import Callable, Iterable
from datetime import UTC
from functools import partial
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from photos.access import visible_by_keys
from photos.models import Photo
from photos.storage import paths, zipstream
from photos.storage.staying import has_moved


def chosen(user: User, keys: Iterable[str]) -> list[Photo]:
    """The photos with these keys that the user may see, newest first."""
    found = [photo for batch in visible_by_keys(user, keys) for photo in batch]
    return sorted(found, key=lambda photo: (photo.taken_local, photo.pk), reverse=True)


def entries(
    photos: Iterable[Photo], copies: Iterable[tuple[Photo, Path, str]] = (), failed: Iterable[str] = ()
) -> list[zipstream.Entry]:
    """The entries of the zip: the originals, then copies of other photos under their names.

    A text file lists the originals that cannot be read, after the lines about copies that could not be made.
    """
    names, missing = [], list(failed)
    found: list[tuple[Photo, Path, int, Callable[[], Path] | None]] = []
    for photo in photos:
        try:
            path = paths.original_file(photo)
            path = path if path.exists() else where(photo)
            found.append((photo, path, path.stat().st_size, partial(where, photo)))
        except OSError as error:
            missing.append(f"{photo.original_name}: {error.strerror}\n")
            continue
        names.append(paths.clean_name(photo.original_name))
    for photo, path, name in copies:
        found.append((photo, path, path.stat().st_size, None))
        names.append(paths.clean_name(name))
    result = [
        zipstream.Entry(name, path, size, photo.taken_local, photo.taken_at, moved=moved)
        for name, (photo, path, size, moved) in zip(zipstream.unique_names(names), found, strict=True)
    ]
    if missing:
        result.append(_note("".join(missing)))
    return result


def where(photo: Photo) -> Path:
    """Where the original is now: it may be moved while the zip is made or sent."""
    has_moved(photo)
    return paths.original_file(photo)


def _note(lines: str) -> zipstream.Entry:
    text = f"{_('These files could not be read and are not in this archive:')}\n\n{lines}".encode()
    now = timezone.now().astimezone(UTC)
    # Translators: the name of a file
    name = _("Files that are missing")
    return zipstream.Entry(f"{name}.txt", text, len(text), now, now)
