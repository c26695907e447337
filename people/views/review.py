"""The review queue: one question at a time, each answer applied at once."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import undoing
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.parameters import row_ids
from mirage.wording import number_in_words
from people.access import faces_by_ids
from people.covers import covers, samples
from people.history import what_was_given_up
from people.models import Person, Question
from people.review import asking
from people.review.asking import Answer, Solved
from people.review.halves import SHOWN, halves, is_of_halves, seen

SIDE_BY_SIDE = 6  # faces of each, when two are compared


@require_safe
def queue(request: HtmxHttpRequest) -> HttpResponse:
    """The question with the highest value."""
    return shown(request)


@require_POST
def answer(request: HtmxHttpRequest, question_id: int, said: str) -> HttpResponse:
    """Apply an answer and show the next question. If the question is gone, nothing changes."""
    if said not in set(Answer):
        raise Http404(f"no answer {said}")
    question = asking.questions_of(request.user).filter(pk=question_id).first()
    if question is None:
        return shown(request, note=_("This question was settled already."))
    faces = faces_by_ids(request.user, row_ids(request.POST, "faces"))
    try:
        solved = asking.answer(question, Answer(said), request.user, faces)
    except NotPossible as error:
        return shown(request, note=str(error), status=422)
    given_up = what_was_given_up(*([solved.activity] if solved.activity else []))
    return shown(request, note=f"{outcome(question, Answer(said), solved)} {given_up}".strip())


@require_POST
def undo(request: HtmxHttpRequest) -> HttpResponse:
    """Undo the last answer, and ask that question again."""
    last = asking.recent_answers(request.user).first()
    skipped = Question.objects.filter(owner=request.user, skipped_at__isnull=False).order_by("-skipped_at").first()
    if skipped and skipped.skipped_at and (last is None or skipped.skipped_at > last.at):
        Question.objects.filter(pk=skipped.pk).update(skipped_at=None)
        return shown(request, note=_("Undone. The question is open again."), first=skipped.pk)
    if last is None:
        return shown(request, note=_("There is nothing to undo."))
    try:
        undoing.undo(last, request.user)
    except NotPossible as error:
        return shown(request, note=str(error), status=422)
    kept = {name: last.detail["question"][name] for name in ("person_id", "face_id", "other_id")}
    again = Question.objects.filter(owner=request.user, **kept).first()
    return shown(request, note=_("Undone."), first=again.pk if again else 0)


def shown(request: HtmxHttpRequest, *, note: str = "", first: int = 0, status: int = 200) -> HttpResponse:
    """The next question, or the one with this id; `note` says what the last answer did."""
    questions = asking.questions_of(request.user)
    question = asking.next_question(request.user, first)
    answered = asking.recent_answers(request.user)
    context = {
        "question": question,
        "note": note,
        "left": questions.count(),
        "today": answered.filter(at__date=timezone.localdate()).count(),
        "can_undo": bool(note) or answered.exists(),
        **(sides(question) if question else {}),
    }
    return render_page(request, "people/review/review.html", "people/review/_question.html", context, status=status)


def sides(question: Question) -> dict[str, Any]:
    """What is compared: the face or group in question, and the person."""
    if is_of_halves(question):
        return camps(question)
    person = question.person
    face = question.face or covers([person_of(question)]).get(person_of(question).pk)
    others = [] if question.face else samples(person_of(question), SIDE_BY_SIDE, [face.pk] if face else [])
    known = samples(person, SIDE_BY_SIDE + 1)
    return {
        "asked": face,
        "asked_more": others,
        "size": "marked" if question.face and question.face.photo.faces.count() > 1 else "large",
        "known": known[0] if known else None,
        "known_more": known[1:],
        "is_face": question.face is not None,
    }


def camps(question: Question) -> dict[str, Any]:
    """What is compared where one person may be two."""
    stay, camp = halves(question)
    return {
        "asked": camp[0],
        "asked_more": camp[1:SHOWN],
        "size": "large",
        "known": stay[0],
        "known_more": stay[1:SHOWN],
        "is_face": False,
        "is_halves": True,
        "seen": seen(stay, camp),
    }


def person_of(question: Question) -> Person:
    """The other one of two people."""
    assert question.other is not None
    return question.other


def outcome(question: Question, said: Answer, solved: Solved) -> str:
    """What an answer did, in words."""
    name = question.person.name or (question.other.name if question.other else "")
    match said:
        case Answer.YES if is_of_halves(question):
            return _("Noted: one person.")
        case Answer.YES:
            return added(solved.faces, name)
        case Answer.NO if not question.face:
            return _("Noted: two people.")
        case Answer.NO:
            return _("Noted: not %(name)s.") % {"name": name} if name else _("Noted: not this person.")
        case Answer.NOT_A_FACE:
            return _("Noted: not a face.")
        case _:
            return _("Skipped.")


def added(count: int, name: str) -> str:
    """How many faces somebody was given."""
    sentence = (
        ngettext("%(number)s face added to %(name)s.", "%(number)s faces added to %(name)s.", count)
        if name
        else ngettext("%(number)s face added to this person.", "%(number)s faces added to this person.", count)
    )
    return sentence % {"number": number_in_words(count), "name": name}
