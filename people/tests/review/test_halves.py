"""One person or two? A group that grew and falls into two camps, asked about in the review."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from accounts import undoing
from accounts.models import User
from mirage.refusals import NotPossible
from people.detection import vectors
from people.grouping import assignments
from people.models import Face, Person, PersonSeparation, Question
from people.review import asking, halves
from people.review.asking import Answer
from people.tests.conftest import MakeFace, MakePerson
from vision.faces import calibration

OWN, HERS = 9, 8


def sister(number: int, *, of: int, alike: float) -> bytes:
    """A face of somebody whose direction has this cosine with that of another."""
    fitted = calibration.measured("SFace")
    assert fitted is not None
    size = len(fitted.mean)
    first, other = np.linalg.qr(np.random.default_rng(of).normal(size=(size, 2)))[0].T
    direction = alike * first + (1 - alike**2) ** 0.5 * other
    raw = direction + 0.8 * np.random.default_rng((of, number)).normal(0, size**-0.5, size)
    raw = raw / np.linalg.norm(raw) + fitted.mean
    return vectors.to_bytes((raw / np.linalg.norm(raw)).astype(np.float32))


@pytest.fixture
def sisters(make_face: MakeFace, make_person: MakePerson) -> Callable[..., Person]:
    """A group that holds two sisters."""

    def make(name: str = "", **fields: Any) -> Person:
        own = [make_face(vector=sister(number, of=3, alike=1.0), quality=0.9) for number in range(OWN)]
        hers = [make_face(vector=sister(100 + number, of=3, alike=0.6)) for number in range(HERS)]
        return make_person(name, [*own, *hers], **fields)

    return make


@pytest.fixture
def asked(owner: User, sisters: Callable[..., Person]) -> Question:
    """The question that the next grouping makes of it."""
    sisters("Anna")
    assignments.group(owner.pk)
    question = asking.next_question(owner)
    assert question is not None
    return question


def hers(person: Person) -> set[int]:
    return set(person.faces.filter(quality=0.8).values_list("pk", flat=True))


def shown(question: Question) -> list[Face]:
    """What the form of the question sends."""
    return halves.seen(*halves.halves(question))


def test_grouping_asks_and_changes_nothing(owner: User, asked: Question) -> None:
    assert halves.is_of_halves(asked)
    assert set(asked.camp) == hers(asked.person)
    assert asked.person.faces.count() == OWN + HERS
    assert asking.questions_of(owner).count() == 1
    stay, camp = halves.halves(asked)
    assert (len(stay), len(camp)) == (halves.SHOWN, halves.SHOWN)
    assert {face.pk for face in camp} < set(asked.camp)
    assert [len(side) for side in halves.sides(asked)] == [OWN, HERS]


def test_two_people(owner: User, asked: Question) -> None:
    camp, person = set(asked.camp), asked.person
    solved = asking.answer(asked, Answer.NO, owner, shown(asked))
    new = Person.objects.exclude(pk=person.pk).get()
    assert set(new.faces.values_list("pk", flat=True)) == camp
    confirmed = new.faces.filter(assignment=Face.Assignment.CONFIRMED)
    assert confirmed.count() == halves.SEEN  # what nobody has seen is not confirmed
    assert new.faces.filter(assignment=Face.Assignment.AUTOMATIC).count() == HERS - halves.SEEN
    assert PersonSeparation.objects.count() == 1
    assignments.group(owner.pk, rebuild=True)
    assert set(new.faces.values_list("pk", flat=True)) == camp
    assert not asking.questions_of(owner).exists()
    assert solved.activity is not None


def test_two_people_can_be_undone_and_is_asked_again(owner: User, asked: Question) -> None:
    camp, person = asked.camp, asked.person
    solved = asking.answer(asked, Answer.NO, owner, shown(asked))
    assert solved.activity is not None
    undoing.undo(solved.activity, owner)
    assert person.faces.filter(assignment=Face.Assignment.AUTOMATIC).count() == OWN + HERS
    assert not PersonSeparation.objects.exists()
    again = asking.next_question(owner)
    assert again is not None
    assert again.camp == camp


def test_one_person_is_not_asked_about_again(owner: User, asked: Question) -> None:
    person = asked.person
    solved = asking.answer(asked, Answer.YES, owner, shown(asked))
    assert person.faces.count() == OWN + HERS
    assert person.faces.filter(assignment=Face.Assignment.CONFIRMED).count() == 2 * halves.SEEN
    for rebuild in (False, True):
        assignments.group(owner.pk, rebuild=rebuild)
        assert not asking.questions_of(owner).exists()
        assert person.faces.count() == OWN + HERS
    assert solved.activity is not None
    undoing.undo(solved.activity, owner)
    assert not person.faces.filter(assignment=Face.Assignment.CONFIRMED).exists()
    assert asking.questions_of(owner).count() == 1


def test_not_sure_is_not_asked_about_again(owner: User, asked: Question) -> None:
    asking.answer(asked, Answer.NOT_SURE, owner)
    assignments.group(owner.pk)
    assert not asking.questions_of(owner).exists()


def test_another_answer_does_not_fit(owner: User, asked: Question) -> None:
    with pytest.raises(NotPossible):
        asking.answer(asked, Answer.NOT_A_FACE, owner)


def test_what_somebody_confirmed_stays(owner: User, sisters: Callable[..., Person]) -> None:
    anna = sisters("Anna")
    Face.objects.filter(pk__in=sorted(hers(anna))[:1]).update(assignment=Face.Assignment.CONFIRMED)
    assignments.group(owner.pk)
    question = asking.next_question(owner)
    assert question is not None
    assert not set(question.camp) & hers(anna)  # the other camp may go
    Face.objects.filter(person=anna).update(assignment=Face.Assignment.CONFIRMED)
    assert asking.next_question(owner) is None  # settled meanwhile
    assignments.group(owner.pk)
    assert not Question.objects.exists()


def test_hidden_people_are_not_asked_about(owner: User, sisters: Callable[..., Person]) -> None:
    sisters("Anna", hidden=True)
    assignments.group(owner.pk)
    assert not Question.objects.exists()


def test_a_group_that_nobody_decided_about_comes_apart_when_all_is_grouped_again(
    owner: User, sisters: Callable[..., Person]
) -> None:
    group = sisters()
    assignments.group(owner.pk, rebuild=True)
    first, other = Person.objects.order_by("pk")
    assert {first.faces.count(), other.faces.count()} == {OWN, HERS}
    assert group in {first, other}  # most of its faces keep their person
    question = asking.next_question(owner)
    assert question is not None
    assert {question.person, question.other} == {first, other}


def test_a_camp_that_left_meanwhile_is_not_asked_about(owner: User, asked: Question) -> None:
    faces = shown(asked)
    Face.objects.filter(pk__in=asked.camp).update(person=None, assignment=Face.Assignment.NONE)
    with pytest.raises(NotPossible):
        asking.answer(asked, Answer.NO, owner, faces)
    assert asking.next_question(owner) is None
    assert not Question.objects.filter(pk=asked.pk).exists()


def test_a_merge_drops_the_question(owner: User, asked: Question, make_face: MakeFace, make_person: MakePerson) -> None:
    other = make_person("", [make_face(4)])
    pair = Question.objects.create(owner=owner, person=asked.person, other=other, similarity=0.4, value=9)
    asking.answer(pair, Answer.YES, owner)
    assert not Question.objects.filter(pk=asked.pk).exists()


def test_the_question_goes_when_the_camps_are_one(owner: User, asked: Question) -> None:
    """New pictures between the two, or other faces: the grouping that looks again drops it."""
    for face in Face.objects.filter(pk__in=asked.camp):
        face.vector = sister(face.pk, of=3, alike=1.0)
        face.save()
    photo = asked.person.faces.first()
    assert photo is not None
    assignments.group(owner.pk)
    assert not Question.objects.exists()


def test_only_faces_that_are_shown_are_loaded(
    owner: User, asked: Question, django_assert_num_queries: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[int] = []
    plain = Face.from_db.__func__  # type: ignore[attr-defined]  # of the class method

    def counted(cls: type[Face], *row: Any) -> Face:
        face: Face = plain(cls, *row)
        loaded.append(face.pk)
        return face

    monkeypatch.setattr(Face, "from_db", classmethod(counted))
    with django_assert_num_queries(2):
        halves.halves(asked)
    assert len(loaded) == 2 * halves.SHOWN
    assert not halves.is_settled(asked)
    assert len(loaded) == 2 * halves.SHOWN


def test_a_confirmed_face_far_down_in_the_camp_settles_it(asked: Question) -> None:
    last = Face.objects.filter(pk__in=asked.camp).order_by("-quality", "pk").last()
    assert last is not None
    Face.objects.filter(pk=last.pk).update(assignment=Face.Assignment.CONFIRMED)
    assert halves.is_settled(asked)


def test_a_second_click_finds_the_question_answered(owner: User, asked: Question) -> None:
    """Both requests have read the question before the first answer to it is through."""
    camp, faces = set(asked.camp), shown(asked)
    again = Question.objects.get(pk=asked.pk)
    asking.answer(asked, Answer.NO, owner, faces)
    with pytest.raises(NotPossible, match="settled already"):
        asking.answer(again, Answer.NO, owner, faces)
    new = Person.objects.exclude(pk=again.person_id).get()
    assert set(new.faces.values_list("pk", flat=True)) == camp
    assert PersonSeparation.objects.count() == 1


@pytest.mark.parametrize("said", [Answer.YES, Answer.NO])
def test_an_answer_confirms_what_was_on_the_page_and_no_others(
    owner: User, asked: Question, make_face: MakeFace, said: Answer
) -> None:
    """Better faces came after the page was shown; one that it showed left."""
    faces = shown(asked)
    gone = faces[-1]
    Face.objects.filter(pk=gone.pk).update(person=None, assignment=Face.Assignment.NONE)
    make_face(vector=sister(50, of=3, alike=1.0), quality=1.0, person=asked.person)
    asking.answer(asked, said, owner, faces)
    confirmed = set(Face.objects.filter(assignment=Face.Assignment.CONFIRMED).values_list("pk", flat=True))
    seen = {face.pk for face in faces} - {gone.pk}
    assert confirmed == (seen if said == Answer.YES else seen & set(asked.camp))


@pytest.mark.parametrize("said", [Answer.YES, Answer.NO])
def test_nothing_is_confirmed_that_no_page_showed(owner: User, asked: Question, said: Answer) -> None:
    with pytest.raises(NotPossible, match="have changed since"):
        asking.answer(asked, said, owner)
    assert not Face.objects.filter(assignment=Face.Assignment.CONFIRMED).exists()


def test_the_history_counts_the_faces_that_go(owner: User, asked: Question) -> None:
    faces, camp = shown(asked), sorted(asked.camp)
    unseen = sorted(set(camp) - {face.pk for face in faces})
    Face.objects.filter(pk=unseen[0]).update(person=None, assignment=Face.Assignment.NONE)
    solved = asking.answer(asked, Answer.NO, owner, faces)
    assert solved.activity is not None
    assert solved.activity.detail["count"] == HERS - 1
    assert str(unseen[0]) not in solved.activity.detail["change"]["faces"]


def test_a_camp_that_is_turned_around_has_only_faces_that_were_compared(
    owner: User, sisters: Callable[..., Person], make_face: MakeFace
) -> None:
    """Somebody confirmed one of hers, so that the others would go; but not a face of which nothing is known."""
    anna = sisters("Anna")
    Face.objects.filter(pk__in=sorted(hers(anna))[:1]).update(assignment=Face.Assignment.CONFIRMED)
    unknown = make_face(vector=b"", person=anna, quality=0.9)
    assignments.group(owner.pk)
    question = asking.next_question(owner)
    assert question is not None
    assert unknown.pk in set(anna.faces.values_list("pk", flat=True))
    assert len(question.camp) == OWN
    assert unknown.pk not in question.camp
