"""Stacks: several photos shown as one tile."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.errors import HttpError

from accounts.models import Activity
from api.auth import ApiRequest, allowed
from api.schemas.base import Key, Keys, answers
from api.schemas.curation import StackChange
from mirage.wording import number_in_words
from photos.access import photo_or_404, photos_of, with_keys
from photos.gallery.stacking import stacks
from photos.models import Stack

router = Router(tags=["Stacks"])


@router.post("/stacks", response=answers(StackChange, 201), auth=allowed("edit"), summary="Stack photos")
def make_stack(request: ApiRequest, body: Keys) -> Status[Any]:
    """At least two photos of yours. They leave the stacks they were in."""
    photos = list(with_keys(photos_of(request.user), body.keys).present().select_related("stack"))
    if not 1 < len(photos) <= stacks.MOST:
        raise HttpError(422, _("A stack holds 2 to %(most)s photos of yours.") % {"most": number_in_words(stacks.MOST)})
    made = stacks.stack_chosen(request.user, photos, request.user)
    return Status(201, changed(made, photos[0].key, request))


@router.delete("/photos/{key}/stack", response=answers(StackChange), auth=allowed("edit"), summary="Take a stack apart")
def take_apart(request: ApiRequest, key: Key) -> dict[str, Any]:
    """The stack of this photo. Mirage does not stack these photos again by itself."""
    return changed(stacks.unstack(stack_of(request, key), request.user), key, request)


@router.put(
    "/photos/{key}/stack/cover", response=answers(None, 204), auth=allowed("edit"), summary="Set the cover of a stack"
)
def set_stack_cover(request: ApiRequest, key: Key) -> Status[None]:
    """The photo becomes the cover of its stack."""
    stack = stack_of(request, key)
    stack.cover = photo_or_404(request.user, key)
    stack.save(update_fields=["cover"])
    return Status(204, None)


def stack_of(request: ApiRequest, key: str) -> Stack:
    """The stack of the user's photo."""
    stack = photo_or_404(request.user, key).stack
    if stack is None:
        raise Http404("not in a stack")
    return stack


def changed(activity: Activity, key: str, request: ApiRequest) -> dict[str, Any]:
    """What was done, and the photos that are now in the stack of this photo."""
    stack = photo_or_404(request.user, key).stack
    keys = list(stack.photos.order_by("taken_at", "pk").values_list("key", flat=True)) if stack else []
    return {"change": activity.pk, "cover": stack.cover.key if stack and stack.cover else None, "keys": keys}
