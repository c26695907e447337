"""Grouping an owner's faces: rows become arrays for clusters.py, and its result becomes rows again.

It is computed outside any transaction. When it is saved, what the owner decided meanwhile has precedence.
"""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import log

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from numpy.typing import NDArray

from people.detection import scans, vectors
from people.grouping import clusters, constraints, neighbours
from people.grouping.constraints import batches
from people.grouping.units import FOUNDING_QUALITY, NO_DAY, Library
from people.models import Face, FaceRejection, Person, PersonSeparation, Question
from people.review import questions
from vision.faces import calibration

# While a library is young, the threshold rises with each import, and faces that were joined before would stay joined:
# up to this many faces, everything is grouped again whenever there are a tenth more.
YOUNG, MORE = 10_000, 1.1
EPOCH = np.datetime64("1970-01-01")


@dataclass(frozen=True, slots=True)
class Counts:
    """The result of grouping an owner's faces."""

    people: int
    faces: int
    unsure: int
    alone: int


@dataclass(slots=True)
class Rows:
    """An owner's faces as they were read, with the arrays made from them."""

    faces: NDArray[np.int64]  # ids
    held: NDArray[np.int64]  # the id of each face's person, or 0
    people: list[int]  # ids
    library: Library
    calibration: calibration.Calibration


def group(owner_id: int, *, photo_ids: Sequence[int] | None = None, rebuild: bool = False) -> Counts:
    """Group the faces of these photos, or all that have no person. `rebuild` also dissolves undecided groups."""
    with alone(owner_id):
        if photo_ids is not None and outgrown(*faces_before_and_now(owner_id, photo_ids)):
            photo_ids, rebuild = None, True
        rows = load(owner_id, rebuild=rebuild)
        if rows is None:
            return counts(owner_id)
        nobody = rows.library.person < 0
        if photo_ids is not None:
            nobody &= np.isin(rows.library.photo, np.array(photo_ids, np.int64))
        looked_at = np.flatnonzero(nobody)
        near = neighbours.edges(rows.library.vectors, looked_at, rows.calibration.near, ids=rows.faces)
        grouping = clusters.group(rows.library, near, rows.calibration, fresh=None if photo_ids is None else looked_at)
        with transaction.atomic():
            constraints.lock(owner_id)
            people = write(owner_id, rows, grouping)
            everything = photo_ids is None
            questions.renew(owner_id, rows.faces, people, grouping, rows.calibration, everything=everything)
            remove_empty(owner_id)
        return counts(owner_id)


def outgrown(before: int, now: int) -> bool:
    """Whether a young library has grown so much that all of it should be grouped again.

    This is whenever a power of MORE lies between the two counts, so all regrouping together costs a constant factor.
    """
    return 0 < now <= YOUNG and int(log(now, MORE)) > int(log(max(before, 1), MORE))


def faces_before_and_now(owner_id: int, photo_ids: Sequence[int]) -> tuple[int, int]:
    """How many faces there are without the new ones in these photos, and with them."""
    faces = Face.objects.filter(photo__owner_id=owner_id, not_a_face=False)
    new = faces.filter(person=None, rejections=None)
    now = faces.count()
    return now - sum(new.filter(photo__in=some).count() for some in batches(photo_ids)), now


def counts(owner_id: int) -> Counts:
    """The current counts."""
    faces = Face.objects.filter(photo__owner_id=owner_id, not_a_face=False)
    people = Person.objects.filter(owner_id=owner_id, merged_into=None, faces__isnull=False).distinct()
    asked = Question.objects.filter(owner_id=owner_id, face=OuterRef("pk"))
    unsure = faces.filter(Exists(asked), person=None).count()
    return Counts(people.count(), faces.count(), unsure, faces.filter(person=None).count() - unsure)


# --- reading ----------------------------------------------------------------------------------------------------------


def load(owner_id: int, *, rebuild: bool = False) -> Rows | None:
    """The owner's faces by the current model; None if there are none.

    For a rebuild, faces of people about whom nothing was decided have no person.
    """
    model = scans.current_model(owner_id)
    faces = Face.objects.filter(photo__owner_id=owner_id, photo__trashed_at=None, not_a_face=False, model=model)
    values = list(
        faces.exclude(vector=b"")
        .order_by("pk")
        .values_list("pk", "photo_id", "person_id", "quality", "photo__taken_local", "vector")
    )
    if not values or model is None:
        return None
    ids, photos, persons, quality, taken, data = zip(*values, strict=True)
    people = list(Person.objects.filter(owner_id=owner_id, merged_into=None).order_by("pk"))
    decided = set(people_decided(owner_id))
    number = {person.pk: index for index, person in enumerate(people)}
    fitted = calibration.of(model, vectors.from_bytes(data))
    library = Library(
        vectors=fitted.centred(vectors.from_bytes(data)),
        sound=np.array(quality) >= FOUNDING_QUALITY,
        photo=np.array(photos, np.int64),
        day=np.array([day.date() for day in taken], "datetime64[D]").astype(np.int64),
        person=np.array(
            [-1 if person is None or (rebuild and person not in decided) else number[person] for person in persons],
            np.int64,
        ),
        decided=np.array([person.pk in decided for person in people], bool),
        born=np.array([_day(person) for person in people], np.int64),
        rejected=_rejected(owner_id, np.array(ids, np.int64), number),
        separated=_separated(owner_id, number),
    )
    held = np.array([person or 0 for person in persons], np.int64)
    return Rows(np.array(ids, np.int64), held, [person.pk for person in people], library, fitted)


def people_decided(owner_id: int) -> Sequence[int]:
    """The people about whom the owner decided something."""
    people = Person.objects.filter(constraints.decided_people(), owner_id=owner_id, merged_into=None)
    return list(people.values_list("pk", flat=True))


def _day(person: Person) -> int:
    return int((np.datetime64(person.birthday) - EPOCH).astype(np.int64)) if person.birthday else NO_DAY


def _rejected(owner_id: int, ids: NDArray[np.int64], number: dict[int, int]) -> frozenset[tuple[int, int]]:
    pairs = FaceRejection.objects.filter(person__owner_id=owner_id).values_list("face_id", "person_id")
    place = {int(face): index for index, face in enumerate(ids)}
    return frozenset((place[face], number[person]) for face, person in pairs if face in place and person in number)


def _separated(owner_id: int, number: dict[int, int]) -> frozenset[tuple[int, int]]:
    pairs = PersonSeparation.objects.filter(first__owner_id=owner_id).values_list("first_id", "second_id")
    return frozenset((number[first], number[second]) for first, second in pairs if {first, second} <= number.keys())


# --- writing ----------------------------------------------------------------------------------------------------------


def write(owner_id: int, rows: Rows, grouping: clusters.Grouping) -> list[int]:
    """Move the faces that nobody has decided about since they were read. Returns the ids of all people by number."""
    people = rows.people + numbered(owner_id, rows, grouping)
    wanted_ids = np.array([*people, 0], np.int64)[grouping.person]
    moved = np.flatnonzero(wanted_ids != rows.held)
    target = dict(zip(rows.faces[moved].tolist(), wanted_ids[moved].tolist(), strict=True))
    similarity = dict(zip(rows.faces[moved].tolist(), grouping.similarity[moved].tolist(), strict=True))
    free = Face.objects.exclude(assignment=Face.Assignment.CONFIRMED).filter(not_a_face=False)
    alive = set(Person.objects.filter(owner_id=owner_id, merged_into=None).values_list("pk", flat=True))
    touched: set[int] = set()
    placed: list[int] = []
    for some in batches(target):
        changed = []
        for face in free.filter(pk__in=some).only("pk", "person_id", "assignment", "similarity"):
            wanted = target[face.pk] or None
            if wanted == face.person_id or wanted not in {None, *alive}:
                continue
            touched.update(person for person in (wanted, face.person_id) if person is not None)
            face.person_id = wanted
            face.assignment = Face.Assignment.AUTOMATIC if wanted else Face.Assignment.NONE
            face.similarity = round(similarity[face.pk], 4) if wanted else None
            changed.append(face)
        Face.objects.bulk_update(changed, ["person", "assignment", "similarity"], batch_size=500)
        placed += [face.pk for face in changed]
    # What was decided during the computation has precedence.
    leaving = [face for some in batches(placed) for face in constraints.intruding(some)]
    leaving += [face for some in batches(touched) for face in constraints.impossible(some)]
    constraints.leave(Face.objects.all(), leaving)
    return people


def numbered(owner_id: int, rows: Rows, grouping: clusters.Grouping) -> list[int]:
    """The ids of the new groups: the person most of its faces had before a rebuild, or else a new person."""
    fresh = range(len(rows.people), int(grouping.person.max(initial=-1)) + 1)
    if not fresh:
        return []
    people = np.array(rows.people, np.int64)
    dissolved = np.setdiff1d(people, people[rows.library.person[rows.library.person >= 0]])
    both = np.isin(grouping.person, fresh) & np.isin(rows.held, dissolved)
    pairs, sizes = np.unique(np.stack([grouping.person[both], rows.held[both]]), axis=1, return_counts=True)
    ids: dict[int, int] = {}
    for index in np.argsort(-sizes, kind="stable"):
        number, person = pairs[:, index].tolist()
        if number not in ids and person not in ids.values():
            ids[number] = person
    new = [number for number in fresh if number not in ids]
    made = Person.objects.bulk_create(Person(owner_id=owner_id) for _ in new)
    ids |= dict(zip(new, (person.pk for person in made), strict=True))
    return [ids[number] for number in fresh]


def remove_empty(owner_id: int) -> None:
    """Delete groups that have no faces left and about which nothing was decided."""
    empty = Person.objects.filter(owner_id=owner_id, merged_into=None, faces=None)
    empty.exclude(constraints.decided_people()).delete()


@contextmanager
def alone(owner_id: int) -> Iterator[None]:
    """A lock: one grouping of an owner's faces at a time, on all machines that share a database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x67727570, owner_id % 2**31])  # "grup"
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [0x67727570, owner_id % 2**31])
        return
    place = settings.MIRAGE_DATA / "run" / f"grouping-{owner_id}.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
