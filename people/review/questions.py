"""The questions that grouping leaves, as rows: those worth most are asked first (people/review/asking.py)."""

from collections.abc import Iterator, Sequence

import numpy as np
from django.db.models import Count, QuerySet
from numpy.typing import NDArray

from people.grouping.clusters import Grouping
from people.grouping.constraints import batches
from people.grouping.units import FOUNDING_QUALITY
from people.models import Face, Person, Question
from vision.faces.calibration import Calibration

LEAST_CHANCE = 0.05  # that the answer is yes; less likely pairs are not asked about
EVEN = 0.5  # the chance that two camps are one person: nothing is known
LEAST_TELLING = 0.12  # quality of a face of about 24 pixels; poorer faces are hard for people to recognise
MOST = 5_000  # of one owner: nobody answers more before the next grouping replaces them


def worth(chance: float, size: int, other: int = 1, quality: float = 1.0) -> float:
    """How many faces the answer is expected to bring together, between two groups of these sizes: the gain in the sum
    of BCubed recall if it is yes, times the chance of that. A face of a `quality` too low to found a group counts in
    part.
    """
    return chance * _mean(size, other) * min(quality / FOUNDING_QUALITY, 1.0)


def is_poor(quality: float) -> bool:
    """Whether people can hardly recognise a face of this quality."""
    return quality < LEAST_TELLING


def _mean(size: int, other: int) -> float:
    """The harmonic mean: joining a thousand faces with one settles one."""
    return 2 * size * other / (size + other)


def renew(
    owner_id: int,
    faces: NDArray[np.int64],
    people: Sequence[int],
    grouping: Grouping,
    calibration: Calibration,
    *,
    everything: bool,
) -> None:
    """Replace the owner's questions by the current ones. What was answered "not sure" is not asked again.

    Unless `everything` was looked at, questions about other faces and people stay.
    """
    open_ones = Question.objects.filter(owner_id=owner_id, skipped_at=None, from_file=False)
    if everything:
        open_ones.delete()
    for some in batches(faces[grouping.examined].tolist() if not everything else ()):
        open_ones.filter(face__in=some).delete()
    compared = {frozenset((people[first], people[second])) for first, second, _ in grouping.people}
    compared |= {frozenset((people[number],)) for number in grouping.compared}
    for some in batches([] if everything else _open_pairs(open_ones, compared)):
        open_ones.filter(pk__in=some).delete()
    skipped = Question.objects.filter(owner_id=owner_id, skipped_at__isnull=False)
    said = {(face, _pair(person, other)) for person, face, other in skipped.values_list("person", "face", "other")}
    likely = [
        *_likely(owner_id, faces, people, grouping, calibration),
        *_camps(owner_id, faces, people, grouping),
    ]
    wanted = [each for each in likely if (each.face_id, _pair(each.person_id, each.other_id)) not in said]
    wanted.sort(key=lambda each: (each.poor, -each.value))
    Question.objects.bulk_create(wanted[:MOST], batch_size=500, ignore_conflicts=True)


def _pair(person: int, other: int | None) -> frozenset[int | None]:
    """The two people, in no order: the larger is named first, and that can change."""
    return frozenset((person, other))


def _open_pairs(open_ones: QuerySet[Question], compared: set[frozenset[int]]) -> Iterator[int]:
    """The open questions about pairs that were compared again."""
    for pk, person, other in open_ones.filter(face=None).values_list("pk", "person", "other"):
        if _pair(person, other) in compared:
            yield pk


def _likely(
    owner_id: int, faces: NDArray[np.int64], people: Sequence[int], grouping: Grouping, calibration: Calibration
) -> Iterator[Question]:
    """The questions worth asking."""
    alive = dict(
        Person.objects.filter(owner_id=owner_id, merged_into=None, hidden=False, faces__not_a_face=False)
        .annotate(size=Count("faces"))
        .values_list("pk", "size")
    )
    free: dict[int, float] = {}
    for some in batches(int(faces[face]) for face, _, _ in grouping.faces):
        free.update(Face.objects.filter(pk__in=some, person=None, not_a_face=False).values_list("pk", "quality"))

    def question(
        chance: float, similarity: float, person: int, size: int, quality: float = 1.0, **about: int
    ) -> Question:
        value = round(worth(chance, alive[person], size, quality), 4)
        fields = {"similarity": round(similarity, 4), "chance": round(chance, 4), "value": value, **about}
        return Question(owner_id=owner_id, person_id=person, poor=is_poor(quality), **fields)

    for face, number, similarity in grouping.faces:
        person, face_id = people[number], int(faces[face])
        chance = calibration.chance_of_face(similarity, alive.get(person, 1))
        if chance >= LEAST_CHANCE and face_id in free and person in alive:
            yield question(chance, similarity, person, 1, free[face_id], face_id=face_id)
    for first, second, similarity in grouping.people:
        if people[first] not in alive or people[second] not in alive:
            continue
        person, other = sorted((people[first], people[second]), key=lambda each: (-alive[each], each))
        chance = calibration.chance_of_people(similarity, alive[person], alive[other])
        if chance >= LEAST_CHANCE:
            yield question(chance, similarity, person, alive[other], other_id=other)


def _camps(owner_id: int, faces: NDArray[np.int64], people: Sequence[int], grouping: Grouping) -> Iterator[Question]:
    """Whether people who are there already are one or two. Not asked where somebody confirmed faces of both camps."""
    for number, members, similarity in grouping.camps:
        theirs = Face.objects.filter(person=people[number], person__hidden=False, not_a_face=False)
        confirmed = set(theirs.filter(assignment=Face.Assignment.CONFIRMED).values_list("pk", flat=True))
        there, camp = set(theirs.values_list("pk", flat=True)), set(faces[members].tolist())
        camp &= there
        if camp & confirmed:
            own = set(faces[np.flatnonzero(grouping.person == number)].tolist())  # whom the camps were found among
            camp = (own & there) - camp
        if not camp or camp == there or camp & confirmed:
            continue
        value = round(worth(EVEN, len(camp), len(there) - len(camp)), 4)
        yield Question(
            owner_id=owner_id, person_id=people[number], other_id=people[number], camp=sorted(camp),
            similarity=round(similarity, 4), chance=EVEN, value=value,
        )  # fmt: skip
