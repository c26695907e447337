"""How views answer a form or an action, with HTMX and without: a toast, a dialog, or another page.

A toast reports what was done, can undo it, and triggers the event at which the page refreshes itself. Without HTMX the
toast is on the next page.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, retarget

from mirage.web.htmx import HtmxHttpRequest, trigger

TOAST = "includes/toast.html"


@dataclass(frozen=True)
class Undo:
    """The form of a toast's Undo button. For an action on photos it has their keys, and actions.js sends it."""

    url: str
    keys: str = ""  # separated by commas
    action: str = ""


def report(
    request: HtmxHttpRequest,
    text: str,
    *,
    home: str = "",
    event: str = "",
    undo: Undo | None = None,
    leave: bool = False,
) -> HttpResponse:
    """Report what was done, on the page that the form came from, otherwise on `home` or the page of all photos.

    With `leave` the answer always leads to `home`, because the page that the form came from is gone.
    """
    toast = {"text": text, "undo": undo}
    if request.htmx and not leave:
        response = show_toast(request, TOAST, toast)
        return trigger(response, **{event: {}}) if event else response
    messages.success(request, render_to_string(TOAST, toast, request), extra_tags="html")
    return lead_to(request, home) if leave else redirect(next_page(request, home))


def refuse(request: HtmxHttpRequest, reason: object, *, home: str = "") -> HttpResponse:
    """Report why an action was refused, with the status 422."""
    if request.htmx:
        return show_toast(request, TOAST, {"text": str(reason), "tone": "error"}, status=422)
    messages.error(request, str(reason))
    return redirect(next_page(request, home))


def show_toast(request: HtmxHttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Add a toast, even if the form has another target. The answer to an Undo replaces the toast with its button."""
    response = render(request, template, context, status=status)
    return response if "undo" in request.POST else reswap(retarget(response, "#toasts"), "beforeend")


def open_dialog(response: HttpResponse, place: str = "#dialog-place") -> HttpResponse:
    """Let HTMX put the answer where dialogs open, even if the form has another target."""
    return reswap(retarget(response, place), "innerHTML")


def lead_to(request: HtmxHttpRequest, address: str) -> HttpResponse:
    """Redirect to the address, also if HTMX sent the form."""
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def next_page(request: HtmxHttpRequest, home: str = "") -> str:
    """The `next` of the form or the address; without one, or for another site, `home` or the page of all photos."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else home or resolve_url(settings.LOGIN_REDIRECT_URL)
