"""Stacks: stacking chosen photos, unstacking, choosing the cover."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import undoing
from accounts.models import Activity
from mirage.refusals import NotPossible
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest
from mirage.wording import number_in_words
from photos.access import chosen_keys, photo_or_404, photos_by_keys
from photos.gallery.stacking import stacks

RESTACKED = "photos:restacked"  # the event at which lists reload


@require_POST
def stack(request: HtmxHttpRequest) -> HttpResponse:
    """Stack the chosen photos. The response is a toast that can undo it."""
    batches = photos_by_keys(request.user, chosen_keys(request.POST))
    photos = [photo for batch in batches for photo in batch.present().select_related("stack")]
    if len(photos) < 2:
        raise NotPossible(_("Choose at least two photos."))
    if len(photos) > stacks.MOST:
        raise NotPossible(_("A stack can hold at most %(most)s photos.") % {"most": number_in_words(stacks.MOST)})
    activity = stacks.stack_chosen(request.user, photos, request.user)
    words = ngettext("%(number)s photo stacked", "%(number)s photos stacked", len(photos))
    return report_stacking(request, words % {"number": number_in_words(len(photos))}, activity)


@require_POST
def unstack(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Take the photo's stack apart."""
    stack = photo_or_404(request.user, key).stack
    if stack is None:
        return report(request, _("Nothing to change"))
    return report_stacking(request, _("Unstacked"), stacks.unstack(stack, request.user))


@require_POST
def cover(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Make the photo the cover of its stack."""
    photo = photo_or_404(request.user, key)
    if photo.stack:
        photo.stack.cover = photo
        photo.stack.save(update_fields=["cover"])
    return report(request, _("This photo is now the cover of the stack"), event=RESTACKED)


@require_POST
def undo(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Undo stacking or unstacking."""
    activity = get_object_or_404(Activity, pk=pk, owner=request.user, target_type=stacks.TARGET)
    undoing.undo(activity, request.user)
    return report(request, _("Undone"), event=RESTACKED)


def report_stacking(request: HtmxHttpRequest, text: str, activity: Activity) -> HttpResponse:
    """A toast with an undo button."""
    return report(request, text, event=RESTACKED, undo=Undo(reverse("photos:undo_stack", args=[activity.pk])))
