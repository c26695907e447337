"""People and their faces as rows: what the database itself refuses, and what is deleted together."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from people.models import Face, FaceRejection, FaceScan, Person, PersonSeparation, Question
from people.tests.conftest import MakeFace, MakePerson
from photos.models import Photo

BOX = {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}


def refused(make: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_two_people_of_one_owner_never_have_one_name(owner: User, stranger: User) -> None:
    anna = Person.objects.create(owner=owner, name="Anna")
    assert refused(lambda: Person.objects.create(owner=owner, name="Anna"))
    Person.objects.create(owner=stranger, name="Anna")
    Person.objects.bulk_create(Person(owner=owner) for _ in range(2))  # those without a name
    anna.merged_into = Person.objects.create(owner=owner, name="Annie")
    anna.save()
    assert not refused(lambda: Person.objects.create(owner=owner, name="Anna"))


def test_the_survivor_of_several_merges(owner: User) -> None:
    people = [Person.objects.create(owner=owner) for _ in range(3)]
    for person, into in itertools.pairwise(people):
        person.merged_into = into
        person.save()
    assert Person.objects.get(pk=people[0].pk).survivor() == people[2]
    assert people[2].survivor() == people[2]


@pytest.mark.parametrize(
    "fields",
    [
        {"x": -0.1},
        {"y": -0.1},
        {"width": 0},
        {"height": 0},
        {"x": 1.1},
        {"y": 1.1},
        {"assignment": "automatic"},  # with nobody
        {"assignment": "confirmed"},
    ],
)
def test_faces_that_cannot_be(make_photo: Callable[..., Photo], fields: dict[str, Any]) -> None:
    photo = make_photo()
    assert refused(lambda: Face.objects.create(photo=photo, **{**BOX, **fields}))


def test_the_box_of_a_face() -> None:
    assert Face(**BOX).box == (0.1, 0.2, 0.3, 0.4)


def test_faces_of_a_deleted_person_have_no_person(make_face: MakeFace, make_person: MakePerson) -> None:
    faces = [make_face(similarity=0.9) for _ in range(2)]
    anna = make_person("Anna", faces)
    anna.cover = faces[0]
    anna.save()
    anna.delete()
    for face in Face.objects.all():
        assert (face.person, face.assignment, face.similarity) == (None, "none", None)


def test_people_and_faces_are_deleted_with_their_owner(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    make_person("Anna", [make_face()])
    owner.delete()
    assert not Person.objects.exists()
    assert not Face.objects.exists()


def test_a_person_stays_when_its_cover_is_deleted(make_face: MakeFace, make_person: MakePerson) -> None:
    face = make_face()
    anna = make_person("Anna", [face], cover=face)
    face.photo.delete()
    anna.refresh_from_db()
    assert anna.cover is None


def test_a_face_is_rejected_once_per_person(make_face: MakeFace, make_person: MakePerson) -> None:
    face, anna = make_face(), make_person("Anna")
    FaceRejection.objects.create(face=face, person=anna)
    assert refused(lambda: FaceRejection.objects.create(face=face, person=anna))
    assert not refused(lambda: FaceRejection.objects.create(face=make_face(), person=anna))


def test_two_people_are_separated_once_the_first_one_first(make_person: MakePerson) -> None:
    first, second = make_person(), make_person()
    assert refused(lambda: PersonSeparation.objects.create(first=second, second=first))
    assert refused(lambda: PersonSeparation.objects.create(first=first, second=first))
    PersonSeparation.objects.create(first=first, second=second)
    assert refused(lambda: PersonSeparation.objects.create(first=first, second=second))


def test_a_question_is_about_a_face_or_about_somebody_else(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    face, anna, ben = make_face(), make_person("Anna"), make_person("Ben")

    def ask(**about: Any) -> Question:
        return Question.objects.create(owner=owner, person=anna, similarity=0.3, value=1, **about)

    assert refused(lambda: ask())
    assert refused(lambda: ask(face=face, other=ben))
    ask(face=face)
    ask(other=ben)
    assert refused(lambda: ask(face=face))
    assert refused(lambda: ask(other=ben))


def test_rows_as_text(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    face, anna, nameless = make_face(), make_person("Anna"), make_person()
    rows = [
        anna,
        nameless,
        face,
        FaceRejection(face=face, person=anna),
        PersonSeparation(first=anna, second=nameless),
        FaceScan(photo=face.photo, model="YuNet+SFace/1"),
        Question(person=anna, face=face),
        Question(person=anna, other=nameless),
    ]
    assert [str(row) for row in rows] == [
        "Anna",
        f"Person {nameless.pk}",
        f"face in {face.photo_id}",
        f"{face.pk} is not {anna.pk}",
        f"{anna.pk} is not {nameless.pk}",
        f"{face.photo_id} by YuNet+SFace/1",
        f"{face.pk} is {anna.pk}?",
        f"{nameless.pk} is {anna.pk}?",
    ]
