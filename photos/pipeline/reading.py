"""The stage `metadata`: writes what the file and its sidecars say into the photo's columns."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from media.metadata.fields import Metadata
from media.sandbox import SandboxedError, UnreadableFile
from photos import pipeline
from photos.editing import picture_edits
from photos.editing.columns import as_json, effective
from photos.gallery.stacking import live, phone_edits
from photos.ingest import attachments, broken_sidecars
from photos.models import Photo, RawMetadata, StageRun
from photos.pipeline.originals import call, refusals
from photos.pipeline.rendering import motion_path
from photos.storage import paths

KEPT_ELSEWHERE = {"raw", "sources", "notes", "unreadable"}


def read_metadata(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `metadata`: write what the files say into the photo's columns, except where the owner edited."""
    return refusals(photo_ids, read_one)


def read_one(photo: Photo) -> None:
    try:
        metadata = read_with_sidecars(photo)
    except (UnreadableFile, SandboxedError) as error:  # the picture may be fine even if its metadata is not
        RawMetadata.objects.update_or_create(photo=photo, defaults={"notes": [str(error)]})
        return
    fields, turn = asdict(metadata), photo.turn
    before = RawMetadata.objects.filter(photo=photo).values_list("fields", flat=True).first() or {}
    with transaction.atomic():
        Photo.objects.select_for_update().filter(pk=photo.pk).first()  # an edit at the same moment waits
        save_metadata(photo, fields)
        RawMetadata.objects.update_or_create(
            photo=photo,
            defaults={
                "tags": fields["raw"],
                "sources": fields["sources"],
                "notes": fields["notes"],
                "fields": {name: as_json(value) for name, value in fields.items() if name not in KEPT_ELSEWHERE},
            },
        )
        follow_up(photo, before, fields)
        if photo.turn != turn and photo.displayable:
            redo_thumbnails(photo)
    phone_edits.join(photo)  # after the rows are seen by whoever reads the other half at this moment
    live.pair(photo)


def read_with_sidecars(photo: Photo) -> Metadata:
    """What the file and its sidecars say.

    A sidecar that cannot be read is listed under Needs attention, and its previous version is used instead.
    """
    rows = attachments.current_sidecars(photo)
    metadata = read_file(photo, [paths.original_file(row) for row in rows])
    broken = {row: metadata.unreadable.get(str(paths.original_file(row)), "") for row in rows}
    for row, reason in broken.items():
        broken_sidecars.note(photo, row, reason)
    if any(broken.values()):
        rows = [attachments.version_before(row) or row if reason else row for row, reason in broken.items()]
        metadata = read_file(photo, [paths.original_file(row) for row in rows])
    return metadata


def read_file(photo: Photo, beside: Sequence[Path]) -> Metadata:
    """Call media.metadata.reading.read in the sandbox."""
    metadata: Metadata = call(
        "media.metadata.reading:read",
        photo,
        photo.media_type,
        list(beside),
        original_name=photo.original_name,
        modified_at=photo.file_modified_at.timestamp(),
        home_zone=photo.owner.home_zone or settings.MIRAGE_HOME_ZONE,
        seen_at=photo.added_at.timestamp(),
        exiftool_program=settings.MIRAGE_EXIFTOOL,
    )
    return metadata


def follow_up(photo: Photo, before: dict[str, Any], fields: dict[str, Any]) -> None:
    """Start the work that depends on what was just read."""
    if before and before.get("keywords") != fields["keywords"]:
        pipeline.demand("keywords", [photo.pk])
    if fields["picture_edit"] != before.get("picture_edit"):
        picture_edits.adopt(photo, fields["picture_edit"])
    if fields["motion_video"] and not paths.fetched(motion_path(photo)).exists():
        pipeline.demand("motion", [photo.pk])


def redo_thumbnails(photo: Photo) -> None:
    """Make the thumbnails again, and run the stages that depend on them again."""
    later = {stage.name for stage in pipeline.all_stages() if stage.after == "thumbnails"}
    StageRun.objects.filter(photo=photo, stage__in=later).delete()
    pipeline.demand("thumbnails", [photo.pk])


def save_metadata(photo: Photo, fields: dict[str, Any]) -> None:
    """Save what the files say, except where the owner edited."""
    edits = dict(photo.edits.values_list("field", "value"))
    changed = effective(fields, fields["sources"], edits)
    if not photo.width and fields["width"] and fields["height"]:
        turned = fields["upright_by"] >= 5 or (fields["rotation"] or 0) % 180 == 90
        size = (fields["width"], fields["height"])
        changed["width"], changed["height"] = size[::-1] if turned else size
    for name, value in changed.items():
        setattr(photo, name, value)
    photo.save(update_fields=changed)
