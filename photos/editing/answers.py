"""How views answer a change of many photos: with a toast that shows its progress and can undo it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from accounts.models import Activity
from mirage.web.answers import Undo, report, show_toast
from mirage.web.htmx import HtmxHttpRequest, trigger
from photos.editing import bulk

EDITED = "photos:edited"  # the event at which what shows photos fetches itself again
TOAST = "photos/editing/_edit_toast.html"


def change_context(activity: Activity) -> dict[str, Any]:
    """What the toast needs to show a change."""
    told = bulk.unpack(activity.detail["change"]).told
    return {"activity": activity, "progress": bulk.progress_of(activity), "told": told}


def report_change(request: HtmxHttpRequest, text: str, activity: Activity, *, home: str, event: str) -> HttpResponse:
    """Report a change made in a dialog, and close the dialog. Without HTMX the next page shows `text`."""
    if not request.htmx:
        return report(request, text, home=home, undo=Undo(reverse("photos:undo", args=[activity.pk])))
    response = show_toast(request, TOAST, change_context(activity))
    return trigger(response, **{event: {}, "dialog:done": {}})
