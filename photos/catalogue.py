"""Everything Mirage knows of a photo as plain data, for export and measuring (docs/use/get-everything-out.md)."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from photos.models import DetectedObject, Photo, PhotoFile, PhotoQuerySet, StageRun
from photos.storage import paths

CHUNK = 500
RELATED = (
    "files",
    "stage_runs",
    "stack",
    "photo_tags__tag",
    "album_items__album",
    "faces__person",
    "duplicate_memberships__group",
    "detected_objects",
    "text_in_picture",
)


def export(photos: PhotoQuerySet) -> Iterator[dict[str, Any]]:
    """A dictionary for each photo, in the order they were added, a chunk of rows in memory at a time."""
    for photo in photos.order_by("pk").prefetch_related(*RELATED).iterator(chunk_size=CHUNK):
        yield describe(photo)


def describe(photo: Photo) -> dict[str, Any]:
    """The photo as the export has it: every key always there, null or empty where nothing is known."""
    return {
        "id": photo.key,
        "path": str(paths.original_path(photo)),
        "original_name": photo.original_name,
        "sha256": photo.sha256,
        "media_type": photo.media_type,
        "width": photo.width,
        "height": photo.height,
        "duration": photo.duration,
        "taken_at": photo.taken_at.isoformat(),
        "taken_local": wall_clock(photo),
        "taken_offset": photo.taken_offset,
        **{name: getattr(photo, name) for name in ("taken_precision", "taken_doubtful", "taken_source")},
        **{name: getattr(photo, name) for name in ("latitude", "longitude")},
        "place": ", ".join(part for part in (photo.place, photo.region, photo.country) if part),
        **{name: getattr(photo, name) for name in ("camera_make", "camera_model", "lens", "iso", "aperture")},
        **{name: getattr(photo, name) for name in ("exposure", "focal_length", "orientation", "title", "description")},
        **{name: getattr(photo, name) for name in ("rating", "favourite", "archived")},
        "trashed": photo.trashed_at is not None,
        **relations(photo),
        "text": text_of(photo),
        "errors": [
            {"stage": run.stage, "message": run.error}
            for run in photo.stage_runs.all()
            if run.status == StageRun.Status.FAILED
        ],
    }


def text_of(photo: Any) -> list[dict[str, Any]]:
    """The lines that were read in the picture; none where the owner said that it is no text."""
    read = getattr(photo, "text_in_picture", None)
    return [] if read is None or read.rejected else read.lines


def wall_clock(photo: Photo) -> str:
    """Local time with its offset where that is known: 2019-05-04T18:30:00+09:00."""
    local: datetime = photo.taken_local.replace(tzinfo=None)
    if photo.taken_offset is None:
        return local.isoformat()
    return local.replace(tzinfo=timezone(timedelta(minutes=photo.taken_offset))).isoformat()


def relations(photo: Any) -> dict[str, Any]:
    """Tags, albums, people and duplicates. The models of other apps are reached through their names on the photo."""
    return {
        "tags": sorted(row.tag.path for row in photo.photo_tags.all() if not row.rejected and row.source != "learnt"),
        "learnt_tags": [
            {"path": row.tag.path, "confidence": row.confidence}
            for row in photo.photo_tags.all()
            if not row.rejected and row.source == "learnt"
        ],
        "objects": [
            {
                "label": thing.label,
                "score": thing.score,
                "box": list(thing.box),
                "seconds": thing.frame_seconds,
                "accepted": thing.state == DetectedObject.State.ACCEPTED,
            }
            for thing in photo.detected_objects.all()
            if thing.state != DetectedObject.State.REJECTED
        ],
        "albums": sorted(item.album.name for item in photo.album_items.all() if item.album.deleted_at is None),
        "people": [
            {
                "person_id": face.person.key if face.person else None,
                "name": face.person.name if face.person else "",
                "box": [face.x, face.y, face.width, face.height],
                "confirmed": face.assignment == "confirmed",
                "score": face.score,
            }
            for face in photo.faces.all()
            if not face.not_a_face
        ],
        "duplicates": [
            {"group": member.group.key, "kind": member.group.tier, "role": member.role}
            for member in photo.duplicate_memberships.all()
            if member.group.status != "kept"
        ],
        "copies": sorted(
            str(paths.original_path(file)) for file in photo.files.all() if file.kind == PhotoFile.Kind.COPY
        ),
        "stack": stack_of(photo),
    }


def stack_of(photo: Photo) -> dict[str, Any] | None:
    """The stack that the photo is shown in, and whether it stands for it."""
    if photo.stack is None:
        return None
    return {"id": photo.stack.pk, "kind": photo.stack.kind, "cover": photo.stack.cover_id == photo.pk}
