"""How views answer a form or an action, with HTMX and without: a toast, a dialog, or another page.

A toast reports what was done, can undo it, and names the event at which the page shows the change. Without HTMX the
next page shows it.
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
    """The form behind a toast's Undo. Of an action on chosen photos it has their keys, and actions.js sends it."""

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
    """Report what was done, on the page that the form came from, else on `home` or the page of all photos.

    With `leave` the answer leads to `home` in any case, because the page that the form came from is gone.
    """
    toast = {"text": text, "undo": undo}
    if request.htmx and not leave:
        response = show_toast(request, TOAST, toast)
        return trigger(response, **{event: {}}) if event else response
    messages.success(request, render_to_string(TOAST, toast, request), extra_tags="html")
    return lead_to(request, home) if leave else redirect(next_page(request, home))


def refuse(request: HtmxHttpRequest, reason: object, *, home: str = "") -> HttpResponse:
    """Say why it was not done, with the status 422."""
    if request.htmx:
        return show_toast(request, TOAST, {"text": str(reason), "tone": "error"}, status=422)
    messages.error(request, str(reason))
    return redirect(next_page(request, home))


def show_toast(request: HtmxHttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A toast beside the others, wherever the form wanted its answer; that of an Undo takes the place of its toast."""
    response = render(request, template, context, status=status)
    return response if "undo" in request.POST else reswap(retarget(response, "#toasts"), "beforeend")


def open_dialog(response: HttpResponse, place: str = "#dialog-place") -> HttpResponse:
    """Let HTMX put the answer where dialogs open, wherever the form wanted it."""
    return reswap(retarget(response, place), "innerHTML")


def lead_to(request: HtmxHttpRequest, address: str) -> HttpResponse:
    """Go on at the address, also where HTMX sent the form."""
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def next_page(request: HtmxHttpRequest, home: str = "") -> str:
    """Where the form or the address says to go on; else, or for another site, `home` or the page of all photos."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else home or resolve_url(settings.LOGIN_REDIRECT_URL)
