"""Giving the kept photo what somebody said about the faces in its duplicates (duplicates/merging.py).

Two faces are one where their boxes lie on each other in pictures of one shape, or where their vectors are as similar as
those of one picture are. What was said about the kept photo's own faces stays.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from accounts.models import User
from media.boxes import overlap
from people.actions import place, refuse
from people.detection import vectors
from people.grouping import constraints
from people.models import Face, FaceRejection
from people.records import Record, restore, settle
from photos.models import Photo

SAME_BOX = 0.5  # intersection over union
SAME_PICTURE = 0.75  # cosine of one face in two copies of a picture; two pictures of one person have 0.6
SAME_SHAPE = 0.02  # by which the ratios of the sides may differ, so that the boxes fit


def merge_people(kept: Photo, others: Sequence[Photo], _stamp: datetime, _by: User) -> Any:
    """Confirm, reject and draw on the kept photo what was confirmed, rejected and drawn on the others."""
    constraints.lock(kept.owner_id)
    record = Record()
    for other in others:
        known = list(Face.objects.filter(photo=kept))
        for face in said_of(other):
            twin = counterpart(face, known, same_shape=same_shape(kept, other))
            if twin is not None:
                known.remove(twin)
                carry(face, twin, record)
            elif face.assignment == Face.Assignment.CONFIRMED and same_shape(kept, other):
                record.made(copied(face, kept))
    settle(record)
    change = record.change()
    return change if any(change.values()) else None


def unmerge_people(needed: Any, _stamp: datetime) -> None:
    restore(needed, Record())


def said_of(photo: Photo) -> list[Face]:
    """The faces of a photo about which somebody said something, what is surest first."""
    rejected = FaceRejection.objects.filter(face__photo=photo).values("face")
    faces = Face.objects.filter(photo=photo).select_related("person")
    confirmed = list(faces.filter(assignment=Face.Assignment.CONFIRMED).order_by("pk"))
    rest = faces.exclude(assignment=Face.Assignment.CONFIRMED)
    return confirmed + list((rest.filter(not_a_face=True) | rest.filter(pk__in=rejected)).order_by("pk"))


def same_shape(one: Photo, other: Photo) -> bool:
    if not (one.width and one.height and other.width and other.height):
        return False
    ratio = one.width / one.height * other.height / other.width
    return abs(ratio - 1) <= SAME_SHAPE


def counterpart(face: Face, known: Sequence[Face], *, same_shape: bool) -> Face | None:
    """The same face in the kept photo, if it was found there."""

    def alike(twin: Face) -> float:
        lies = overlap(face.box, twin.box) if same_shape and face.frame_seconds == twin.frame_seconds else 0.0
        looks = cosine(face, twin)
        return max(lies if lies >= SAME_BOX else 0.0, looks if looks >= SAME_PICTURE else 0.0)

    best = max(known, key=alike, default=None)
    return best if best is not None and alike(best) else None


def cosine(one: Face, other: Face) -> float:
    if not one.vector or not other.vector or one.model != other.model:
        return 0.0
    first, second = vectors.from_bytes([bytes(one.vector), bytes(other.vector)])
    return float(np.dot(first, second))


def carry(face: Face, twin: Face, record: Record) -> None:
    """Let the twin be what was said of the face, unless somebody decided about the twin."""
    if twin.assignment == Face.Assignment.CONFIRMED or twin.not_a_face:
        return
    if face.assignment == Face.Assignment.CONFIRMED and face.person is not None:
        place([twin], face.person.survivor(), record)
        return
    if face.not_a_face:
        record.touch_faces([twin])
        Face.objects.filter(pk=twin.pk).update(**constraints.NOBODY, not_a_face=True)
    refuse([(twin.pk, row.person_id) for row in face.rejections.all()], record)


def copied(face: Face, photo: Photo) -> Face:
    """A face that was found or drawn only on the other photo, at the same place of this one."""
    fields = {
        field.name: getattr(face, field.name)
        for field in Face._meta.concrete_fields
        if field.name not in ("id", "photo")
    }
    return Face.objects.create(**fields, photo=photo)
