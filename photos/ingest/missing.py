"""Files in place that are missing: moved or deleted, or on a disk that is not connected."""

import os
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from media import names
from media.sentences import english, english_plural
from photos.ingest import intake
from photos.models import ImportFailure, Photo
from photos.pipeline import shared_files

GONE = english(
    "The file is no longer where it was. When it is imported again from another place, Mirage will recognise it."
)


def mark(owner: User, root: Path) -> dict[Path, int]:
    """List the in-place photos below this folder whose files are gone under Needs attention.

    If a whole disk seems to be missing, its photos stay as they are. Returns such folders with their number of photos.
    """
    gone: list[Photo] = []
    absent: Counter[Path] = Counter()
    for photo in known_below(owner, root):
        path = Path(names.actual(photo.path))
        if os.path.lexists(path) and path.exists():
            continue
        if folder := absent_folder(path, root):
            absent[folder] += 1
        else:
            gone.append(photo)
    for photo in gone:
        Photo.objects.filter(pk__in=shared_files.with_copies([photo.pk])).update(missing_since=timezone.now())
        intake.record_failure(owner, Path(names.actual(photo.path)), GONE, in_place=True)
    for folder, count in absent.items():
        intake.record_failure(owner, folder, why_absent(count), in_place=True)
    return dict(absent)


def why_absent(count: int) -> str:
    """Why nothing was done about the photos of a folder that cannot be reached."""
    return english_plural(
        "This folder is empty or cannot be reached. %(number)s photo should be in it. Its disk seems not to be"
        " connected, so nothing was changed. Connect it and try again. If the photos are really gone, remove the empty"
        " folder first.",
        "This folder is empty or cannot be reached. %(number)s photos should be in it. Its disk seems not to be"
        " connected, so nothing was changed. Connect it and try again. If the photos are really gone, remove the empty"
        " folder first.",
        count,
    )


def known_below(owner: User, root: Path) -> Iterator[Photo]:
    """The owner's in-place photos whose files were last found at or below this path."""
    stored = names.stored(root)
    below = Q(path=stored) | Q(path__startswith=f"{stored.rstrip(os.sep)}{os.sep}")
    here = Photo.objects.filter(below, owner=owner, in_place=True, missing_since=None)
    return here.of_files().only("path").iterator()


def is_known(owner: User, root: Path) -> bool:
    """Whether the owner has in-place photos at or below this path."""
    return next(known_below(owner, root), None) is not None


def absent_folder(path: Path, root: Path) -> Path | None:
    """The folder at or below root whose disk seems to be missing. None if only the file is gone.

    Without its disk, a mount point is an empty folder, and a link to it leads nowhere.
    """
    for folder in path.parents:
        if os.path.lexists(folder):
            return None if holds_anything(folder) else folder
        if folder == root:
            return root
    return None


def holds_anything(folder: Path) -> bool:
    """Whether the folder can be read and is not empty."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def forget_read_folders(owner: User, root: Path, still: Collection[Path]) -> None:
    """Remove folders that can be read again from Needs attention."""
    stored = names.stored(root)
    failures = ImportFailure.objects.filter(Q(path=stored) | Q(path__startswith=f"{stored}{os.sep}"), owner=owner)
    for failure in failures:
        folder = Path(names.actual(failure.path))
        if folder.is_dir() and folder not in still:
            failure.delete()
