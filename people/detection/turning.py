"""Faces move along when the owner turns a picture. One without any is looked at again: it may have lain on its side."""

from collections.abc import Sequence

from media.metadata.orientations import MIRRORED, moved
from people.models import Face
from photos import pipeline
from photos.editing.turning import move_boxes

ROWS = 500  # of one UPDATE


def turn_faces(photo_ids: Sequence[int], turn: int) -> None:
    """Turn the boxes and landmarks of all faces in these photos by one of EXIF's orientations."""
    faces = Face.objects.filter(photo__in=photo_ids)
    move_boxes(faces, turn)
    marked = [face for face in faces.only("landmarks") if face.landmarks]
    for face in marked:
        face.landmarks = turned_landmarks(face.landmarks, turn)
    Face.objects.bulk_update(marked, ["landmarks"], batch_size=ROWS)
    known = set(faces.values_list("photo_id", flat=True))
    pipeline.rerun("faces", [pk for pk in photo_ids if pk not in known])


def turned_landmarks(landmarks: list[list[float]], turn: int) -> list[list[float]]:
    """Five points, turned; in a mirrored picture the eye and the corner of the mouth at the left are the other ones."""
    points = [list(moved(turn, x, y)) for x, y in landmarks]
    return [points[index] for index in (1, 0, 2, 4, 3)] if turn in MIRRORED and len(points) == 5 else points
