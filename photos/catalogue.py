"""Everything Mirage knows about a photo as plain data, for export and measuring (docs/use/get-everything-out.md)."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from django.db.models import Prefetch

from photos.models import DetectedObject, Photo, PhotoFile, PhotoQuerySet, StageRun
from photos.storage import paths

BATCH = 500
DIGITS = 6  # of boxes: a turn and its undo may change the last ones of a number
RELATED = (
    *("files", "stack", "photo_tags__tag", "album_items__album", "faces__person"),
    *("duplicate_memberships__group", "detected_objects", "text_in_picture"),
    Prefetch("stage_runs", StageRun.objects.filter(status=StageRun.Status.FAILED)),  # of a dozen of each photo
)
FILE = ("original_name", "folder", "sha256", "media_type", "width", "height", "duration")
TIME_AND_POSITION = ("taken_precision", "taken_doubtful", "taken_source", "latitude", "longitude")
CAMERA = ("camera_make", "camera_model", "lens", "iso", "aperture", "exposure", "focal_length", "orientation")
CURATION = ("title", "description", "rating", "favourite", "archived")


def export(photos: PhotoQuerySet) -> Iterator[dict[str, Any]]:
    """A dictionary for each photo, in the order in which they were added, with one batch of rows in memory."""
    for photo in photos.order_by("pk").prefetch_related(*RELATED).iterator(chunk_size=BATCH):
        yield describe(photo)


def describe(photo: Photo) -> dict[str, Any]:
    """One photo for the export. Every key is always there, null or empty if nothing is known."""
    return {
        "id": photo.key,
        "path": str(paths.original_path(photo)),
        **{name: getattr(photo, name) for name in FILE},
        "taken_at": photo.taken_at.isoformat(),
        "taken_local": wall_clock(photo),
        "taken_offset": photo.taken_offset,
        **{name: getattr(photo, name) for name in TIME_AND_POSITION},
        "place": ", ".join(part for part in (photo.place, photo.region, photo.country) if part),
        **{name: getattr(photo, name) for name in (*CAMERA, *CURATION)},
        "trashed": photo.trashed_at is not None,
        "turn": photo.turn,
        "picture_edit": photo.picture_edit,
        "copy_number": photo.copy_number,
        **relations(photo),
        "text": text_of(photo),
        "errors": [
            {"stage": run.stage, "message": run.error}
            for run in photo.stage_runs.all()
            if run.status == StageRun.Status.FAILED
        ],
    }


def text_of(photo: Any) -> list[dict[str, Any]]:
    """The lines of text read in the picture. None if the owner rejected them."""
    read = getattr(photo, "text_in_picture", None)
    return [] if read is None or read.rejected else read.lines


def wall_clock(photo: Photo) -> str:
    """Local time with its offset if that is known: 2019-05-04T18:30:00+09:00."""
    local: datetime = photo.taken_local.replace(tzinfo=None)
    if photo.taken_offset is None:
        return local.isoformat()
    return local.replace(tzinfo=timezone(timedelta(minutes=photo.taken_offset))).isoformat()


def relations(photo: Any) -> dict[str, Any]:
    """What other rows say about the photo. Reverse relations lead to the models of other apps."""
    return {
        "tags": tags_of(photo),
        "learnt_tags": [
            {"path": row.tag.path, "confidence": row.confidence}
            for row in photo.photo_tags.all()
            if not row.rejected and row.source == "learnt"
        ],
        "objects": objects_of(photo),
        "albums": albums_of(photo),
        "people": faces_of(photo),
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


def tags_of(photo: Any) -> list[str]:
    """The paths of the photo's tags, but for those that were learned."""
    return sorted(row.tag.path for row in photo.photo_tags.all() if not row.rejected and row.source != "learnt")


def albums_of(photo: Any) -> list[str]:
    """The names of the albums that the photo is in."""
    return sorted(item.album.name for item in photo.album_items.all() if item.album.deleted_at is None)


def objects_of(photo: Photo) -> list[dict[str, Any]]:
    """The objects found in the picture that the owner did not reject."""
    return [
        {
            "label": thing.label,
            "score": thing.score,
            "box": [round(side, DIGITS) for side in thing.box],
            "seconds": thing.frame_seconds,
            "accepted": thing.state == DetectedObject.State.ACCEPTED,
        }
        for thing in photo.detected_objects.all()
        if thing.state != DetectedObject.State.REJECTED
    ]


def faces_of(photo: Any) -> list[dict[str, Any]]:
    """The faces in the picture, with the person's key and name if the face is assigned."""
    return [
        {
            "person_id": face.person.key if face.person else None,
            "name": face.person.name if face.person else "",
            "box": [round(side, DIGITS) for side in face.box],
            "confirmed": face.assignment == "confirmed",
            "score": face.score,
        }
        for face in sorted(photo.faces.all(), key=lambda face: face.pk)
        if not face.not_a_face
    ]


def stack_of(photo: Photo) -> dict[str, Any] | None:
    """The photo's stack, and whether the photo is its cover."""
    if photo.stack is None:
        return None
    return {"id": photo.stack.pk, "kind": photo.stack.kind, "cover": photo.stack.cover_id == photo.pk}
