"""Actions on chosen photos: favourite, archive, trash, restore, and deletion for good."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.activity import record
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest
from mirage.wording import subject
from photos.access import chosen_keys, photos_by_keys
from photos.editing import actions
from photos.storage import deletion


@require_POST
def act(request: HtmxHttpRequest, action: str) -> HttpResponse:
    """Apply one of ACTIONS to the chosen photos. The response is a toast that can undo it."""
    if action not in actions.ACTIONS:
        raise Http404(f"no action {action}")
    chosen = actions.ACTIONS[action]
    changed = actions.perform(request.user, chosen_keys(request.POST), chosen)
    if not changed:
        return report(request, "Nothing to change")
    if "undo" in request.POST:
        return report(request, "Undone")
    undo = Undo(reverse("photos:selection", args=[chosen.undo]), ",".join(changed), chosen.undo)
    return report(request, f"{subject(len(changed))} {chosen.told}", undo=undo)


@require_POST
def delete(request: HtmxHttpRequest) -> HttpResponse:
    """Delete chosen photos of the trash for good, with their files. Asks first."""
    keys = chosen_keys(request.POST)
    if "confirmed" not in request.POST:
        question = f"Delete {subject(len(keys)).lower()} for good?"
        return confirm(request, question, "Delete for good", ",".join(keys))
    count = sum(deletion.delete(batch.trashed()) for batch in photos_by_keys(request.user, keys))
    record("deleted photos", request, subject=subject(count))
    return report(request, f"{subject(count)} deleted for good")


@require_POST
def empty_trash(request: HtmxHttpRequest) -> HttpResponse:
    """Delete everything in the user's trash for good. Asks first."""
    if "confirmed" not in request.POST:
        return confirm(request, "Empty the trash?", "Empty the trash")
    count = deletion.empty_trash(request.user)
    record("emptied the trash", request, subject=subject(count))
    state = "being deleted for good" if count > deletion.AT_ONCE else "deleted for good"
    return report(request, f"{subject(count)} {state}")


def confirm(request: HtmxHttpRequest, question: str, yes: str, keys: str = "", text: str = "") -> HttpResponse:
    """The question as a page, for browsers without JavaScript. Otherwise dialogs.js asks it."""
    context = {"question": question, "yes": yes, "keys": keys, "text": text, "next": request.POST.get("next", "")}
    return render(request, "photos/editing/confirm.html", context)
