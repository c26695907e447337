"""A person's faces, the least similar first: that is where mistakes are found."""

import numpy as np

from people.detection import vectors
from people.models import Face, Person

OTHERWISE = 1.0  # for a face without a vector


def similarities(person: Person) -> dict[int, float]:
    """The cosine of each face of the person to the mean of all, by id, least similar first."""
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
