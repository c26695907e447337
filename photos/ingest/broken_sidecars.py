"""Sidecars that cannot be read. Needs attention lists them until they can be, or a new version replaces them."""

from pathlib import Path

from media import names
from media.sentences import english
from photos import pipeline
from photos.ingest import attachments
from photos.models import ImportFailure, Photo, PhotoFile
from photos.pipeline import shared_files
from photos.storage import paths


def note(photo: Photo, row: PhotoFile, reason: str) -> None:
    """List a sidecar with the reason why it cannot be read. Without a reason, remove its versions from the list."""
    if reason:
        told = english("This sidecar of %(name)s cannot be read. %(reason)s", name=photo.original_name, reason=reason)
        ImportFailure.objects.update_or_create(
            owner_id=photo.owner_id, path=name_of(row), defaults={"reason": told, "in_place": photo.in_place}
        )
        return
    versions = photo.files.filter(kind=PhotoFile.Kind.SIDECAR, role=row.role)
    places = [name_of(version) for version in versions]
    ImportFailure.objects.filter(owner_id=photo.owner_id, path__in=places).delete()


def name_of(row: PhotoFile) -> str:
    """The path by which the owner knows a sidecar: where it was found, or else where it is kept."""
    return row.origin or names.stored(paths.original_path(row))


def read_again(failure: ImportFailure) -> bool:
    """Read the file again if the failure is about a sidecar; returns whether it is. A changed file is a new version."""
    path = Path(names.actual(failure.path))
    rows = PhotoFile.objects.filter(photo__owner=failure.owner_id, kind=PhotoFile.Kind.SIDECAR)
    photos = {row.photo for row in rows.filter(origin=failure.path).select_related("photo__owner")}
    if path.is_relative_to(paths.originals_folder()):
        kept = rows.filter(path=str(path.relative_to(paths.originals_folder()))).select_related("photo__owner")
        photos |= {row.photo for row in kept}
    for photo in photos:
        if path.exists():
            attachments.attach(photo, [path])
        pipeline.demand("metadata", shared_files.with_copies([photo.pk]))
    return bool(photos)
