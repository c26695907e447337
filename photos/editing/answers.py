"""How views answer a change of many photos: a toast that shows how far it is, and can undo it."""

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
    """What the toast says of a change."""
    told = bulk.unpack(activity.detail["change"]).told
    return {"activity": activity, "progress": bulk.progress_of(activity), "told": told}


def report_change(request: HtmxHttpRequest, text: str, activity: Activity, *, home: str, event: str) -> HttpResponse:
    """Report a change from a dialog, which closes; without HTMX `text` reports it on the next page."""
    if not request.htmx:
        return report(request, text, home=home, undo=Undo(reverse("photos:undo", args=[activity.pk])))
    response = show_toast(request, TOAST, change_context(activity))
    return trigger(response, **{event: {}, "dialog:done": {}})
