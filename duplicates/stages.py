"""The stage of duplicates."""

from photos.pipeline import Stage

STAGES = [
    Stage("sketch", "duplicates.sketching.run", "ml", "Sketching pictures", "fingerprint", batch=32),
    Stage(
        "duplicates",
        "duplicates.finding.run",
        "index",
        "Finding duplicates",
        "sketch",
        batch=32,
    ),
]
