"""Stacks: make one of chosen photos, take one apart, choose which photo stands for it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import undoing
from accounts.models import Activity
from mirage.refusals import NotPossible
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest
from photos.access import chosen_keys, photo_or_404, photos_by_keys
from photos.gallery import stacks

RESTACKED = "photos:restacked"  # the event at which the lists fetch themselves again


@require_POST
def stack(request: HtmxHttpRequest) -> HttpResponse:
    """Stack the chosen photos; the answer is a toast that can undo it."""
    batches = photos_by_keys(request.user, chosen_keys(request.POST))
    photos = [photo for batch in batches for photo in batch.present().select_related("stack")]
    if len(photos) < 2:
        raise NotPossible("Choose two photos or more.")
    if len(photos) > stacks.MOST:
        raise NotPossible(f"A stack holds {stacks.MOST:,} photos at most.")
    activity = stacks.stack_chosen(request.user, photos, request.user)
    return report_stacking(request, f"{len(photos):,} photos stacked", activity)


@require_POST
def unstack(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Take apart the stack that the photo is in."""
    stack = photo_or_404(request.user, key).stack
    if stack is None:
        return report(request, "Nothing to change")
    return report_stacking(request, "Taken apart", stacks.unstack(stack, request.user))


@require_POST
def cover(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Let the photo stand for its stack."""
    photo = photo_or_404(request.user, key)
    if photo.stack:
        photo.stack.cover = photo
        photo.stack.save(update_fields=["cover"])
    return report(request, "It stands for the stack now", event=RESTACKED)


@require_POST
def undo(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Take stacking or unstacking back."""
    activity = get_object_or_404(Activity, pk=pk, owner=request.user, target_type=stacks.TARGET)
    undoing.undo(activity, request.user)
    return report(request, "Undone", event=RESTACKED)


def report_stacking(request: HtmxHttpRequest, text: str, activity: Activity) -> HttpResponse:
    """The toast that says so and can undo it."""
    return report(request, text, event=RESTACKED, undo=Undo(reverse("photos:undo_stack", args=[activity.pk])))
