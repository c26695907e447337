"""A person's faces in the order in which they may be mistakes."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import User
from people.detection import vectors
from people.grouping.outliers import OTHERWISE, similarities
from people.models import Face, Person
from people.tests.conftest import MakeFace, MakePerson

WithVector = Callable[..., Face]


@pytest.fixture
def with_vector(make_face: MakeFace) -> WithVector:
    def make(*numbers: float, **fields: object) -> Face:
        length = float(np.linalg.norm(numbers)) or 1.0
        return make_face(**{"vector": vectors.to_bytes(np.array(numbers, np.float32) / length), **fields})

    return make


def test_each_face_is_compared_with_the_mean_and_the_least_similar_comes_first(
    with_vector: WithVector, make_person: MakePerson
) -> None:
    alike, also, other = with_vector(1, 0, 0), with_vector(1, 0, 0), with_vector(0, 1, 0)
    found = similarities(make_person("Anna", [alike, also, other]))
    assert list(found) == [other.pk, alike.pk, also.pk]
    assert found[other.pk] == pytest.approx(1 / 5**0.5, abs=1e-3)
    assert found[alike.pk] == found[also.pk] == pytest.approx(2 / 5**0.5, abs=1e-3)


def test_a_face_alone_is_like_itself(with_vector: WithVector, make_person: MakePerson) -> None:
    face = with_vector(3, 4)
    assert similarities(make_person("Anna", [face])) == {face.pk: pytest.approx(1, abs=1e-3)}


def test_opposite_faces_have_no_mean(with_vector: WithVector, make_person: MakePerson) -> None:
    faces = [with_vector(1, 0), with_vector(-1, 0)]
    assert set(similarities(make_person("Anna", faces)).values()) == {0.0}


def test_a_face_without_a_vector_is_as_good_as_any(with_vector: WithVector, make_person: MakePerson) -> None:
    drawn, seen, other = with_vector(1, 0, vector=b""), with_vector(1, 0), with_vector(1, 2)
    found = similarities(make_person("Anna", [drawn, seen, other]))
    assert found[drawn.pk] == OTHERWISE
    assert list(found)[-1] == drawn.pk


def test_faces_of_two_models_are_compared_with_their_own_kind(with_vector: WithVector, make_person: MakePerson) -> None:
    old = [with_vector(1, 0, model="old"), with_vector(1, 0, model="old")]
    new = [with_vector(0, 0, 1, model="new"), with_vector(0, 1, 1, model="new")]
    found = similarities(make_person("Anna", [*old, *new]))
    assert [found[face.pk] for face in old] == pytest.approx([1, 1], abs=1e-3)
    assert [found[face.pk] for face in new] == pytest.approx([np.cos(np.pi / 8)] * 2, abs=1e-3)


def ids(faces: Sequence[Face]) -> set[int]:
    return {face.pk for face in faces}


def test_only_faces_that_are_shown_count(owner: User, with_vector: WithVector, make_person: MakePerson) -> None:
    shown, wrong, trashed, others = (with_vector(1, 0) for _ in range(4))
    person = make_person("Anna", [shown, wrong, trashed])
    make_person("Ben", [others])
    Face.objects.filter(pk=wrong.pk).update(not_a_face=True)
    trashed.photo.trashed_at = timezone.now()
    trashed.photo.save()
    assert similarities(person).keys() == ids([shown])


def test_a_person_without_faces(owner: User) -> None:
    assert similarities(Person.objects.create(owner=owner)) == {}
