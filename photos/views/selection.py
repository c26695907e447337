"""Actions on chosen photos: favourite, archive, trash, restore, and deletion for good."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.activity import record
from media.sentences import english_plural
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest
from mirage.wording import number_in_words
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
        return report(request, _("Nothing to change"))
    if "undo" in request.POST:
        return report(request, _("Undone"))
    undo = Undo(reverse("photos:selection", args=[chosen.undo]), ",".join(changed), chosen.undo)
    return report(request, actions.report_of(chosen, len(changed)), undo=undo)


@require_POST
def delete(request: HtmxHttpRequest) -> HttpResponse:
    """Delete chosen photos of the trash for good, with their files. Asks first."""
    keys = chosen_keys(request.POST)
    if "confirmed" not in request.POST:
        question = ngettext("Delete photo for good?", "Delete %(number)s photos for good?", len(keys))
        question %= {"number": number_in_words(len(keys))}
        return confirm(request, question, _("Delete for good"), ",".join(keys))
    count = sum(deletion.delete(batch.trashed()) for batch in photos_by_keys(request.user, keys))
    record("deleted photos", request, subject=for_the_log(count))
    return report(request, deleted(count))


@require_POST
def empty_trash(request: HtmxHttpRequest) -> HttpResponse:
    """Delete everything in the user's trash for good. Asks first."""
    if "confirmed" not in request.POST:
        return confirm(request, _("Empty the trash?"), _("Empty the trash"))
    count = deletion.empty_trash(request.user)
    record("emptied the trash", request, subject=for_the_log(count))
    if count > deletion.AT_ONCE:
        words = ngettext("Photo being deleted for good", "%(number)s photos being deleted for good", count)
        return report(request, words % {"number": number_in_words(count)})
    return report(request, deleted(count))


def deleted(count: int) -> str:
    """That so many photos are gone."""
    words = ngettext("Photo deleted for good", "%(number)s photos deleted for good", count)
    return words % {"number": number_in_words(count)}


def for_the_log(count: int) -> str:
    """How many photos, as the log keeps it."""
    return english_plural("Photo", "%(number)s photos", count)


def confirm(request: HtmxHttpRequest, question: str, yes: str, keys: str = "", text: str = "") -> HttpResponse:
    """The question as a page, for browsers without JavaScript. Otherwise dialogs.js asks it."""
    context = {"question": question, "yes": yes, "keys": keys, "text": text, "next": request.POST.get("next", "")}
    return render(request, "photos/editing/confirm.html", context)
