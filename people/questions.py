"""The questions that grouping leaves, as rows: those worth most are asked first (people/review.py)."""

from collections.abc import Iterator, Sequence
from math import exp

import numpy as np
from django.db.models import Count, Q
from numpy.typing import NDArray

from people.clusters import Grouping
from people.constraints import batches
from people.models import Face, Person, Question

# The chance of a yes by likeness, fitted to simulated answers: docs/people.md.
EVEN, STEEP = 0.33, 0.05


def chance(similarity: float) -> float:
    """How likely two that are so much alike are one person, between 0 and 1."""
    return 1 / (1 + exp((EVEN - similarity) / STEEP))


def worth(similarity: float, size: int, other: int) -> float:
    """How many faces the answer is expected to bring together: their harmonic mean, if it is yes."""
    return chance(similarity) * 2 * size * other / (size + other)


def renew(owner_id: int, faces: NDArray[np.int64], people: Sequence[int], grouping: Grouping) -> None:
    """Replace the owner's questions by those that are open now; what was answered "not sure" is not asked again."""
    skipped = set(
        Question.objects.filter(owner_id=owner_id, skipped_at__isnull=False).values_list("person", "face", "other")
    )
    Question.objects.filter(owner_id=owner_id, skipped_at=None).delete()
    asked = [row for row in _rows(owner_id, faces, people, grouping) if _key(row) not in skipped]
    Question.objects.bulk_create(asked, batch_size=500, ignore_conflicts=True)


def _rows(owner_id: int, faces: NDArray[np.int64], people: Sequence[int], grouping: Grouping) -> Iterator[Question]:
    alive = dict(
        Person.objects.filter(owner_id=owner_id, merged_into=None, hidden=False)
        .annotate(size=Count("faces", filter=Q(faces__not_a_face=False)))
        .values_list("pk", "size")
    )
    free: set[int] = set()
    for some in batches(int(faces[face]) for face, _, _ in grouping.faces):
        free.update(Face.objects.filter(pk__in=some, person=None, not_a_face=False).values_list("pk", flat=True))
    for face, person, similarity in grouping.faces:
        if int(faces[face]) in free and alive.get(people[person]):
            size = alive[people[person]]
            yield Question(
                owner_id=owner_id,
                person_id=people[person],
                face_id=int(faces[face]),
                similarity=round(similarity, 4),
                value=round(worth(similarity, size, 1), 4),
            )
    for first, second, similarity in grouping.people:
        pair = sorted((people[first], people[second]), key=lambda person: (-(alive.get(person) or 0), person))
        sizes = [alive.get(person) or 0 for person in pair]
        if all(sizes):
            yield Question(
                owner_id=owner_id,
                person_id=pair[0],
                other_id=pair[1],
                similarity=round(similarity, 4),
                value=round(worth(similarity, *sizes), 4),
            )


def _key(question: Question) -> tuple[int, int | None, int | None]:
    return question.person_id, question.face_id, question.other_id
