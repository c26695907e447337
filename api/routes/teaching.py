"""Teaching tags: which can be taught, the most useful question, answers, and tags that apply themselves."""

from typing import Any

from django.utils.translation import gettext as _
from ninja import Router

from api.auth import ApiRequest, allowed
from api.schemas.base import RowId, answers
from api.schemas.tags import Answer, TaughtList, TaughtOut, Threshold
from mirage.refusals import NotPossible
from photos.access import photo_or_404
from photos.models import Photo
from tags import teaching
from tags.access import tag_or_404
from tags.models import Tag, TaughtTag

router = Router(tags=["Teaching"])
MOST = 1_000


@router.get("", response=answers(TaughtList), auth=allowed("read"), summary="List tags that can be taught")
def taught_tags(request: ApiRequest) -> dict[str, Any]:
    """Those on most photos first."""
    told = [
        {
            "id": row.tag.pk,
            "path": row.tag.path,
            "photos": row.tag.given,
            "missing": row.missing,
            "apply_above": row.taught.apply_above if row.taught else None,
        }
        for row in teaching.overview(request.user, MOST)
    ]
    return {"tags": told}


@router.get("/{tag}", response=answers(TaughtOut), auth=allowed("read"), summary="The next question")
def question(request: ApiRequest, tag: RowId) -> dict[str, Any]:
    """The photo whose answer teaches most. null if nothing is worth asking, or too few photos have the tag."""
    return described(tag_or_404(request.user, tag))


@router.post("/{tag}/answers", response=answers(TaughtOut), auth=allowed("edit"), summary="Answer a question")
def answer_question(request: ApiRequest, tag: RowId, body: Answer) -> dict[str, Any]:
    """`yes` adds the tag, `no` rejects it for good, `skip` asks later. Returns the next question."""
    found = tag_or_404(request.user, tag)
    teaching.answer(found, photo_or_404(request.user, body.photo), body.said, request.user, body.probability)
    return described(found)


@router.post("/{tag}/undo", response=answers(TaughtOut), auth=allowed("edit"), summary="Undo the last answer")
def undo_answer(request: ApiRequest, tag: RowId) -> dict[str, Any]:
    """Its photo may be asked about again. Without an answer nothing happens."""
    found = tag_or_404(request.user, tag)
    teaching.undo_answer(found)
    return described(found)


@router.put("/{tag}/threshold", response=answers(TaughtOut), auth=allowed("edit"), summary="Let a tag apply itself")
def set_threshold(request: ApiRequest, tag: RowId, body: Threshold) -> dict[str, Any]:
    """To photos with at least this probability; null: to none."""
    found = tag_or_404(request.user, tag)
    taught = TaughtTag.objects.filter(tag=found).first()
    if taught is None:
        raise NotPossible(_("This tag has not learned enough yet."))
    if body.above is not None and body.above not in teaching.STEPS:
        raise NotPossible(
            _("above: one of %(steps)s, or null.") % {"steps": ", ".join(f"{step:g}" for step in teaching.STEPS)}
        )
    teaching.set_threshold(taught, body.above)
    return described(found)


def described(tag: Tag) -> dict[str, Any]:
    """What was learned about a tag, and the next question."""
    told: dict[str, Any] = {"id": tag.pk, "path": tag.path, "missing": 0, "yes": 0, "no": 0, "steps": []}
    told |= {"apply_above": None, "photo": None, "probability": None}
    try:
        taught = teaching.up_to_date(tag)
    except teaching.TooFew as error:
        by_name = Photo.objects.filter(pk__in=teaching.likely_by_name(tag)[:1]).first()
        return told | {"missing": error.missing, "photo": by_name}
    found = teaching.candidates(taught)
    asked = teaching.most_useful(found, len(taught.judged))
    if asked:
        told |= {"photo": Photo.objects.get(pk=asked.photo_id), "probability": asked.probability}
    steps = [
        {"above": step.above, "asked": step.asked, "right": step.right, "more": step.more}
        for step in teaching.steps(taught, found)
    ]
    return told | {"yes": taught.yes, "no": taught.no, "apply_above": taught.apply_above, "steps": steps}
