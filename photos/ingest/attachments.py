"""Sidecars kept beside a photo: of each the newest version counts, and the rows say which that is.

A photo may have several: one by its full name, one by its stem, Takeout's JSON (PhotoFile.Role). Older versions are
kept, but never read for what the newest does not say.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from media import names
from media.mediatypes import looks_like_media
from photos import pipeline
from photos.ingest.sidecars import is_written_for, stem_of
from photos.models import Photo, PhotoFile
from photos.storage import paths

Role = PhotoFile.Role


def attach(photo: Photo, sidecars: Sequence[Path], *, name: str = "") -> None:
    """Keep the files that describe a photo; a new version lets its metadata be read again.

    `name` is what a file is called that lies under a temporary one.
    """
    fresh = [keep(photo, sidecar, name) for sidecar in sidecars]
    if any(fresh):
        pipeline.demand("metadata", [photo.pk])


def keep(photo: Photo, sidecar: Path, name: str = "") -> bool:
    """Copy a sidecar beside the original, or refer to it in place. Whether something new counts now.

    A version takes the place of an older one, and of any that came from the same file.
    """
    if is_written_for(sidecar, photo.key):
        return False
    version = as_version(sidecar, name)
    with transaction.atomic():
        Photo.objects.select_for_update().filter(pk=photo.pk).first()  # one version after the other
        versions = photo.files.filter(kind=PhotoFile.Kind.SIDECAR, role=version.role)
        current = versions.filter(current=True).first()
        known = versions.filter(sha256=version.sha256).exclude(current=True).first()
        if (
            current
            and current.sha256 == version.sha256
            and not (photo.in_place and current.path != names.stored(sidecar))
        ):
            note_again(current, version)
            return False
        version.current = is_newer(version, current)
        if known and not photo.in_place and not version.current:
            return False
        if version.current:
            versions.update(current=False)
        if known and not photo.in_place:
            version.pk, version.path = known.pk, known.path
        save(photo, sidecar, version)
    return version.current


def as_version(sidecar: Path, name: str) -> PhotoFile:
    """The row of this file, not saved yet."""
    status = sidecar.stat()
    own = bool(name) or sidecar.is_relative_to(settings.MIRAGE_DATA)  # a copy under a name of ours
    return PhotoFile(
        kind=PhotoFile.Kind.SIDECAR,
        role=role_of(name or sidecar.name),
        origin="" if own else names.stored(sidecar)[-1024:],
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
        sha256=paths.sha256_of(sidecar),
        size=status.st_size,
    )


def role_of(name: str) -> Role:
    """Which sidecar a file of this name is."""
    if not name.lower().endswith(".xmp"):
        return Role.TAKEOUT
    return Role.EXACT if looks_like_media(stem_of(name)) else Role.STEM


def is_newer(version: PhotoFile, current: PhotoFile | None) -> bool:
    """Whether a version comes after the one that counts: what now lies where that was found, or was changed later."""
    if current is None or current.modified_at is None or version.modified_at is None:
        return True
    return (version.origin != "" and version.origin == current.origin) or version.modified_at >= current.modified_at


def note_again(row: PhotoFile, version: PhotoFile) -> None:
    """The version that counts was met once more, perhaps elsewhere."""
    if version.modified_at and (row.modified_at is None or version.modified_at > row.modified_at):
        row.modified_at = version.modified_at
    row.origin = version.origin or row.origin
    row.save(update_fields=["modified_at", "origin"])


def save(photo: Photo, sidecar: Path, version: PhotoFile) -> None:
    """Write the row down, in the library with a copy of the file."""
    facts = {
        name: getattr(version, name) for name in ("kind", "role", "current", "origin", "modified_at", "sha256", "size")
    }
    if photo.in_place:
        photo.files.update_or_create(path=names.stored(sidecar), defaults={**facts, "in_place": True})
    elif version.pk:
        photo.files.filter(pk=version.pk).update(**facts)
    else:
        with paths.incoming_copy(sidecar, version.sha256) as temporary:
            original = Path(photo.path)
            place = paths.place_beside(temporary, original.parent, original.name + sidecar.suffix.lower())
            photo.files.create(path=place, **facts)


def sidecars_in_force(photo: Photo) -> list[PhotoFile]:
    """The sidecars that count, the most believed first.

    Not those that Mirage wrote for this photo and nobody has changed: they hold the owner's edits, which win anyhow;
    read, they would stand in the way of a reset. What another program has put in their place comes first.
    """
    rows = photo.files.filter(kind=PhotoFile.Kind.SIDECAR, current=True)
    found = sorted(rows, key=lambda row: (list(Role).index(Role(row.role)), row.path))
    return [row for row in found if (path := paths.original_file(row)).exists() and not is_written_for(path, photo.key)]


def version_before(row: PhotoFile) -> PhotoFile | None:
    """The version that counted before this one, if it is kept."""
    older = PhotoFile.objects.filter(photo=row.photo_id, kind=row.kind, role=row.role, current=False)
    return older.order_by("-modified_at", "-pk").first()
