"""The stage of duplicates."""

from django.utils.translation import gettext_lazy as _lazy

from photos.pipeline import Stage

STAGES = [
    Stage(
        "sketch",
        "duplicates.sketching.run",
        "ml",
        _lazy("Sketching pictures"),
        "fingerprint",
        batch=32,
        looks=True,
    ),
    Stage(
        "duplicates",
        "duplicates.finding.run",
        "index",
        _lazy("Finding duplicates"),
        "sketch",
        batch=32,
        of_the_file=True,
    ),
]
