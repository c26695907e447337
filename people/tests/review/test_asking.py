"""The review queue."""

import numpy as np
import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import undoing
from accounts.models import User
from people.grouping import assignments
from people.grouping.clusters import Grouping
from people.models import Face, Person, Question
from people.review import asking, questions
from people.review.asking import Answer
from people.tests.conftest import MakeFace, MakePerson
from vision.faces import calibration


@pytest.fixture
def doubt(owner: User, make_face: MakeFace, make_person: MakePerson) -> Question:
    """A face that may be Anna's, and a group that may be hers too, kept apart by their names."""
    anna = make_person("Anna", [make_face(1, spread=0.4) for _ in range(4)])
    ben = make_person("Ben", [make_face(2) for _ in range(2)])
    face, other = make_face(1), make_person("Annie", [make_face(1) for _ in range(3)])
    Question.objects.create(owner=owner, person=anna, face=face, similarity=0.4, chance=0.94, value=1.5)
    Question.objects.create(owner=owner, person=ben, face=face, similarity=0.2, chance=0.08, value=0.1)
    Question.objects.create(owner=owner, person=anna, other=other, similarity=0.4, chance=0.29, value=1.0)
    question = asking.questions_of(owner).first()
    assert question is not None
    return question


def test_the_most_valuable_comes_first(owner: User, doubt: Question) -> None:
    assert [question.value for question in asking.questions_of(owner)] == [1.5, 1.0, 0.1]


def test_worth_is_the_chance_of_a_yes_times_what_it_brings_together() -> None:
    assert questions.worth(0.5, 3, 3) == 1.5
    assert questions.worth(0.9, 1000) < questions.worth(0.5, 5, 5)  # a thousand and one: one face finds its person
    assert questions.worth(0.01, 40, 50) < questions.worth(0.5, 1, 1)


def test_poor_faces_are_asked_about_later(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    anna = make_person("Anna", [make_face(1) for _ in range(4)])
    clear, poor = make_face(1, spread=0.4, quality=0.4), make_face(1, spread=0.4, quality=0.05)
    ids = np.array(Face.objects.order_by("pk").values_list("pk", flat=True))
    left = Grouping(np.array([0, 0, 0, 0, -1, -1]), np.ones(6, np.float32), faces=[(4, 0, 0.33), (5, 0, 0.36)])
    questions.renew(owner.pk, ids, [anna.pk], left, calibration.measured("SFace"), everything=True)
    assert [question.face for question in asking.questions_of(owner)] == [clear, poor]
    asking.weigh_again([anna.pk])
    assert [question.face for question in asking.questions_of(owner)] == [clear, poor]


def test_unrecognisable_faces_are_asked_about_last(owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
    anna = make_person("Anna", [make_face(1) for _ in range(4)])
    unlikely, hopeless = make_face(2, quality=0.13), make_face(1, quality=0.11)
    ids = np.array(Face.objects.order_by("pk").values_list("pk", flat=True))
    left = Grouping(np.array([0, 0, 0, 0, -1, -1]), np.ones(6, np.float32), faces=[(4, 0, 0.26), (5, 0, 0.43)])
    questions.renew(owner.pk, ids, [anna.pk], left, calibration.measured("SFace"), everything=True)
    first, last = asking.questions_of(owner)
    assert (first.face, last.face) == (unlikely, hopeless)
    assert first.value < last.value
    solved = asking.answer(last, Answer.NO, owner)
    assert solved.activity is not None
    undoing.undo(solved.activity, owner)
    assert [question.face for question in asking.questions_of(owner)] == [unlikely, hopeless]


def test_two_who_are_clearly_different_are_not_asked_about(
    owner: User, make_face: MakeFace, make_person: MakePerson
) -> None:
    for identity in (1, 2):
        make_person(f"Person {identity}", [make_face(identity, spread=0.3) for _ in range(20)])
    make_face(3, spread=0.3)
    assignments.group(owner.pk)
    assert asking.questions_of(owner).first() is None


@pytest.mark.parametrize("skipped", [False, True])
def test_a_pair_is_asked_about_once_whoever_is_larger(
    owner: User, make_face: MakeFace, make_person: MakePerson, skipped: bool
) -> None:
    large, small = (make_person("", [make_face(identity) for _ in range(3 - identity)]) for identity in range(2))
    skipped_at = timezone.now() if skipped else None
    Question.objects.create(owner=owner, person=small, other=large, similarity=0.5, value=1, skipped_at=skipped_at)
    ids = np.array(Face.objects.order_by("pk").values_list("pk", flat=True))
    again = Grouping(np.array([0, 0, 0, 1, 1]), np.ones(5, np.float32), people=[(0, 1, 0.4)])
    questions.renew(owner.pk, ids, [large.pk, small.pk], again, calibration.measured("SFace"), everything=False)
    assert Question.objects.get().person == (small if skipped else large)
    unlikely = Grouping(np.array([0, 0, 0, 1, 1]), np.ones(5, np.float32), people=[(0, 1, 0.2)])
    questions.renew(owner.pk, ids, [large.pk, small.pk], unlikely, calibration.measured("SFace"), everything=False)
    assert Question.objects.exists() == skipped


def test_yes_confirms_and_settles_what_else_was_asked_of_the_face(owner: User, doubt: Question) -> None:
    solved = asking.answer(doubt, Answer.YES, owner)
    face = Face.objects.get(pk=doubt.face.pk)
    assert (solved.faces, face.person.name, face.assignment) == (1, "Anna", "confirmed")
    assert [question.other.name for question in asking.questions_of(owner)] == ["Annie"]


def test_no_is_remembered(owner: User, doubt: Question) -> None:
    asking.answer(doubt, Answer.NO, owner)
    assignments.group(owner.pk, rebuild=True)
    face = Face.objects.get(pk=doubt.face.pk)
    assert face.person_id != doubt.person_id
    assert (face.pk, doubt.person_id) not in asking.questions_of(owner).values_list("face", "person")


def test_not_sure_is_not_asked_again(owner: User, doubt: Question) -> None:
    asking.answer(doubt, Answer.NOT_SURE, owner)
    assert asking.questions_of(owner).first() != doubt
    assignments.group(owner.pk, photo_ids=[])
    assert (doubt.person_id, doubt.face_id) not in asking.questions_of(owner).values_list("person", "face")


def test_not_a_face(owner: User, doubt: Question) -> None:
    asking.answer(doubt, Answer.NOT_A_FACE, owner)
    assert Face.objects.get(pk=doubt.face.pk).not_a_face
    assert not asking.questions_of(owner).filter(face=doubt.face).exists()


def test_two_people_are_merged_or_kept_apart(owner: User, doubt: Question) -> None:
    question = Question.objects.get(other__name="Annie")
    solved = asking.answer(question, Answer.YES, owner)
    assert solved.faces == 3
    assert Person.objects.get(name="Anna").faces.count() == 7
    undoing.undo(solved.activity, owner)
    again = Question.objects.get(other__name="Annie")
    asking.answer(again, Answer.NO, owner)
    assert not asking.questions_of(owner).filter(other__isnull=False).exists()


def test_an_undone_answer_is_asked_again(owner: User, doubt: Question) -> None:
    solved = asking.answer(doubt, Answer.YES, owner)
    assert asking.recent_answers(owner).first() == solved.activity
    undoing.undo(solved.activity, owner)
    assert Face.objects.get(pk=doubt.face.pk).person is None
    again = asking.questions_of(owner).first()
    assert (again.person_id, again.face_id) == (doubt.person_id, doubt.face_id)


def test_strangers_are_asked_nothing(stranger: User, doubt: Question) -> None:
    assert asking.questions_of(stranger).first() is None


def test_the_queue_costs_the_same_however_long(
    owner: User, doubt: Question, make_face: MakeFace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def ask() -> None:
        question = asking.questions_of(owner).first()
        str(question.face.photo), str(question.person), str(question.other)

    for size in (0, 10):
        for _ in range(size):
            Question.objects.create(owner=owner, person=doubt.person, face=make_face(9), similarity=0.3, value=0.5)
        with django_assert_num_queries(1):
            ask()
