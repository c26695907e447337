"""Responses to changes of many photos: a toast that shows the progress and can undo the change."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Activity
from mirage.web.answers import Undo, report, show_toast
from mirage.web.htmx import HtmxHttpRequest, trigger
from photos.editing import bulk
from photos.editing.edits import Turn

EDITED = "photos:edited"  # the event at which everything that shows photos reloads
TURNED = "photos:turned"  # the one at which the open photo does
TOAST = "photos/editing/_edit_toast.html"


def change_context(activity: Activity) -> dict[str, Any]:
    """The context for the toast."""
    progress = bulk.progress_of(activity)
    told = bulk.unpack(activity.detail["change"]).sentence(progress.changed)
    return {"activity": activity, "progress": progress, "told": told}


def events_of(activity: Activity) -> dict[str, Any]:
    """The events that tell the page of a change, or of its undo."""
    turned = isinstance(bulk.unpack(activity.detail["change"]), Turn)
    return {EDITED: {}} | ({TURNED: {}} if turned else {})


def report_change(request: HtmxHttpRequest, text: str, activity: Activity, *, home: str, event: str) -> HttpResponse:
    """Report a change made in a dialog, and close the dialog. Without HTMX the next page shows `text`."""
    if not request.htmx:
        return report(request, text, home=home, undo=Undo(reverse("photos:undo", args=[activity.pk])))
    response = show_toast(request, TOAST, change_context(activity))
    return trigger(response, **{event: {}, "dialog:done": {}})
