"""The stages of tags."""

from django.utils.translation import gettext_lazy as _lazy

from photos.pipeline import Stage

STAGES = [
    Stage("keywords", "tags.keywords.run", "io", _lazy("Reading keywords"), after="metadata", batch=32),
    Stage(
        "learnt",
        "tags.teaching.apply_to_photos",
        "index",
        _lazy("Applying learned tags"),
        after="embedding",
        batch=64,
        of_the_file=True,
    ),
]
