"""What was done in the own library, and taking it back."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.errors import HttpError

from accounts.models import Activity
from albums import actions as albums
from api.auth import ApiRequest, allowed
from api.schemas.base import RowId, answers
from api.schemas.curation import ChangeList, ChangeOut
from people import history as people
from photos import bulk, comments, resolving, stacks
from tags import tree as tags

router = Router(tags=["Changes"])
PAGE = 100

REFUSED = (albums.NotPossible, tags.NotPossible, comments.NotAllowed, people.CannotUndo)
BY_TARGET: dict[str, Callable[[Activity], Any]] = {
    bulk.TARGET: bulk.undo, stacks.TARGET: stacks.undo, resolving.TARGET: resolving.undo,
}  # fmt: skip


@router.get("", response=answers(ChangeList), auth=allowed("read"), summary="What was done")
def changes(
    request: ApiRequest, cursor: str = Query("", pattern=r"^[0-9]{0,18}$", description="`next` of the page before.")
) -> dict[str, Any]:
    """In the own library, by whoever may, the newest first."""
    rows = Activity.objects.filter(owner=request.user).select_related("actor").order_by("-pk")
    page = list((rows.filter(pk__lt=int(cursor)) if cursor else rows)[: PAGE + 1])
    return {
        "changes": [described(activity) for activity in page[:PAGE]],
        "next": str(page[PAGE - 1].pk) if len(page) > PAGE else None,
    }


@router.post("/{change}/undo", response=answers(ChangeOut), auth=allowed("edit"), summary="Take a change back")
def undo_change(request: ApiRequest, change: RowId) -> dict[str, Any]:
    """What was changed again since stays. 409 where it cannot be taken back, or was already."""
    activity = get_object_or_404(Activity, owner=request.user, pk=change)
    undo = undo_of(activity, request)
    if undo is None or activity.undone_at:
        raise HttpError(409, "This was undone already." if activity.undone_at else "This cannot be undone.")
    try:
        undo(activity)
    except REFUSED as error:
        raise HttpError(409, str(error)) from error
    activity.refresh_from_db()
    return described(activity)


def undo_of(activity: Activity, request: ApiRequest | None = None) -> Callable[[Activity], Any] | None:
    """How it is taken back; None where it is not."""
    if activity.verb in albums.UNDO:
        return albums.undo
    if activity.verb == "comments.removed":
        return comments.undo_removal
    if activity.verb.startswith("people.") and activity.detail.get("change") is not None:
        return lambda one: people.undo(one, request.user) if request else None
    if activity.verb.startswith("tags.") and "tags" in activity.detail:
        return tags.undo
    return BY_TARGET.get(activity.target_type)


def described(activity: Activity) -> dict[str, Any]:
    """A change as the API has it."""
    return {
        "id": activity.pk,
        "verb": activity.verb,
        "by": activity.actor.username if activity.actor else None,
        "at": activity.at,
        "undone_at": activity.undone_at,
        "can_undo": activity.undone_at is None and undo_of(activity) is not None,
    }
