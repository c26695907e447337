"""The questions that grouping leaves, as rows: those worth most are asked first (people/review.py)."""

from collections.abc import Iterator, Sequence
from math import exp

import numpy as np
from django.db.models import Count
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


def renew(
    owner_id: int, faces: NDArray[np.int64], people: Sequence[int], grouping: Grouping, *, everything: bool
) -> None:
    """Replace the owner's questions by those that are open now; what was answered "not sure" is not asked again.

    Unless `everything` was looked at, questions about other faces and people stay.
    """
    open_ones = Question.objects.filter(owner_id=owner_id, skipped_at=None)
    if everything:
        open_ones.delete()
    for some in batches(faces[grouping.examined].tolist() if not everything else ()):
        open_ones.filter(face__in=some).delete()
    skipped = set(
        Question.objects.filter(owner_id=owner_id, skipped_at__isnull=False).values_list("person", "face", "other")
    )
    wanted = [each for each in _valued(owner_id, faces, people, grouping) if each[2:] not in skipped]
    wanted.sort(key=lambda each: -each[0])
    names = ("value", "similarity", "person_id", "face_id", "other_id")
    rows = [Question(owner_id=owner_id, **dict(zip(names, each, strict=True))) for each in wanted[:MOST]]
    Question.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


Valued = tuple[float, float, int, int | None, int | None]  # value, similarity; ids of person, face and other person


def _valued(owner_id: int, faces: NDArray[np.int64], people: Sequence[int], grouping: Grouping) -> Iterator[Valued]:
    alive = dict(
        Person.objects.filter(owner_id=owner_id, merged_into=None, hidden=False, faces__not_a_face=False)
        .annotate(size=Count("faces"))
        .values_list("pk", "size")
    )
    free: set[int] = set()
    for some in batches(int(faces[face]) for face, _, _ in grouping.faces):
        free.update(Face.objects.filter(pk__in=some, person=None, not_a_face=False).values_list("pk", flat=True))
    for face, number, similarity in grouping.faces:
        person, face_id = people[number], int(faces[face])
        if face_id in free and person in alive:
            yield round(worth_of_face(similarity, alive[person]), 4), round(similarity, 4), person, face_id, None
    for first, second, similarity in grouping.people:
        if people[first] in alive and people[second] in alive:
            person, other = sorted((people[first], people[second]), key=lambda each: (-alive[each], each))
            value = round(worth_of_people(similarity, alive[person], alive[other]), 4)
            yield value, round(similarity, 4), person, None, other
