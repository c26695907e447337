"""The stages of tags."""

from photos.pipeline import Stage

STAGES = [
    Stage("keywords", "tags.keywords.run", "io", "Reading keywords", after="metadata", batch=32),
    Stage("learnt", "tags.teaching.apply_to_photos", "index", "Applying learned tags", after="embedding", batch=64),
]
