"""A person's faces, those first that look least like the others: where mistakes are found."""

import numpy as np

from people.detection import vectors
from people.models import Face, Person

OTHERWISE = 1.0  # of a face that has no vector to be compared by


def likeness(person: Person) -> dict[int, float]:
    """The person's faces by id: the cosine of each to the mean of all, least alike first."""
    faces = Face.objects.filter(person=person, not_a_face=False, photo__trashed_at=None).order_by("pk")
    rows = [(pk, model, bytes(vector)) for pk, model, vector in faces.values_list("pk", "model", "vector")]
    found: dict[int, float] = {pk: OTHERWISE for pk, _, vector in rows if not vector}
    for model in {model for _, model, vector in rows if vector}:
        same = [(pk, vector) for pk, other, vector in rows if other == model and vector]
        array = vectors.from_bytes([vector for _, vector in same])
        mean = array.mean(axis=0)
        cosines = array @ (mean / max(float(np.linalg.norm(mean)), 1e-9))
        found.update((pk, float(cosine)) for (pk, _), cosine in zip(same, cosines, strict=True))
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))
