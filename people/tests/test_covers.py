"""The face that stands for a person."""

import pytest
from django.db import models
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from people import covers
from people.models import Face, Person
from people.tests.conftest import MakeFace, MakePerson


@pytest.fixture
def faces(make_face: MakeFace) -> list[Face]:
    """Of one person, the best one second."""
    return [make_face(1, quality=quality) for quality in (0.5, 0.9, 0.7)]


@pytest.fixture
def anna(make_person: MakePerson, faces: list[Face]) -> Person:
    return make_person("Anna", faces, cover=faces[0])


def cover_of(person: Person) -> Face | None:
    return covers.covers([Person.objects.get(pk=person.pk)]).get(person.pk)


def change(row: models.Model, **values: object) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def test_the_chosen_face_comes_before_the_best_one(anna: Person, faces: list[Face]) -> None:
    assert cover_of(anna) == faces[0]
    change(anna, cover=None)
    assert cover_of(anna) == faces[1]


def test_a_face_in_the_trash_stands_for_nobody_until_it_is_restored(anna: Person, faces: list[Face]) -> None:
    change(faces[0].photo, trashed_at=timezone.now())
    assert cover_of(anna) == faces[1]
    assert covers.samples(Person.objects.get(), 3) == [faces[1], faces[2]]
    change(faces[1].photo, trashed_at=timezone.now())
    assert cover_of(anna) == faces[2]
    change(faces[0].photo, trashed_at=None)
    assert cover_of(anna) == faces[0]
    for face in faces:
        change(face.photo, trashed_at=timezone.now())
    assert cover_of(anna) is None


def test_non_faces_and_faces_of_others_are_no_cover(anna: Person, faces: list[Face]) -> None:
    change(faces[0], not_a_face=True)
    assert cover_of(anna) == faces[1]
    change(faces[0], not_a_face=False, person=None, assignment="none")
    assert cover_of(anna) == faces[1]


def test_two_queries_however_many_people(
    make_face: MakeFace, make_person: MakePerson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        face = make_face(number)
        make_person(f"Person {number}", [face], cover=face if number % 2 else None)
    people = list(Person.objects.select_related("cover__photo"))
    with django_assert_num_queries(2):
        assert len(covers.with_covers(people)) == 6
