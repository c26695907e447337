"""The review queue: the question whose answer is worth most comes first. Answers apply at once and can be undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Activity, User
from mirage.refusals import NotPossible
from people import actions, records
from people.grouping import constraints
from people.models import Face, FaceRejection, Person, PersonSeparation, Question
from people.review import halves
from people.review.questions import worth
from photos import pipeline

VERBS = (*("people.confirm", "people.reject", "people.merge", "people.separate", "people.split", "people.not_a_face"),)


class Answer(StrEnum):
    """The answers to "Is this Anna?" and to "Are these two the same person?"."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not-sure"
    NOT_A_FACE = "not-a-face"


@dataclass(frozen=True, slots=True)
class Solved:
    """What an answer did: how many faces it gave to somebody, and the action to undo (None for "not sure")."""

    faces: int
    activity: Activity | None


def questions_of(user: User) -> QuerySet[Question]:
    """The user's open questions, most valuable first, those about poor faces last.

    Questions that were settled in another way are left out.
    """
    separated = PersonSeparation.objects.filter(
        Q(first=OuterRef("person"), second=OuterRef("other")) | Q(first=OuterRef("other"), second=OuterRef("person"))
    )
    rejected = FaceRejection.objects.filter(face=OuterRef("face"), person=OuterRef("person"))
    return (
        Question.objects.filter(owner=user, skipped_at=None, person__merged_into=None, person__hidden=False)
        .filter(
            Q(face__person=None, face__not_a_face=False, face__photo__trashed_at=None)
            | Q(other__merged_into=None, other__hidden=False, face=None)
        )
        .exclude(Exists(separated))
        .exclude(Exists(rejected))
        .select_related("person__cover__photo", "face__photo", "other__cover__photo")
        .order_by("poor", "-value", "-id")
    )


def next_question(user: User, first: int = 0) -> Question | None:
    """The question to ask now, or the one with this id. One about two camps that was settled meanwhile is dropped."""
    questions = questions_of(user)
    question = questions.filter(pk=first).first() or questions.first()
    while question is not None and halves.is_of_halves(question) and halves.is_settled(question):
        question.delete()
        question = questions.first()
    return question


@transaction.atomic
def answer(question: Question, said: Answer, by: User, faces: Sequence[Face] = ()) -> Solved:
    """Apply an answer, to the `faces` that were seen where one person may be two.

    Raises NotPossible if the question does not have that answer, or has one already: a second click finds it gone.
    """
    constraints.lock(question.owner_id)
    if not Question.objects.filter(pk=question.pk).exists():
        raise NotPossible(_("This question was settled already."))
    if said == Answer.NOT_SURE:
        question.skipped_at = timezone.now()
        question.save(update_fields=["skipped_at"])
        return Solved(0, None)
    if question.face is not None:
        solved = _answer_face(question, question.face, said, by)
    elif question.other is not None:
        solved = _answer_people(question, question.other, said, by, faces)
    assert solved.activity is not None
    solved.activity.detail["question"] = _kept(question)
    solved.activity.save(update_fields=["detail"])
    Question.objects.filter(pk=question.pk).delete()
    return solved


def revert(activity: Activity, by: User) -> None:
    """Undo an action; if it was an answer, its question is asked again."""
    records.revert(activity, by)
    if kept := activity.detail.get("question"):
        people = {kept["person_id"], *([kept["other_id"]] if kept["other_id"] else [])}
        there = Person.objects.filter(pk__in=people).count() == len(people)
        if there and (kept["face_id"] is None or Face.objects.filter(pk=kept["face_id"]).exists()):
            Question.objects.bulk_create([Question(owner=activity.owner, **kept)], ignore_conflicts=True)
        weigh_again(people)


def _answer_face(question: Question, face: Face, said: Answer, by: User) -> Solved:
    """Is this face this person?"""
    match said:
        case Answer.YES:
            activity = actions.confirm([face], question.person, by)
            face.questions.exclude(pk=question.pk).delete()
            weigh_again([question.person_id])
        case Answer.NO:
            activity = actions.reject([face], question.person, by)
        case _:
            activity = actions.mark_not_a_face([face], by)
    pipeline.demand("clusters", [face.photo_id])
    return Solved(int(said == Answer.YES), activity)


def _answer_people(question: Question, other: Person, said: Answer, by: User, faces: Sequence[Face]) -> Solved:
    """Are these two the same person? The named one stays, or else the larger."""
    if said not in {Answer.YES, Answer.NO}:
        raise NotPossible(_("This answer fits a single face only."))
    if halves.is_of_halves(question):
        return Solved(0, halves.answer(question, faces, by, one=said == Answer.YES))
    if said == Answer.NO:
        return Solved(0, actions.separate(question.person, other, by))
    target, gone = question.person, other
    if gone.name and not target.name:
        target, gone = gone, target
    count = gone.faces.count()
    activity = actions.merge(target, [gone], by)
    redirect(gone, target)
    return Solved(count, activity)


def redirect(gone: Person, target: Person) -> None:
    """Questions about a merged person become questions about the one that remains."""
    Question.objects.filter(person=F("other"), person__in=[gone, target]).delete()
    of_person = Question.objects.filter(person=gone)
    of_other = Question.objects.filter(other=gone)
    asked = Question.objects.filter(person=target)
    of_person.filter(Q(face__in=asked.values("face")) | Q(other__in=asked.values("other")) | Q(other=target)).delete()
    of_other.filter(Q(person=target) | Q(person__in=Question.objects.filter(other=target).values("person"))).delete()
    of_person.update(person=target)
    of_other.update(other=target)
    weigh_again([target.pk])


def weigh_again(people: Iterable[int]) -> None:
    """Update the value of questions about these people, whose numbers of faces have changed."""
    concerned = Question.objects.filter(Q(person__in=people) | Q(other__in=people)).exclude(person=F("other"))
    counted = concerned.annotate(quality=Coalesce("face__quality", 1.0)).annotate(
        size=Count("person__faces", distinct=True), others=Count("other__faces", distinct=True)
    )
    rows = list(counted)
    for row in rows:
        row.value = worth(row.chance, max(row.size, 1), max(row.others, 1), row.quality)
    Question.objects.bulk_update(rows, ["value"], batch_size=500)


def recent_answers(user: User) -> QuerySet[Activity]:
    """The user's answers that can be undone, newest first."""
    answers = Activity.objects.filter(owner=user, verb__in=VERBS, detail__has_key="question", undone_at=None)
    return answers.newest_first()


def _kept(question: Question) -> dict[str, Any]:
    names = ("person_id", "face_id", "other_id", "similarity", "chance", "value", "poor", "camp")
    return {name: getattr(question, name) for name in names}
