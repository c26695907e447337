"""Teaching tags: an overview, one question at a time, and the threshold at which a tag applies itself."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page, wants_fragment
from photos.access import photo_or_404
from photos.gallery import looks
from photos.models import Photo
from tags import teaching
from tags.access import tag_or_404
from tags.models import Tag, TaughtTag
from tags.teaching import LEAST_EXAMPLES, Candidate, Said, TooFew

SHOWN_EXAMPLES = 6
MOST_TAGS = 300


@require_safe
def overview(request: HtmxHttpRequest) -> HttpResponse:
    """The user's tags: those that have learned, and how many photos the others still need."""
    context = {
        "rows": teaching.overview(request.user, MOST_TAGS),
        "least": LEAST_EXAMPLES,
        "by_name": looks.can_find(request.user),
    }
    return render_page(request, "tags/teaching.html", "tags/_teaching.html", context)


@require_safe
def review(request: HtmxHttpRequest, tag_id: int) -> HttpResponse:
    """The next question about a tag."""
    return shown(request, tag_or_404(request.user, tag_id))


@require_POST
def answer(request: HtmxHttpRequest, tag_id: int, key: str, said: str) -> HttpResponse:
    """Learn from an answer and ask the next question."""
    tag, photo = tag_or_404(request.user, tag_id), photo_or_404(request.user, key)
    if said not in Said.values:
        raise Http404(f"no answer {said}")
    teaching.answer(tag, photo, said, request.user, probability_in(request.POST.get("probability", "")))
    words = {Said.YES: _("Tagged %(tag)s."), Said.NO: _("Noted: not %(tag)s."), Said.SKIP: _("Skipped.")}
    return done(request, tag, note=words[Said(said)] % {"tag": tag.path})


@require_POST
def undo(request: HtmxHttpRequest, tag_id: int) -> HttpResponse:
    """Undo the last answer, and ask about that photo again."""
    tag = tag_or_404(request.user, tag_id)
    photo = teaching.undo_answer(tag)
    return done(request, tag, note=_("Undone.") if photo else _("There is nothing to undo."), first=photo)


@require_POST
def apply(request: HtmxHttpRequest, tag_id: int) -> HttpResponse:
    """Let the tag apply itself at the probability `above` or more, or not at all."""
    tag = tag_or_404(request.user, tag_id)
    taught = TaughtTag.objects.filter(tag=tag).first()
    if taught is None:
        return done(request, tag, note=_("This tag has not learned enough yet."))
    chosen = [step for step in teaching.STEPS if f"{step:g}" == request.POST.get("above")]
    teaching.set_threshold(taught, chosen[0] if chosen else None)
    if not chosen:
        return done(request, tag, note=_("No longer applies itself."))
    said = _("Applies itself at %(percent)s %% or more.") % {"percent": round(100 * chosen[0])}
    return done(request, tag, note=said)


def done(request: HtmxHttpRequest, tag: Tag, *, note: str, first: Photo | None = None) -> HttpResponse:
    """The next question, or a redirect to it without HTMX."""
    return shown(request, tag, note=note, first=first) if wants_fragment(request) else redirect("teach:tag", tag.pk)


def probability_in(text: str) -> float:
    """The probability that the form was shown with."""
    try:
        return min(max(0.0, float(text)), 1.0)  # in this order, because nan is then 0
    except ValueError:
        return 0.0


def shown(request: HtmxHttpRequest, tag: Tag, *, note: str = "", first: Photo | None = None) -> HttpResponse:
    """The next question, or the one about the photo `first`. `note` reports what the last answer did."""
    yes = teaching.examples_of(tag)[0]
    context: dict[str, Any] = {
        "tag": tag,
        "note": note,
        "examples": Photo.objects.filter(pk__in=yes.order_by("-pk").values("photo")[:SHOWN_EXAMPLES]),
        "today": tag.answers.filter(at__date=timezone.localdate()).exclude(said=Said.SKIP).count(),
        "can_undo": tag.answers.exists(),
    }
    try:
        taught = teaching.up_to_date(tag)
    except TooFew as error:
        context |= {"too_few": str(error), "least": LEAST_EXAMPLES, **asking_by_name(tag, first)}
    else:
        found = teaching.candidates(taught)
        again = next((each for each in found if first is not None and each.photo_id == first.pk), None)
        asked = again or teaching.most_useful(found, len(taught.judged))
        context |= {"taught": taught, "steps": teaching.steps(taught, found), **asking(asked)}
    return render_page(request, "tags/teach.html", "tags/_teach.html", context)


def asking_by_name(tag: Tag, first: Photo | None) -> dict[str, Any]:
    """The photo of the question while there are too few examples: one that looks like what the tag is called."""
    found = teaching.likely_by_name(tag)
    if first is not None and first.pk in found:
        found = [first.pk]
    return {"photo": Photo.objects.get(pk=found[0]), "probability": 0.0} if found else {}


def asking(asked: Candidate | None) -> dict[str, Any]:
    """The photo of the question, and its probability of having the tag."""
    if asked is None:
        return {}
    chance = asked.probability
    return {"photo": Photo.objects.get(pk=asked.photo_id), "probability": chance, "percent": round(100 * chance)}
