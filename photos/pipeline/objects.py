"""The stage `objects`: finds objects in the large thumbnails, and in frames of videos.

What the owner accepted or rejected stays as it is.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction

from media.boxes import overlap
from photos.models import DetectedObject, Photo
from photos.pipeline.originals import refusals
from photos.pipeline.pictures import Picture, pictures_of
from photos.pipeline.plausibility import take_back_doubtful
from vision import objects
from vision.objects import FoundObject

FRAMES = 8  # of a video, at most: objects stay in view longer than faces
SAME_THING = 0.4  # intersection over union of an old box and a new one

Seen = tuple[FoundObject, float | None]


def find_objects(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `objects`: which objects are in the pictures, and where."""
    shown: dict[int, list[Picture]] = {}

    def read(photo: Photo) -> None:
        shown[photo.pk] = pictures_of(photo, FRAMES)

    refused = refusals(photo_ids, read)
    places = [(photo_id, image, seconds) for photo_id, pictures in shown.items() for image, seconds in pictures]
    found: dict[int, list[Seen]] = {photo_id: [] for photo_id in shown}
    for (photo_id, _, seconds), things in zip(places, objects.detect([image for _, image, _ in places]), strict=True):
        found[photo_id] += [(thing, seconds) for thing in things]
    record(found)
    take_back_doubtful(list(found))
    return refused


def record(found: Mapping[int, Sequence[Seen]]) -> None:
    """Replace the proposals for these photos by what was found now. What the owner decided stays."""
    with transaction.atomic():
        locked = Photo.objects.select_for_update().filter(pk__in=found).order_by("pk")
        before: dict[int, list[DetectedObject]] = {photo_id: [] for photo_id in locked.values_list("pk", flat=True)}
        for row in DetectedObject.objects.filter(photo__in=before):
            before[row.photo_id].append(row)
        DetectedObject.objects.filter(photo__in=before, state=DetectedObject.State.PROPOSED).delete()
        DetectedObject.objects.bulk_create(
            row for photo_id, held in before.items() for row in new_rows(photo_id, clearest(found[photo_id]), held)
        )


def clearest(seen: Sequence[Seen]) -> list[Seen]:
    """All objects of a still. For a video, each label's objects in the frame with most of them, or the best scores."""
    if all(seconds is None for _, seconds in seen):
        return list(seen)
    by_name: dict[str, dict[float | None, list[Seen]]] = {}
    for thing, seconds in seen:
        by_name.setdefault(thing.label, {}).setdefault(seconds, []).append((thing, seconds))
    best = (
        max(shown.values(), key=lambda some: (len(some), max(thing.score for thing, _ in some)))
        for shown in by_name.values()
    )
    return [each for some in best for each in some]


def new_rows(photo_id: int, seen: Sequence[Seen], before: Sequence[DetectedObject]) -> list[DetectedObject]:
    """Rows for objects that the owner has not decided about. A label whose boxes were all rejected stays rejected."""
    standing = {row.label for row in before if row.state != DetectedObject.State.REJECTED}
    refused = {row.label for row in before} - standing
    decided = [row for row in before if row.state != DetectedObject.State.PROPOSED]
    rows = []
    for thing, seconds in seen:
        known = any(row.label == thing.label and overlap(row.box, thing.box) >= SAME_THING for row in decided)
        if known or thing.label in refused:
            continue
        box = dict(zip(("x", "y", "width", "height"), thing.box, strict=True))
        row = DetectedObject(photo_id=photo_id, label=thing.label, score=thing.score, frame_seconds=seconds, **box)
        row.model = objects.MODEL
        rows.append(row)
    return rows
