"""The questions that grouping leaves: which are worth asking, and which stay or are replaced."""

from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import User
from people.grouping.clusters import Grouping
from people.grouping.units import FOUNDING_QUALITY
from people.models import Face, Person, Question
from people.review import questions
from people.review.questions import worth
from people.tests.conftest import MakeFace, MakePerson
from vision.faces.calibration import Calibration

PLAIN = Calibration(np.zeros(4, np.float32), group=0.42)
LIKELY, UNLIKELY = 0.4, 0.0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((1.0, 1, 1), 1.0),
        ((0.5, 3, 3), 1.5),
        ((1.0, 1000, 1), 2000 / 1001),
        ((1.0, 2, 6), 3.0),
        ((1.0, 6, 2), 3.0),
        ((0.0, 9, 9), 0.0),
    ],
)
def test_what_an_answer_is_expected_to_bring_together(given: tuple[float, int, int], expected: float) -> None:
    assert worth(*given) == pytest.approx(expected)


def test_a_poor_face_counts_in_part() -> None:
    whole = worth(0.5, 4)
    assert worth(0.5, 4, quality=FOUNDING_QUALITY / 2) == pytest.approx(whole / 2)
    assert worth(0.5, 4, quality=FOUNDING_QUALITY) == worth(0.5, 4, quality=1.0) == whole


class World:
    """Anna with four faces, Ben with two, and faces without a person."""

    def __init__(self, owner: User, make_face: MakeFace, make_person: MakePerson) -> None:
        self.owner, self.make_face = owner, make_face
        self.anna = make_person("Anna", [make_face() for _ in range(4)])
        self.ben = make_person("Ben", [make_face() for _ in range(2)])
        self.free = [make_face() for _ in range(2)]

    def renew(self, everything: bool = True, examined: list[Face] | None = None, **found: Any) -> None:
        """Grouping has found this: `faces` as pairs of face and person, `people` as pairs, each with a similarity."""
        ids = np.array(Face.objects.order_by("pk").values_list("pk", flat=True))
        number = {pk: place for place, pk in enumerate(ids.tolist())}
        people = [self.anna.pk, self.ben.pk]
        grouping = Grouping(
            person=np.full(len(ids), -1),
            similarity=np.zeros(len(ids), np.float32),
            faces=[
                (number[face.pk], people.index(person.pk), similarity)
                for face, person, similarity in found.get("faces", [])
            ],
            people=[
                (people.index(one.pk), people.index(other.pk), similarity)
                for one, other, similarity in found.get("people", [])
            ],
            examined=np.array([number[face.pk] for face in examined or []], np.int64),
        )
        questions.renew(self.owner.pk, ids, people, grouping, PLAIN, everything=everything)

    def ask(self, **about: Any) -> Question:
        fields = {"owner": self.owner, "person": self.anna, "similarity": 0.3, "chance": 0.5, "value": 1.0}
        return Question.objects.create(**{**fields, **about})


@pytest.fixture
def world(owner: User, make_face: MakeFace, make_person: MakePerson) -> World:
    return World(owner, make_face, make_person)


def about() -> set[tuple[int, int | None, int | None]]:
    return set(Question.objects.filter(skipped_at=None).values_list("person", "face", "other"))


# --- which are asked -------------------------------------------------------------------------------------------------


def test_a_likely_question_is_kept_with_what_it_rests_on(world: World) -> None:
    face = world.free[0]
    world.renew(faces=[(face, world.anna, LIKELY)])
    question = Question.objects.get()
    chance = PLAIN.chance_of_face(LIKELY, 4)
    assert (question.person, question.face, question.other) == (world.anna, face, None)
    assert (question.similarity, question.chance) == (LIKELY, round(chance, 4))
    assert question.value == round(worth(chance, 4, 1, face.quality), 4)


def test_very_unlikely_pairs_are_not_asked_about(world: World) -> None:
    world.renew(faces=[(world.free[0], world.anna, UNLIKELY)], people=[(world.anna, world.ben, UNLIKELY)])
    assert not Question.objects.exists()


def test_the_larger_of_two_people_is_named_first(world: World) -> None:
    world.renew(people=[(world.ben, world.anna, LIKELY)])
    question = Question.objects.get()
    assert (question.person, question.other, question.face) == (world.anna, world.ben, None)
    assert question.chance == round(PLAIN.chance_of_people(LIKELY, 4, 2), 4)


def test_the_lower_id_is_named_first_if_both_are_as_large(world: World) -> None:
    for face in Face.objects.filter(person=world.anna)[:2]:
        face.delete()
    world.renew(people=[(world.ben, world.anna, LIKELY)])
    assert Question.objects.get().person == world.anna


@pytest.mark.parametrize("why", ["taken", "no face", "hidden", "merged"])
def test_what_was_decided_meanwhile_is_not_asked(world: World, why: str) -> None:
    face = world.free[0]
    match why:
        case "taken":
            Face.objects.filter(pk=face.pk).update(person=world.ben, assignment="confirmed")
        case "no face":
            Face.objects.filter(pk=face.pk).update(not_a_face=True)
        case "hidden":
            Person.objects.filter(pk=world.anna.pk).update(hidden=True)
        case "merged":
            Person.objects.filter(pk=world.anna.pk).update(merged_into=world.ben)
    people = [] if why in ("taken", "no face") else [(world.anna, world.ben, LIKELY)]
    world.renew(faces=[(face, world.anna, LIKELY)], people=people)
    assert not Question.objects.exists()


def test_only_the_most_valuable_questions_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MOST", 1)
    first, second = world.free
    world.renew(faces=[(first, world.anna, 0.3), (second, world.anna, LIKELY)])
    assert Question.objects.get().face == second


# --- which stay ------------------------------------------------------------------------------------------------------


def test_older_questions_go_after_everything_was_looked_at(world: World) -> None:
    world.ask(face=world.free[1])
    world.renew(faces=[(world.free[0], world.anna, LIKELY)])
    assert about() == {(world.anna.pk, world.free[0].pk, None)}


def test_questions_about_what_was_not_looked_at_stay(world: World) -> None:
    looked_at, other = world.free
    world.ask(face=looked_at)
    world.ask(face=other)
    world.ask(other=world.ben)
    world.renew(everything=False, examined=[looked_at])
    assert about() == {(world.anna.pk, other.pk, None), (world.anna.pk, None, world.ben.pk)}


def test_people_who_were_compared_again_get_a_new_question_in_either_order(world: World) -> None:
    old = world.ask(person=world.ben, other=world.anna)
    world.renew(everything=False, people=[(world.anna, world.ben, LIKELY)])
    question = Question.objects.get()
    assert question.pk != old.pk
    assert (question.person, question.other) == (world.anna, world.ben)


def test_a_question_that_is_there_is_not_asked_twice(world: World) -> None:
    kept = world.ask(face=world.free[0])
    world.renew(everything=False, faces=[(world.free[0], world.anna, LIKELY)])
    assert Question.objects.get() == kept


@pytest.mark.parametrize("everything", [True, False])
def test_what_was_answered_not_sure_is_not_asked_again(world: World, everything: bool) -> None:
    face = world.free[0]
    world.ask(face=face, skipped_at=timezone.now())
    world.ask(person=world.ben, other=world.anna, skipped_at=timezone.now())
    world.renew(
        everything=everything,
        faces=[(face, world.anna, LIKELY), (face, world.ben, LIKELY)],
        people=[(world.anna, world.ben, LIKELY)],
    )
    assert about() == {(world.ben.pk, face.pk, None)}
    assert Question.objects.filter(skipped_at__isnull=False).count() == 2


def test_another_owners_questions_stay(world: World, stranger: User) -> None:
    theirs = Person.objects.create(owner=stranger)
    question = Question.objects.create(
        owner=stranger, person=theirs, other=Person.objects.create(owner=stranger), similarity=0.3, value=1
    )
    world.renew()
    assert list(Question.objects.all()) == [question]
