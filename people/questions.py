"""The questions that grouping leaves, as rows: those worth most are asked first (people/review.py)."""

from collections.abc import Iterator, Sequence
from math import exp

import numpy as np
from django.db.models import Count, Q
from numpy.typing import NDArray

from people.clusters import Grouping
from people.constraints import batches
from people.models import Face, Person, Question

# The likeness at which yes and no are equally frequent, of a face with a group and of two groups, and how fast that
# changes: from simulated answers (docs/people.md). Groups this near each other were kept apart for a reason.
EVEN_FACE, EVEN_PEOPLE, STEEP = 0.36, 0.46, 0.03
LIKELY = EVEN_FACE - 2 * STEEP  # one of eight is answered with yes: from here on a face counts as unsure

MOST = 5_000  # of one owner: nobody answers more before grouping makes them anew


def worth_of_face(similarity: float, size: int) -> float:
    """How many faces are expected to be brought together by asking whether a face belongs to a group of this size."""
    return _chance(similarity, EVEN_FACE) * _mean(size, 1)


def worth_of_people(similarity: float, size: int, other: int) -> float:
    """How many, by asking whether two groups are one person."""
    return _chance(similarity, EVEN_PEOPLE) * _mean(size, other)


def _chance(similarity: float, even: float) -> float:
    """How likely the answer is yes, between 0 and 1."""
    return 1 / (1 + exp((even - similarity) / STEEP))


def _mean(size: int, other: int) -> float:
    """The harmonic mean: joining a thousand with one settles one."""
    return 2 * size * other / (size + other)


def renew(owner_id: int, faces: NDArray[np.int64], people: Sequence[int], grouping: Grouping) -> None:
    """Replace the owner's questions by those that are open now; what was answered "not sure" is not asked again."""
    skipped = set(
        Question.objects.filter(owner_id=owner_id, skipped_at__isnull=False).values_list("person", "face", "other")
    )
    Question.objects.filter(owner_id=owner_id, skipped_at=None).delete()
    asked = [row for row in _rows(owner_id, faces, people, grouping) if _key(row) not in skipped]
    asked.sort(key=lambda row: -row.value)
    Question.objects.bulk_create(asked[:MOST], batch_size=500, ignore_conflicts=True)


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
                value=round(worth_of_face(similarity, size), 4),
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
                value=round(worth_of_people(similarity, *sizes), 4),
            )


def _key(question: Question) -> tuple[int, int | None, int | None]:
    return question.person_id, question.face_id, question.other_id
