"""Faces that stay: those that somebody decided about, and all of a photo whose file another photo keeps."""

from django.db.models import Exists, OuterRef, Q

from people.models import Face, FaceRejection, FaceScan, Person
from photos.pipeline.shared_files import move_rows


def decided() -> Q:
    """Faces that somebody decided about, or that a file names: no scan deletes them."""
    rejected = Exists(FaceRejection.objects.filter(face=OuterRef("pk")))
    cover = Exists(Person.objects.filter(cover=OuterRef("pk")))
    said = Q(assignment=Face.Assignment.CONFIRMED) | Q(not_a_face=True) | Q(rejected) | Q(cover)
    return said | ~Q(source=Face.Source.DETECTED)


def move_faces(photo_id: int, keeper_id: int) -> None:
    """The faces found in a file now stand with another photo of it. What was decided about faces there stays."""
    faces = Face.objects.filter(photo=photo_id)
    if faces.exists():
        Face.objects.filter(photo=keeper_id).exclude(decided()).delete()
        faces.update(photo=keeper_id)
    move_rows(FaceScan, photo_id, keeper_id)
