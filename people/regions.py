"""Face regions that other software wrote into files (XMP): the names there count as confirmed."""

from typing import Any

from media.boxes import Box, overlap
from people.models import Face, FaceRejection, Person
from photos.models import Photo, RawMetadata

SAME_FACE = 0.25  # intersection over union: programs draw boxes of many shapes around a face
KINDS = {"Face", ""}  # not "Pet": its name is a tag (media/metadata/formats/xmp.py); nor "Focus" and "BarCode"
LONGEST_NAME = 120


def named_regions(photo: Photo) -> list[dict[str, Any]]:
    """The regions of the photo's files that say who it is: name, x, y, w, h in fractions of the upright picture."""
    fields = RawMetadata.objects.filter(photo=photo).values_list("fields", flat=True).first() or {}
    return [
        {**region, "name": region["name"].strip()[:LONGEST_NAME]}
        for region in fields.get("regions") or ()
        if region.get("kind") in KINDS and (region.get("name") or "").strip() and region["w"] > 0 and region["h"] > 0
    ]


def apply(photo: Photo) -> None:
    """Give the photo's faces the names that its files have for them, unless the owner decided otherwise."""
    regions = named_regions(photo)
    if not regions:
        return
    faces = list(photo.faces.all())
    taken: set[int] = set()
    for region in regions:
        box = box_of(region)
        face = nearest(box, [face for face in faces if face.pk not in taken])
        if face is None:
            face = Face.objects.create(
                photo=photo, source=Face.Source.FILE, score=1, x=box[0], y=box[1], width=box[2], height=box[3]
            )
        taken.add(face.pk)
        if face.assignment != Face.Assignment.CONFIRMED and not face.not_a_face:
            name_face(face, region["name"])


def box_of(region: dict[str, Any]) -> Box:
    return region["x"], region["y"], region["w"], region["h"]


def nearest(box: Box, faces: list[Face]) -> Face | None:
    """The face that this box means, if any."""
    best = max(faces, key=lambda face: overlap(box, face.box), default=None)
    if best is None or overlap(box, best.box) < SAME_FACE:
        return None
    return best


def name_face(face: Face, name: str) -> None:
    """Confirm the face as the person of this name, who is made if need be; not where the owner rejected that."""
    person = person_named(face.photo.owner_id, name)
    if FaceRejection.objects.filter(face=face, person=person).exists():
        return
    face.person, face.assignment, face.source = person, Face.Assignment.CONFIRMED, Face.Source.FILE
    face.save(update_fields=["person", "assignment", "source"])


def person_named(owner_id: int, name: str) -> Person:
    """The owner's person of this name, or whom one of this name was merged into, or a new one."""
    people = Person.objects.filter(owner_id=owner_id)
    person = people.filter(name=name, merged_into=None).first() or people.filter(name=name).order_by("-pk").first()
    if person is None:
        return Person.objects.create(owner_id=owner_id, name=name)
    return person.survivor()
