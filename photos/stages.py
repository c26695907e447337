"""The stages of photos: name, function, queue, label, and the stage that comes before."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy

from photos.pipeline import Stage

STAGES = [
    Stage("metadata", "photos.pipeline.reading.read_metadata", "io", _lazy("Reading dates and places"), batch=16),
    Stage(
        "thumbnails",
        "photos.pipeline.rendering.make_thumbnails",
        "io",
        _lazy("Making thumbnails"),
        after="metadata",
        batch=4,
    ),
    Stage("renditions", "photos.editing.renditions.run", "io", _lazy("Editing pictures"), batch=1, on_demand=True),
    Stage(
        "playback",
        "photos.pipeline.rendering.make_playable",
        "video",
        _lazy("Preparing videos"),
        after="thumbnails",
        kinds=frozenset({"video"}),
        batch=1,
    ),
    Stage(
        "video_edits",
        "photos.editing.renditions.run",
        "video",
        _lazy("Editing videos"),
        kinds=frozenset({"video"}),
        batch=1,
        on_demand=True,
    ),
    Stage("sidecars", "photos.editing.sidecar_writing.run", "io", _lazy("Writing sidecars"), batch=16, on_demand=True),
    Stage("writing", "photos.editing.file_writing.run", "io", _lazy("Writing into files"), batch=8, on_demand=True),
    Stage("restoring", "photos.editing.file_writing.run_back", "io", _lazy("Restoring files"), batch=8, on_demand=True),
    Stage(
        "motion",
        "photos.pipeline.rendering.extract_motion",
        "video",
        _lazy("Preparing motion photos"),
        kinds=frozenset({"photo"}),
        batch=1,
        on_demand=True,
    ),
    Stage(
        "fingerprint",
        "photos.pipeline.similarity.take_fingerprints",
        "ml",
        _lazy("Recognising pictures"),
        after="thumbnails",
        needs=("sscd-distilled",),
        looks=True,
    ),
    Stage(
        "embedding",
        "photos.pipeline.similarity.embed",
        "idle",
        _lazy("Learning what photos look like"),
        after="thumbnails",
        needs=("dinov2-s",),
        looks=True,
    ),
    Stage(
        "objects",
        "photos.pipeline.objects.find_objects",
        "idle",
        _lazy("Finding objects"),
        after="thumbnails",
        needs=("yolo11n",),
        looks=True,
    ),
    Stage(
        "text",
        "photos.pipeline.text.read_text",
        "idle",
        _lazy("Reading text in pictures"),
        after="thumbnails",
        batch=4,
        needs=("ppocr-detector", "ppocr-reader"),
        looks=True,
    ),
]
if settings.MIRAGE_CLIP:
    STAGES.append(
        Stage(
            "clip",
            "photos.pipeline.similarity.embed_for_words",
            "idle",
            _lazy("Matching pictures and words"),
            "thumbnails",
            looks=True,
        )
    )
