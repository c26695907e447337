"""Writing metadata into originals of the library: never by itself, only when the owner asks, and with a backup.

The new file is made from a verified copy, read again, and put in the place of the old one, which stays in
`originals/<owner>/before-writing/`. The photo stays the same photo, though its SHA-256 is another. Files in place are
never written to.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from media.metadata.xmp_writing import Words
from media.sandbox import SandboxedError, UnreadableFile, shared
from photos import pipeline
from photos.editing import edits
from photos.editing.sidecar_writing import words_of
from photos.ingest import intake
from photos.models import Photo, PhotoFile, PhotoQuerySet, RawMetadata, StageRun
from photos.storage import paths

WRITABLE = frozenset({"image/jpeg", "image/png", "image/webp", "image/tiff"})  # what libexiv2 writes without loss
BACKUPS = "before-writing"
UNFIT = "Mirage writes into JPEG, PNG, WebP and TIFF of the library. For other files there are sidecars."
BATCH = 1_000
# What is read from the file itself, and by which fields the source of each group of words is known.
FILE_LAYERS = frozenset({"exif", "xmp", "iptc", "png", "maker", "picture", "file", "exiftool"})
SOURCES = {
    **{name: (name,) for name in ("title", "description", "rating", "label", "author", "copyright")},
    "taken": ("taken_local", "taken_at"),
    "position": ("latitude", "longitude"),
}


class NotWritten(Exception):
    """The file was left as it was; the message says why, for the owner."""


def write_file(photo: Photo) -> bool:
    """Write what is in force into the original; whether it changed. Raises NotWritten, and OSError of a full disk."""
    if photo.in_place:
        raise NotWritten("The file lies outside the library, where Mirage never writes.")
    if photo.media_type not in WRITABLE:
        raise NotWritten(UNFIT)
    original = paths.original_file(photo)
    finish_interrupted(photo, original)
    with paths.incoming_copy(original, photo.sha256) as temporary:
        write_words(temporary, photo.media_type, words_to_write(photo))
        sha256 = paths.sha256_of(temporary)
        if sha256 == photo.sha256:
            return False
        keep_backup(photo, original)
        put_in_place(photo, temporary, sha256)
    return True


def words_to_write(photo: Photo) -> Words:
    """What is in force of the photo, but for what was read from this very file: that stays as it is there."""
    words, edited = words_of(photo), edits.edited_fields(photo)
    sources = RawMetadata.objects.filter(photo=photo).values_list("sources", flat=True).first() or {}
    told = {group: {sources.get(name, "") for name in names} - {""} for group, names in SOURCES.items()}
    own = {group for group, found in told.items() if group not in edited and found and found <= FILE_LAYERS}
    return replace(words, fields=words.fields - own)


def restore_file(photo: Photo) -> bool:
    """Put the file back as it came; whether there was a backup."""
    backup = backups(photo).order_by("pk").first()
    if backup is None:
        return False
    with paths.incoming_copy(paths.original_file(backup), backup.sha256) as temporary:
        put_in_place(photo, temporary, backup.sha256)
    return True


def backups(photo: Photo) -> QuerySet[PhotoFile]:
    """The files that this photo was before something was written into it, the first first."""
    return photo.files.filter(kind=PhotoFile.Kind.COPY, in_place=False, path__contains=f"/{BACKUPS}/").order_by("pk")


def write_words(copy: Path, mime: str, words: Words) -> None:
    """Into the copy, in the sandbox; what comes out has been read again and compared. Raises NotWritten."""
    seconds = settings.MIRAGE_DECODE_SECONDS
    try:
        shared().call("media.metadata.embedding:write_into", copy, mime, words, seconds=seconds)
    except (UnreadableFile, SandboxedError) as error:
        raise NotWritten(f"The file was left as it was: {str(error).partition(': ')[2] or error}.") from error


def keep_backup(photo: Photo, original: Path) -> None:
    """A second name for the file as it is, before another takes its place; none where it is one of ours already."""
    if backups(photo).filter(sha256=photo.sha256).exists():
        return
    folder = Path(paths.clean_name(photo.owner.username)) / BACKUPS / Path(*Path(photo.path).parent.parts[1:])
    kept = paths.place_beside(original, folder, original.name)
    photo.files.create(path=kept, kind=PhotoFile.Kind.COPY, sha256=photo.sha256, size=photo.size, in_place=False)


def put_in_place(photo: Photo, temporary: Path, sha256: str) -> None:
    """Replace the original and tell its row; thumbnails go along, for the picture is the same."""
    original = paths.original_path(photo)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    before = photo.sha256
    paths.copy_derived(before, sha256)
    try:
        with transaction.atomic():
            photo.sha256, photo.size = sha256, temporary.stat().st_size
            photo.save(update_fields=["sha256", "size"])
            pipeline.demand("metadata", [photo.pk])
            paths.replace(temporary, original)  # last: a kill before it rolls the row back, after it is found again
    except IntegrityError as error:
        photo.sha256 = before
        raise NotWritten("Your library already has exactly the file that this would become.") from error
    if not Photo.objects.filter(sha256=before).exists():
        paths.remove_derived(before)


def finish_interrupted(photo: Photo, original: Path) -> None:
    """A kill between the new file and its row: the row learns what lies there, for the old one is in the backup."""
    sha256 = paths.sha256_of(original)
    if sha256 != photo.sha256 and backups(photo).filter(sha256=photo.sha256).exists():
        paths.copy_derived(photo.sha256, sha256)
        photo.sha256, photo.size = sha256, original.stat().st_size
        photo.save(update_fields=["sha256", "size"])


# --- many, by the workers -------------------------------------------------------------------------------------------


def writable(photos: PhotoQuerySet) -> PhotoQuerySet:
    """Those of the photos that can be written into."""
    return photos.filter(in_place=False, media_type__in=WRITABLE)


def with_backup(photos: PhotoQuerySet) -> PhotoQuerySet:
    """Those that can be put back as they came."""
    kept = PhotoFile.objects.filter(kind=PhotoFile.Kind.COPY, in_place=False, path__contains=f"/{BACKUPS}/")
    return photos.filter(pk__in=kept.values("photo"))


def run(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `writing`: what is in force is written into the originals, as the owner asked."""
    return attempt(photo_ids, write_file)


def run_back(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `restoring`: the originals are put back as they came."""
    return attempt(photo_ids, restore_file)


def attempt(photo_ids: Sequence[int], do: Callable[[Photo], bool]) -> dict[int, str]:
    """Do it to each photo that still exists; why it could not be done, by photo."""
    refused = {}
    for photo in Photo.objects.filter(pk__in=photo_ids).select_related("owner").order_by("pk"):
        try:
            do(photo)
        except NotWritten as error:
            refused[photo.pk] = str(error)
        except OSError as error:
            refused[photo.pk] = f"The file was left as it was. {intake.explain(error)}"
    return refused


def demand(photo_ids: Sequence[int], *, back: bool = False) -> None:
    """Let the workers write into these files, or put them back; what was asked before and not begun is not done."""
    wanted, withdrawn = ("restoring", "writing") if back else ("writing", "restoring")
    for first in range(0, len(photo_ids), BATCH):
        some = photo_ids[first : first + BATCH]
        with transaction.atomic():
            waiting = StageRun.objects.filter(stage=withdrawn, photo__in=some, status=StageRun.Status.WAITING)
            waiting.delete()
            pipeline.demand(wanted, some)
