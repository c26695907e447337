"""When all faces of an owner are grouped again."""

import pytest

from accounts.models import User
from people.grouping import assignments
from people.models import Face, FaceRejection, Person
from people.tests.conftest import MakeFace, MakePerson


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (0, 0, False),
        (0, 1, False),
        (0, 64, True),
        (100, 100, False),
        (1000, 1001, False),
        (1000, 1100, True),
        (assignments.YOUNG, 2 * assignments.YOUNG, False),
    ],
)
def test_everything_is_grouped_again_when_there_are_a_tenth_more_faces(before: int, now: int, expected: bool) -> None:
    assert assignments.outgrown(before, now) is expected


def test_everything_is_grouped_again_only_a_few_times_however_faces_arrive() -> None:
    times = sum(assignments.outgrown(count, count + 1) for count in range(assignments.YOUNG))
    assert 50 < times < 100
    in_sixties = sum(assignments.outgrown(count, count + 60) for count in range(0, assignments.YOUNG, 60))
    assert 10 < in_sixties <= times


def test_what_was_joined_too_early_comes_apart_when_more_faces_come(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    wrong = [make_face(identity) for identity in (1, 1, 1, 2, 2, 2)]
    make_person("", wrong)
    new = [make_face(1) for _ in range(6)]
    assignments.group(owner.pk, photo_ids=[face.photo_id for face in new])
    people = list(Face.objects.order_by("pk").values_list("person", flat=True))
    assert len(set(people[:3]) | set(people[6:])) == 1
    assert set(people[:3]).isdisjoint(people[3:6])
    assert None not in people


def test_a_named_person_stays_as_it_is(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    anna = make_person("Anna", [make_face(identity) for identity in (1, 1, 1, 2, 2, 2)])
    new = [make_face(3) for _ in range(6)]
    assignments.group(owner.pk, photo_ids=[face.photo_id for face in new])
    assert anna.faces.count() == 6
    assert Person.objects.count() == 2


def test_faces_that_were_answered_about_are_not_new(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    anna = make_person("Anna", [make_face(1) for _ in range(3)])
    face = make_face(1)
    photos = [face.photo_id]
    assert assignments.faces_before_and_now(owner.pk, photos) == (3, 4)
    FaceRejection.objects.create(face=face, person=anna)
    assert assignments.faces_before_and_now(owner.pk, photos) == (4, 4)
