"""The stages of people."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy

from photos.pipeline import Stage
from vision.faces.deepface_home import WEIGHTS

MODELS = (settings.MIRAGE_FACE_DETECTOR, settings.MIRAGE_FACE_MODEL)
STAGES = [
    Stage(
        "faces",
        "people.detection.scanning.find_faces",
        "ml",
        _lazy("Finding faces"),
        after="thumbnails",
        needs=tuple(WEIGHTS[name] for name in MODELS if name in WEIGHTS),
        looks=True,
    ),
    Stage(
        "clusters",
        "people.detection.scanning.group_faces",
        "index",
        _lazy("Recognising people"),
        after="faces",
        batch=64,
        of_the_file=True,
    ),
]
