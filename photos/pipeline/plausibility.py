"""Takes back animals that the object model proposed and the picture as a whole contradicts.

It needs a photo's objects and its embedding, so both stages call it: whichever comes second does the work.
"""

from collections import defaultdict
from collections.abc import Sequence

from photos import vectors
from photos.models import DetectedObject, Embedding
from vision import embeddings, inference
from vision.words.plausibility import ANIMALS, doubtful


def take_back_doubtful(photo_ids: Sequence[int]) -> None:
    """Delete the doubtful proposals of these photos. What the owner decided stays, and so do objects in videos."""
    found: dict[int, list[DetectedObject]] = defaultdict(list)
    proposed = DetectedObject.objects.filter(photo__in=photo_ids, state=DetectedObject.State.PROPOSED)
    for row in proposed.filter(label__in=ANIMALS, frame_seconds=None):
        found[row.photo_id].append(row)
    looks = Embedding.objects.filter(photo__in=found, model=embeddings.MODEL).values_list("photo_id", "vector")
    refused: list[int] = []
    try:
        for photo_id, vector in looks:
            rows = found[photo_id]
            doubts = doubtful([(row.label, row.score) for row in rows], vectors.unpack(vector))
            refused += [row.pk for row, doubt in zip(rows, doubts, strict=True) if doubt]
    except inference.MissingWeights:  # without the text model, what YOLO says counts
        return
    proposed.filter(pk__in=refused).delete()
