"""The sidecars of a photo and their versions.

A photo may have several sidecars: one by its full name, one by its stem, Takeout's JSON (PhotoFile.Role). Only the
current version of each is read. Older versions are kept.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from media import names
from media.mediatypes import looks_like_media
from photos import pipeline
from photos.ingest.sidecars import is_written_for, stem_of
from photos.models import Photo, PhotoFile
from photos.pipeline import shared_files
from photos.storage import paths
from photos.storage.staying import staying

Role = PhotoFile.Role


def attach(photo: Photo, sidecars: Sequence[Path], *, name: str = "") -> None:
    """Keep the sidecars of a photo. If one is new, the photo's metadata is read again.

    `name` is the sidecar's name if `sidecars` holds a temporary file.
    """
    fresh = [keep(photo, sidecar, name) for sidecar in sidecars]
    if any(fresh):
        pipeline.demand("metadata", shared_files.with_copies([photo.pk]))


def keep(photo: Photo, sidecar: Path, name: str = "") -> bool:
    """Copy a sidecar beside the original, or refer to it in place. Returns whether the current version changed.

    A version replaces one that is older or comes from the same file.
    """
    if is_written_for(sidecar, photo.key):
        return False
    version = as_version(sidecar, name)
    with staying(photo):  # one version after another
        versions = photo.files.filter(kind=PhotoFile.Kind.SIDECAR, role=version.role)
        current = versions.filter(current=True).first()
        known = versions.filter(sha256=version.sha256).exclude(current=True).first()
        moved = current and photo.in_place and current.path != names.stored(sidecar)
        if current and current.sha256 == version.sha256 and not moved:
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
    """An unsaved row for this file."""
    status = sidecar.stat()
    own = bool(name) or sidecar.is_relative_to(settings.MIRAGE_DATA)  # a copy with a name that Mirage chose
    return PhotoFile(
        kind=PhotoFile.Kind.SIDECAR,
        role=role_of(name or sidecar.name),
        origin="" if own else names.stored(sidecar)[-1024:],
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
        sha256=paths.sha256_of(sidecar),
        size=status.st_size,
    )


def role_of(name: str) -> Role:
    """The role of a sidecar with this name."""
    if not name.lower().endswith(".xmp"):
        return Role.TAKEOUT
    return Role.EXACT if looks_like_media(stem_of(name)) else Role.STEM


def is_newer(version: PhotoFile, current: PhotoFile | None) -> bool:
    """Whether a version replaces the current one: it comes from the same file, or was changed later."""
    if current is None or current.modified_at is None or version.modified_at is None:
        return True
    return (version.origin != "" and version.origin == current.origin) or version.modified_at >= current.modified_at


def note_again(row: PhotoFile, version: PhotoFile) -> None:
    """Record that the current version was found again, perhaps elsewhere."""
    if version.modified_at and (row.modified_at is None or version.modified_at > row.modified_at):
        row.modified_at = version.modified_at
    row.origin = version.origin or row.origin
    row.save(update_fields=["modified_at", "origin"])


def save(photo: Photo, sidecar: Path, version: PhotoFile) -> None:
    """Save the row, and copy the file into the library unless the photo is in place."""
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


def current_sidecars(photo: Photo) -> list[PhotoFile]:
    """The current sidecars of a photo, by precedence (PhotoFile.Role).

    Sidecars that Mirage wrote and no other program has changed are left out. They hold the owner's edits, which win
    anyway, and reading them would bring back edits that the owner has reset.
    """
    photo = shared_files.first_of(photo)
    rows = photo.files.filter(kind=PhotoFile.Kind.SIDECAR, current=True)
    found = sorted(rows, key=lambda row: (list(Role).index(Role(row.role)), row.path))
    return [row for row in found if (path := paths.original_file(row)).exists() and not is_written_for(path, photo.key)]


def version_before(row: PhotoFile) -> PhotoFile | None:
    """The previous version of this sidecar, if there is one."""
    older = PhotoFile.objects.filter(photo=row.photo_id, kind=row.kind, role=row.role, current=False)
    return older.order_by("-modified_at", "-pk").first()
