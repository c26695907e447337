"""Constraints: which people are decided, and which faces cannot stay with their person."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from people.grouping import constraints
from people.models import Face, FaceRejection, Person, PersonSeparation
from people.tests.conftest import MakeFace, MakePerson
from people.tests.soundness import violations
from photos.models import Photo

CONFIRMED, AUTOMATIC = Face.Assignment.CONFIRMED, Face.Assignment.AUTOMATIC


# --- people that are decided -----------------------------------------------------------------------------------------


def name(person: Person, face: Face, other: Person) -> None:
    person.name = "Anna"
    person.save()


def hide(person: Person, face: Face, other: Person) -> None:
    person.hidden = True
    person.save()


def give_birthday(person: Person, face: Face, other: Person) -> None:
    person.birthday = date(2000, 1, 1)
    person.save()


def choose_cover(person: Person, face: Face, other: Person) -> None:
    person.cover = face
    person.save()


def merge(person: Person, face: Face, other: Person) -> None:
    other.merged_into = person
    other.save()


def confirm(person: Person, face: Face, other: Person) -> None:
    Face.objects.filter(pk=face.pk).update(person=person, assignment=CONFIRMED)


def reject(person: Person, face: Face, other: Person) -> None:
    FaceRejection.objects.create(face=face, person=person)


def separate(person: Person, face: Face, other: Person) -> None:
    first, second = sorted((person, other), key=lambda each: each.pk)
    PersonSeparation.objects.create(first=first, second=second)


DECISIONS: list[Callable[[Person, Face, Person], None]] = [
    *(name, hide, give_birthday, choose_cover, merge, confirm, reject, separate)
]


@pytest.mark.parametrize("decide", DECISIONS, ids=lambda decide: decide.__name__)
@pytest.mark.parametrize("first", [True, False])
def test_every_decision_about_a_person_makes_it_a_decided_one(
    owner: User, make_face: MakeFace, decide: Callable[[Person, Face, Person], None], first: bool
) -> None:
    people = [Person.objects.create(owner=owner) for _ in range(2)]
    person, other = people if first else reversed(people)
    decided = Person.objects.filter(constraints.decided_people())
    face = make_face(person=person)
    assert not decided.exists()
    decide(person, face, other)
    assert set(decided) == ({person, other} if decide is separate else {person})


# --- faces that cannot stay ------------------------------------------------------------------------------------------


def test_a_sound_library_has_no_violations(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    photo = make_face().photo
    anna = make_person("Anna", [make_face(photo=photo), make_face()])
    ben = make_person("Ben", [make_face(photo=photo)], birthday=date(2024, 5, 1))
    assert constraints.impossible([anna.pk, ben.pk]) == []
    assert violations(owner.pk) == {}


def test_a_rejected_face_cannot_stay_but_a_confirmed_one_does(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    faces = [make_face() for _ in range(3)]
    anna, ben = make_person("Anna", faces), make_person("Ben")
    Face.objects.filter(pk=faces[0].pk).update(assignment=CONFIRMED)
    FaceRejection.objects.bulk_create(
        [FaceRejection(face=faces[0], person=anna), FaceRejection(face=faces[1], person=anna)]
    )
    FaceRejection.objects.create(face=faces[2], person=ben)
    assert constraints.impossible([anna.pk]) == [faces[1].pk]
    assert violations(owner.pk) == {"rejected": sorted(face.pk for face in faces[:2])}


def test_a_face_from_before_the_birthday_cannot_stay(
    owner: User, make_face: MakeFace, make_person: MakePerson, make_photo: Callable[..., Photo]
) -> None:
    days = [datetime(2024, 5, 1, 12), datetime(2024, 5, 2, 0), datetime(2024, 5, 3)]
    before, on_the_day, after = (make_face(photo=make_photo(taken=day)) for day in days)
    anna = make_person("Anna", [before, on_the_day, after], birthday=date(2024, 5, 2))
    assert constraints.impossible([anna.pk]) == [before.pk]
    assert violations(owner.pk) == {"unborn": [before.pk]}
    Face.objects.filter(pk=before.pk).update(assignment=CONFIRMED)  # the date of the photo is wrong
    assert constraints.impossible([anna.pk]) == []
    assert violations(owner.pk) == {}


def test_non_faces_and_faces_of_merged_people_cannot_stay(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    no_face, face, left = make_face(), make_face(), make_face()
    anna, gone = make_person("Anna", [no_face, face]), make_person("", [left])
    Face.objects.filter(pk=no_face.pk).update(not_a_face=True, assignment=CONFIRMED)
    merge(anna, face, gone)
    assert constraints.impossible([anna.pk, gone.pk]) == [no_face.pk, left.pk]
    assert violations(owner.pk) == {
        "not a face": [no_face.pk],
        "with somebody merged away": [left.pk],
    }


def test_a_face_with_another_owners_person_is_a_violation(
    owner: User, stranger: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    face = make_face()
    make_person("Mallory", [face], owner=stranger)
    assert violations(owner.pk) == {"with another owner's person": [face.pk]}
    assert violations(stranger.pk) == {}


@pytest.mark.parametrize(
    ("faces", "leaving"),
    [
        # the one most alike stays, then the one of the best quality, then the first
        ([{"similarity": 0.5}, {"similarity": 0.7}, {"similarity": 0.6}], [0, 2]),
        ([{"similarity": None}, {"similarity": 0.1}], [0]),
        ([{"similarity": 0.5, "quality": 0.2}, {"similarity": 0.5, "quality": 0.9}], [0]),
        ([{"similarity": 0.5}, {"similarity": 0.5}], [1]),
        # where the owner confirmed one, all of them may be right: there are mirrors
        ([{"similarity": 0.9}, {"similarity": None, "assignment": CONFIRMED}], []),
        ([{"assignment": CONFIRMED}, {"assignment": CONFIRMED}, {}], []),
    ],
)
def test_only_the_surest_of_several_faces_of_a_person_in_a_photo_stays(
    owner: User, make_face: MakeFace, faces: list[dict[str, Any]], leaving: list[int]
) -> None:
    person = Person.objects.create(owner=owner)
    elsewhere = make_face(person=person, similarity=0.1)
    photo = make_face().photo
    made = [make_face(**{"photo": photo, "person": person, **fields}) for fields in faces]
    expected = [made[number].pk for number in leaving]
    assert constraints.impossible([person.pk]) == expected
    assert sorted(violations(owner.pk).get("twice in one photo", [])) == expected
    assert elsewhere.pk not in expected


@pytest.mark.parametrize("decide", DECISIONS, ids=lambda decide: decide.__name__)
def test_a_decided_person_may_be_in_a_photo_twice(
    owner: User, make_face: MakeFace, decide: Callable[[Person, Face, Person], None]
) -> None:
    person, other = (Person.objects.create(owner=owner) for _ in range(2))
    photo = make_face().photo
    for _ in range(2):
        make_face(photo=photo, person=person)
    assert len(constraints.impossible([person.pk])) == 1
    decide(person, make_face(), other)
    assert constraints.impossible([person.pk]) == []
    assert violations(owner.pk) == {}


def test_an_automatic_face_beside_another_face_of_its_person_is_an_intruder(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    first = make_face()
    placed, confirmed, alone = make_face(photo=first.photo), make_face(photo=first.photo), make_face()
    nobodys = make_face(photo=first.photo)
    make_person("Anna", [first, placed, confirmed, alone])
    Face.objects.filter(pk=confirmed.pk).update(assignment=CONFIRMED)
    given = [face.pk for face in (placed, confirmed, alone, nobodys)]
    assert constraints.intruding(given) == [placed.pk]
    assert constraints.intruding([]) == []


def test_two_people_in_a_photo_are_not_crowded(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    photo = make_face().photo
    for person in ("Anna", "Ben"):
        make_person(person, [make_face(photo=photo)])
    assert constraints.crowded(Face.objects.filter(person__isnull=False)) == []


def test_a_face_that_must_leave_anyway_does_not_push_out_a_good_one(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    photo = make_face().photo
    broken, sound = (make_face(photo=photo, similarity=similarity) for similarity in (0.9, 0.1))
    anna = make_person("Anna", [broken, sound])
    Face.objects.filter(pk=broken.pk).update(not_a_face=True)
    assert constraints.impossible([anna.pk]) == [broken.pk]


# --- means -----------------------------------------------------------------------------------------------------------


def test_a_batch_fits_into_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constraints, "IDS_AT_ONCE", 3)
    assert list(constraints.batches(iter(range(7)))) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(constraints.batches([])) == []


def test_the_lock_is_the_owners_row(owner: User, stranger: User) -> None:
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        constraints.lock(owner.pk)
    (asked,) = queries.captured_queries
    assert f'"id" = {owner.pk}' in asked["sql"]
    if connection.vendor == "postgresql":
        assert asked["sql"].endswith("FOR NO KEY UPDATE")
