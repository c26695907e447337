"""What the pages of people answer to an action: a toast that can undo it, and the word to refresh what is shown."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, retarget

from accounts.models import Activity
from mirage.web.htmx import HtmxHttpRequest, trigger

CHANGED = "people:changed"  # the event at which the parts of a page that show people fetch themselves again


def told(request: HtmxHttpRequest, text: str, *activities: Activity) -> HttpResponse:
    """Report what was done: as a toast, or on the page that the form came from. Its Undo takes all activities back."""
    undo_url = reverse("people:undo", args=[activities[-1].pk]) if activities else ""
    if len(activities) > 1:
        undo_url += f"?and={','.join(str(activity.pk) for activity in activities[-2::-1])}"
    toast = {"text": text, "undo_url": undo_url}
    if request.htmx:
        return trigger(_toast(request, toast), **{CHANGED: {}})
    messages.success(request, render_to_string("includes/toast.html", toast, request), extra_tags="html")
    return redirect(next_page(request))


def refused(request: HtmxHttpRequest, reason: object) -> HttpResponse:
    """Say why it was not done."""
    if request.htmx:
        return _toast(request, {"text": str(reason), "tone": "error"}, status=422)
    messages.error(request, str(reason))
    return redirect(next_page(request))


def _toast(request: HtmxHttpRequest, toast: dict[str, str], status: int = 200) -> HttpResponse:
    response = render(request, "includes/toast.html", toast, status=status)
    return reswap(retarget(response, "#toasts"), "beforeend")


def next_page(request: HtmxHttpRequest) -> str:
    """Where the form says to go on; people's page where it says nothing or another site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else reverse("people:people")


def listed(form: QueryDict, name: str) -> list[str]:
    """The values of a field that holds many, separated by commas or repeated, each once and in order."""
    values = (value.strip() for field in form.getlist(name) for value in field.split(","))
    return list(dict.fromkeys(value for value in values if value))


def numbers(form: QueryDict, name: str) -> list[int]:
    """Those of the field's values that are numbers of rows."""
    return [int(value) for value in listed(form, name) if value.isascii() and value.isdigit() and len(value) < 19]
