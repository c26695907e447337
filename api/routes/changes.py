"""What was done in the own library, and taking it back."""

from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.errors import HttpError

from accounts import history, undoing
from accounts.models import Activity
from api.auth import ApiRequest, allowed
from api.schemas.base import RowId, answers
from api.schemas.curation import ChangeList, ChangeOut
from mirage.refusals import NotPossible
from mirage.web.paging import first_page

router = Router(tags=["Changes"])
PAGE = 100


@router.get("", response=answers(ChangeList), auth=allowed("read"), summary="What was done")
def changes(
    request: ApiRequest, cursor: str = Query("", pattern=r"^[0-9]{0,18}$", description="`next` of the page before.")
) -> dict[str, Any]:
    """In the own library, by whoever may, the newest first."""
    rows = history.of(request.user).select_related("actor")
    page, last = first_page(rows.filter(pk__lt=int(cursor)) if cursor else rows, PAGE)
    return {"changes": list(map(described, history.told(page))), "next": str(last.pk) if last else None}


@router.post("/{change}/undo", response=answers(ChangeOut), auth=allowed("edit"), summary="Take a change back")
def undo_change(request: ApiRequest, change: RowId) -> dict[str, Any]:
    """What was changed again since stays. 409 where it cannot be taken back, or was already."""
    activity = get_object_or_404(Activity, owner=request.user, pk=change)
    try:
        undoing.undo(activity, request.user)
    except NotPossible as error:
        raise HttpError(409, str(error)) from error
    return described(*history.told([activity]))


def described(action: history.Action) -> dict[str, Any]:
    """A change as the API has it."""
    activity = action.activity
    return {
        "id": activity.pk,
        "verb": activity.verb,
        "sentence": action.told.sentence,
        "by": activity.actor.username if activity.actor else None,
        "at": activity.at,
        "undone_at": activity.undone_at,
        "can_undo": action.can_undo,
    }
