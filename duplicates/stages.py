"""The stage of duplicates."""

from photos.pipeline import Stage

STAGES = [
    Stage(
        "duplicates",
        "duplicates.finding.run",
        "index",
        "Finding duplicates",
        "fingerprint",
        batch=32,
    ),
]
