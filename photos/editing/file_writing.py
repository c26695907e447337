"""Writing metadata into originals of the library, only when the owner asks, and with a backup.

The new file is made from a verified copy, checked, and replaces the old one, which is kept in
`originals/<owner>/before-writing/`. The photo stays the same, but its SHA-256 changes. Files in place are
never changed.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from media.metadata.xmp_writing import Words
from media.sandbox import SandboxedError, UnreadableFile, shared
from media.sentences import english
from photos import pipeline
from photos.editing import edits
from photos.editing.sidecar_writing import words_of
from photos.ingest import intake
from photos.models import Photo, PhotoFile, PhotoQuerySet, RawMetadata, StageRun
from photos.pipeline import shared_files
from photos.storage import paths
from photos.storage.staying import has_moved, staying

WRITABLE = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})  # libexiv2 writes into these without loss
BACKUPS = "before-writing"
IS_BACKUP = Q(kind=PhotoFile.Kind.COPY, in_place=False, path__contains=f"/{BACKUPS}/")
UNFIT = english("Mirage writes into JPEG, PNG, WebP and TIFF files of the library. For other files it writes sidecars.")
A_COPY = english("This is a copy without a file of its own: write into the file of the photo it was made from.")
BATCH = 1_000
# Sources that are the file itself, and the fields that have the source of each group of values.
FILE_LAYERS = frozenset({"exif", "xmp", "iptc", "png", "maker", "picture", "file", "exiftool"})
SOURCES = {
    **{name: (name,) for name in ("title", "description", "rating", "label", "author", "copyright")},
    "taken": ("taken_local", "taken_at"),
    "position": ("latitude", "longitude"),
}


class NotWritten(Exception):
    """The file was not changed. The message tells the owner why."""


def write_file(photo: Photo) -> bool:
    """Write the current metadata into the original. Whether the file changed. Raises NotWritten, OSError."""
    if photo.is_copy:
        raise NotWritten(A_COPY)
    if photo.in_place:
        raise NotWritten(english("The file is outside the library, where Mirage never writes."))
    if photo.media_type not in WRITABLE:
        raise NotWritten(UNFIT)
    has_moved(photo)  # while those before it in the batch were written
    original = paths.original_file(photo)
    finish_interrupted(photo, original)
    with paths.incoming_copy(original, photo.sha256) as temporary:
        write_words(temporary, photo.media_type, words_to_write(photo))
        sha256 = paths.sha256_of(temporary)
        if sha256 == photo.sha256:
            return False
        keep_backup(photo)
        put_in_place(photo, temporary, sha256)
    return True


def words_to_write(photo: Photo) -> Words:
    """The photo's current metadata, except what was read from this file: that stays as it is there."""
    words, edited = words_of(photo), edits.edited_fields(photo)
    sources = RawMetadata.objects.filter(photo=photo).values_list("sources", flat=True).first() or {}
    told = {group: {sources.get(name, "") for name in names} - {""} for group, names in SOURCES.items()}
    own = {group for group, found in told.items() if group not in edited and found and found <= FILE_LAYERS}
    return replace(words, fields=words.fields - own - {"turn", "picture_edit"})  # its pixels stay


def restore_file(photo: Photo) -> bool:
    """Restore the file as it came. Whether there was a backup."""
    backup = backups(photo).first()
    if backup is None:
        return False
    with paths.incoming_copy(paths.original_file(backup), backup.sha256) as temporary:
        put_in_place(photo, temporary, backup.sha256)
    return True


def backups(photo: Photo) -> QuerySet[PhotoFile]:
    """The backups of the photo's file, the oldest first."""
    return photo.files.filter(IS_BACKUP).order_by("pk")


def write_words(copy: Path, mime: str, words: Words) -> None:
    """Write into the copy, in the sandbox, which also checks the result. Raises NotWritten."""
    seconds = settings.MIRAGE_DECODE_SECONDS
    try:
        shared().call("media.metadata.embedding:write_into", copy, mime, words, seconds=seconds)
    except (UnreadableFile, SandboxedError) as error:
        reason = str(error).partition(": ")[2] or error
        raise NotWritten(english("The file was not changed: %(reason)s.", reason=reason)) from error


def keep_backup(photo: Photo) -> None:
    """Link the current file to a backup, unless it is already backed up."""
    if backups(photo).filter(sha256=photo.sha256).exists():
        return
    has_moved(photo)  # while its words were written
    original = paths.original_file(photo)
    folder = Path(paths.clean_name(photo.owner.username)) / BACKUPS / Path(*Path(photo.path).parent.parts[1:])
    kept = paths.place_beside(original, folder, original.name)
    photo.files.create(path=kept, kind=PhotoFile.Kind.COPY, sha256=photo.sha256, size=photo.size, in_place=False)


def put_in_place(photo: Photo, temporary: Path, sha256: str) -> None:
    """Replace the original and update its row. The thumbnails are copied: the picture is the same."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    before = photo.sha256
    paths.copy_derived(before, sha256)
    try:
        with staying(photo):
            photo.sha256, photo.size = sha256, temporary.stat().st_size
            photo.save(update_fields=["sha256", "size"])
            pipeline.demand("metadata", [photo.pk, *shared_files.follow_file(photo, before)])
            paths.replace(temporary, paths.original_path(photo))  # last, so that a kill before this rolls the row back
    except IntegrityError as error:
        photo.sha256 = before
        raise NotWritten(english("Your library already has a file with exactly this content.")) from error
    if not Photo.objects.filter(sha256=before).exists():
        paths.remove_derived(before)


def finish_interrupted(photo: Photo, original: Path) -> None:
    """After a kill between replacing the file and updating its row: update the row. The old file is in the backup."""
    sha256 = paths.sha256_of(original)
    if sha256 != photo.sha256 and backups(photo).filter(sha256=photo.sha256).exists():
        before = photo.sha256
        paths.copy_derived(before, sha256)
        photo.sha256, photo.size = sha256, original.stat().st_size
        with staying(photo):
            photo.save(update_fields=["sha256", "size"])
            shared_files.follow_file(photo, before)


# --- many files, by workers -------------------------------------------------------------------------------------------


def writable(photos: PhotoQuerySet) -> PhotoQuerySet:
    """Those of the photos whose files Mirage can write into."""
    return photos.of_files().filter(in_place=False, media_type__in=WRITABLE)


def with_backup(photos: PhotoQuerySet) -> PhotoQuerySet:
    """Those of the photos whose files can be restored."""
    return photos.filter(pk__in=PhotoFile.objects.filter(IS_BACKUP).values("photo"))


def run(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `writing`: write the current metadata into the originals."""
    return attempt(photo_ids, write_file)


def run_back(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `restoring`: restore the originals as they came."""
    return attempt(photo_ids, restore_file)


def attempt(photo_ids: Sequence[int], do: Callable[[Photo], bool]) -> dict[int, str]:
    """Call `do` for each photo that still exists. Returns why it failed: photo id -> reason."""
    refused = {}
    for photo in Photo.objects.filter(pk__in=photo_ids).select_related("owner").order_by("pk"):
        try:
            do(photo)
        except NotWritten as error:
            refused[photo.pk] = str(error)
        except OSError as error:
            refused[photo.pk] = english("The file was not changed. %(reason)s", reason=intake.explain(error))
    return refused


def demand(photo_ids: Sequence[int], *, back: bool = False) -> None:
    """Ask workers to write into these files, or to restore them. Cancels the opposite if it has not begun."""
    wanted, withdrawn = ("restoring", "writing") if back else ("writing", "restoring")
    for first in range(0, len(photo_ids), BATCH):
        some = photo_ids[first : first + BATCH]
        with transaction.atomic():
            waiting = StageRun.objects.filter(stage=withdrawn, photo__in=some, status=StageRun.Status.WAITING)
            waiting.delete()
            pipeline.demand(wanted, some)
