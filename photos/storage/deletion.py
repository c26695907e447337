"""Deleting photos for good: rows, originals in the library, derived files. Files in place are never deleted."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from photos.editing import renditions
from photos.models import Photo, PhotoFile, PhotoQuerySet
from photos.pipeline import jobs, shared_files
from photos.storage import paths

BATCH = 500
LOOKED_UP = 20  # deleted photos whose bytes are looked for in one query, shortly before their files are removed
AT_ONCE = 2000  # photos that are deleted within the request, which takes a few seconds


def delete(photos: PhotoQuerySet) -> int:
    """Delete these photos for good, in batches. Files are deleted after the rows. Returns how many."""
    count = 0
    while ids := list(photos.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            batch = list(Photo.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
            heirs = shared_files.let_go(batch)
            prefetch_related_objects(batch, "files")
            for start in range(0, len(batch), LOOKED_UP):
                some = [(files_of(photo), photo.sha256) for photo in batch[start : start + LOOKED_UP]]
                transaction.on_commit(partial(remove_files_of, some))
            Photo.objects.filter(pk__in=ids).delete()
            shared_files.take_place(heirs)
        count += len(ids)
    return count


def files_of(photo: Photo) -> list[Path]:
    """The photo's files in the library: the original and its sidecars."""
    files: list[Photo | PhotoFile] = [photo, *photo.files.all()]
    return [paths.original_path(file) for file in files if not file.in_place]


def remove_files_of(photos: Collection[tuple[list[Path], str]]) -> None:
    """Remove the files of deleted photos, each with its SHA-256, but not what other photos still need."""
    kept = set(Photo.objects.filter(sha256__in=[sha256 for _, sha256 in photos]).values_list("sha256", flat=True))
    for files, sha256 in photos:
        if sha256 in kept:
            remove_files(files, sha256)
        else:
            remove_all(files, sha256)


def remove_all(files: list[Path], sha256: str) -> None:
    """Remove the files of a deleted photo whose bytes no other photo has."""
    for file in files:
        paths.remove(file)
    paths.remove_derived(sha256)


def remove_files(files: list[Path], sha256: str) -> None:
    """Remove the files of a deleted photo, but not what a copy of it or another owner's photo still needs."""
    rest = list(Photo.objects.filter(sha256=sha256))
    if not rest:
        remove_all(files, sha256)
        return
    needed = {paths.original_path(photo) for photo in rest if not photo.in_place}
    for file in files:
        if file not in needed:
            paths.remove(file)
    renditions.remove_unused(sha256)


def empty_trash(owner: User) -> int:
    """Delete everything in the owner's trash, in a job if there is much. Returns how many photos."""
    count = Photo.objects.filter(owner=owner).trashed().count()
    now = timezone.now().isoformat()
    if count <= AT_ONCE or not jobs.enqueue("empty_trash", owner.pk, now):
        delete_trashed_before(owner.pk, now)
    return count


def delete_trashed_before(owner_id: int, moment: str) -> None:
    """Job: delete what the owner moved to the trash up to this time (ISO 8601)."""
    delete(Photo.objects.filter(owner_id=owner_id, trashed_at__lte=datetime.fromisoformat(moment)))


def empty_expired_trash() -> int:
    """Delete what has been in the trash for longer than MIRAGE_TRASH_DAYS. Returns how many."""
    limit = timezone.now() - timedelta(days=settings.MIRAGE_TRASH_DAYS)
    return delete(Photo.objects.filter(trashed_at__lt=limit))
