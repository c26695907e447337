"""Detected faces become rows; rows that exist keep what their owner decided.

What a new model finds waits in FaceScan until the model has seen all of the owner's photos; then all of it is applied
at once.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from media.boxes import Box, overlap
from people import regions
from people.detection import vectors
from people.detection.keeping import decided
from people.detection.vectors import model_name
from people.models import Face, FaceScan
from photos import pipeline
from photos.models import Photo, StageRun
from vision.faces.faces import FoundFace

SAME_FACE = 0.4  # intersection over union of an old box and a new one
SAME_INSTANT = 0.5  # seconds, in a video
FOUND_FIELDS = ("landmarks", "score", "quality", "model", "vector")

Found = tuple[FoundFace, float | None]  # and for a video its time in seconds


def record(photo: Photo, found: Sequence[Found], described: Sequence[Found] = ()) -> None:
    """Save the faces that this model found in a photo, and what it says about known faces that it did not find itself.

    Applied at once, unless the owner's faces are by another model: then when all photos are done.
    """
    model = model_name()
    current = current_model(photo.owner_id)
    with transaction.atomic():
        if current is None or current == model:
            apply(photo, model, found, described)
            pending = None
        else:
            pending = {"found": [_packed(*each) for each in found], "described": [_packed(*each) for each in described]}
        FaceScan.objects.bulk_create(
            [FaceScan(photo=photo, model=model, pending=pending)],
            update_conflicts=True, unique_fields=["photo"], update_fields=["model", "pending", "at"],
        )  # fmt: skip
    if current is not None and current != model:
        rescan(photo.owner_id)
        switch_over(photo.owner_id)


def current_model(owner_id: int) -> str | None:
    """The model that made the vectors of an owner's faces; None before the first photo."""
    theirs = Exists(Photo.objects.filter(pk=OuterRef("photo"), owner_id=owner_id))  # a join would sort all scans
    scans = FaceScan.objects.filter(theirs, pending__isnull=True)
    return scans.order_by("-at").values_list("model", flat=True).first()


# --- rows -------------------------------------------------------------------------------------------------------------


def undetected(photo: Photo, found: Sequence[Found]) -> list[tuple[Box, float | None]]:
    """Boxes, with times, of faces that the owner or a file says are there but the detector did not find."""
    faces = list(photo.faces.filter(decided())) if photo.faces.exists() else []
    matched = {face.pk for face, _ in match(faces, found)}
    kept: list[tuple[Box, float | None]] = [(face.box, face.frame_seconds) for face in faces if face.pk not in matched]
    known = [box for box, _ in kept] + [box_of(each) for each, _ in found]
    named = [regions.box_of(region) for region in regions.named_regions(photo)]
    return kept + [(box, None) for box in named if all(overlap(box, other) < regions.SAME_FACE for other in known)]


def apply(photo: Photo, model: str, found: Sequence[Found], described: Sequence[Found]) -> None:
    """Bring the photo's rows up to date. A face that is found again keeps its row and what was decided about it."""
    faces = list(photo.faces.select_for_update())
    pairs = match(faces, found)
    for face, each in pairs:
        _update(face, model, *each, move=face.source == Face.Source.DETECTED and not face.not_a_face)
    if missing := {face.pk for face in faces} - {face.pk for face, _ in pairs}:
        kept = photo.faces.filter(decided()).values_list("pk", flat=True)
        Face.objects.filter(pk__in=missing.difference(kept)).delete()
    seen = {id(each) for _, each in pairs}
    Face.objects.bulk_create(_new(photo, model, *each) for each in found if id(each) not in seen)
    regions.apply(photo)
    for face, each in match(photo.faces.exclude(model=model) if described else (), described):
        _update(face, model, *each, move=False)


def match(faces: Iterable[Face], found: Sequence[Found]) -> list[tuple[Face, Found]]:
    """Which detected face belongs to which row: the best overlaps first, each once."""
    overlaps = [
        (overlap(face.box, box_of(each[0])), number, face)
        for face in faces
        for number, each in enumerate(found)
        if _same_instant(face.frame_seconds, each[1])
    ]
    pairs, rows, finds = [], set(), set()
    for share, number, face in sorted(overlaps, key=lambda entry: -entry[0]):
        if share >= SAME_FACE and face.pk not in rows and number not in finds:
            pairs.append((face, found[number]))
            rows.add(face.pk)
            finds.add(number)
    return pairs


def box_of(face: FoundFace) -> Box:
    return face.x, face.y, face.width, face.height


def _same_instant(seconds: float | None, other: float | None) -> bool:
    if seconds is None or other is None:
        return seconds is other
    return abs(seconds - other) < SAME_INSTANT


def _new(photo: Photo, model: str, found: FoundFace, seconds: float | None) -> Face:
    face = Face(photo=photo, frame_seconds=seconds)
    _fill(face, model, found)
    face.x, face.y, face.width, face.height = box_of(found)
    return face


def _update(face: Face, model: str, found: FoundFace, seconds: float | None, *, move: bool) -> None:
    _fill(face, model, found)
    if move:
        face.x, face.y, face.width, face.height = box_of(found)
    face.save(update_fields=[*FOUND_FIELDS, "x", "y", "width", "height"])


def _fill(face: Face, model: str, found: FoundFace) -> None:
    face.landmarks, face.score, face.quality = found.landmarks, found.score, found.quality
    face.model, face.vector = model, vectors.to_bytes(found.vector)


# --- another model ----------------------------------------------------------------------------------------------------


def rescan(owner_id: int) -> int:
    """Have the current model look again at the owner's photos that another model has seen. How many."""
    return pipeline.retry(
        StageRun.objects.filter(
            stage="faces", status=StageRun.Status.DONE, photo__in=_seen_by_another(owner_id).values("photo")
        )
    )


def rescan_all() -> int:
    """Have the current model look again at all photos that another model has seen, of all owners. How many."""
    others = FaceScan.objects.exclude(model=model_name()).order_by()
    return sum(rescan(owner_id) for owner_id in others.values_list("photo__owner_id", flat=True).distinct())


def _seen_by_another(owner_id: int) -> QuerySet[FaceScan]:
    return FaceScan.objects.filter(photo__owner_id=owner_id).exclude(model=model_name())


def switch_over(owner_id: int) -> bool:
    """Apply what a new model found, all at once, if it has seen every photo. Whether it did.

    A photo that it cannot read does not hold it up: that photo keeps its names, and its old vectors are no longer
    compared.
    """
    given_up = StageRun.objects.filter(photo=OuterRef("photo"), stage="faces", status=StageRun.Status.FAILED)
    if _seen_by_another(owner_id).exclude(Exists(given_up)).exists():
        return False
    with transaction.atomic():
        scans = FaceScan.objects.select_for_update(of=["self"]).filter(photo__owner_id=owner_id, pending__isnull=False)
        photo_ids = []
        for scan in scans.select_related("photo").iterator(chunk_size=200):
            pending = scan.pending or {}
            found, described = ([_unpacked(each) for each in pending[name]] for name in ("found", "described"))
            apply(scan.photo, scan.model, found, described)
            photo_ids.append(scan.photo_id)
        FaceScan.objects.filter(photo__owner_id=owner_id, pending__isnull=False).update(pending=None)
        for first in range(0, len(photo_ids), 1000):
            pipeline.rerun("clusters", photo_ids[first : first + 1000])
    return bool(photo_ids)


def _packed(found: FoundFace, seconds: float | None) -> dict[str, Any]:
    vector = base64.b64encode(vectors.to_bytes(found.vector)).decode()
    return {**asdict(found), "vector": vector, "seconds": seconds}


def _unpacked(entry: dict[str, Any]) -> Found:
    fields = {name: value for name, value in entry.items() if name not in ("vector", "seconds")}
    vector = np.frombuffer(base64.b64decode(entry["vector"]), "<f2").astype(np.float32)
    return FoundFace(**fields, vector=vector), entry["seconds"]
