"""Stacks: make one of chosen photos, take one apart, choose which photo stands for it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import Activity
from mirage.web.htmx import HtmxHttpRequest, trigger
from photos.access import chosen_keys, photo_or_404, photos_by_keys
from photos.gallery import stacks
from photos.views.selection import report

MOST = 1_000  # photos of one stack


@require_POST
def stack(request: HtmxHttpRequest) -> HttpResponse:
    """Stack the chosen photos; the answer is a toast that can undo it."""
    batches = photos_by_keys(request.user, chosen_keys(request.POST))
    photos = [photo for batch in batches for photo in batch.present().select_related("stack")]
    if not 1 < len(photos) <= MOST:
        text = "Choose two photos or more." if len(photos) < 2 else f"A stack holds {MOST:,} photos at most."
        return report(request, {"text": text, "tone": "error"})
    activity = stacks.stack_chosen(request.user, photos, request.user)
    return told(request, f"{len(photos):,} photos stacked", activity)


@require_POST
def unstack(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Take apart the stack that the photo is in."""
    stack = photo_or_404(request.user, key).stack
    if stack is None:
        return report(request, {"text": "Nothing to change"})
    return told(request, "Taken apart", stacks.unstack(stack, request.user))


@require_POST
def cover(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Let the photo stand for its stack."""
    photo = photo_or_404(request.user, key)
    if photo.stack:
        photo.stack.cover = photo
        photo.stack.save(update_fields=["cover"])
    return told(request, "It stands for the stack now")


@require_POST
def undo(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Take stacking or unstacking back."""
    activity = get_object_or_404(Activity, pk=pk, owner=request.user, target_type=stacks.TARGET)
    stacks.undo(activity)
    return told(request, "Undone")


def told(request: HtmxHttpRequest, text: str, activity: Activity | None = None) -> HttpResponse:
    """A toast that says what was done, and the word to fetch the lists anew."""
    toast = {"text": text}
    if activity:
        toast |= {"post_url": reverse("photos:undo_stack", args=[activity.pk])}
    return trigger(report(request, toast), **{"photos:restacked": {}})
