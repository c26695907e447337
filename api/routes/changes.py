"""The history of the library, and undo."""

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


@router.get("", response=answers(ChangeList), auth=allowed("read"), summary="The history")
def changes(
    request: ApiRequest,
    cursor: str = Query("", pattern=r"^[0-9]{0,18}$", description="The `next` of the previous page."),
) -> dict[str, Any]:
    """What was done in your library, by anybody, newest first."""
    rows = history.of(request.user).select_related("actor")
    page, last = first_page(rows.filter(pk__lt=int(cursor)) if cursor else rows, PAGE)
    return {"changes": list(map(described, history.told(page))), "next": str(last.pk) if last else None}


@router.post("/{change}/undo", response=answers(ChangeOut), auth=allowed("edit"), summary="Undo a change")
def undo_change(request: ApiRequest, change: RowId) -> dict[str, Any]:
    """What was changed again since then stays. 409 if the change cannot be undone or was undone already."""
    activity = get_object_or_404(Activity, owner=request.user, pk=change)
    try:
        undoing.undo(activity, request.user)
    except NotPossible as error:
        raise HttpError(409, str(error)) from error
    return described(*history.told([activity]))


def described(action: history.Action) -> dict[str, Any]:
    """A change as the API returns it."""
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
