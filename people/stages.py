"""The stages of people."""

from django.conf import settings

from photos.pipeline import Stage
from vision.faces.deepface_home import WEIGHTS

MODELS = (settings.MIRAGE_FACE_DETECTOR, settings.MIRAGE_FACE_MODEL)
STAGES = [
    Stage(
        "faces",
        "people.detection.scanning.find_faces",
        "ml",
        "Finding faces",
        after="thumbnails",
        needs=tuple(WEIGHTS[name] for name in MODELS if name in WEIGHTS),
    ),
    Stage("clusters", "people.detection.scanning.group_faces", "index", "Recognising people", after="faces", batch=64),
]
