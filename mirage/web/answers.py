"""What a page answers to an action: a toast that can undo it, and the event at which the page shows the change."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, retarget

from mirage.web.htmx import HtmxHttpRequest, trigger


def told(
    request: HtmxHttpRequest, text: str, *, home: str, event: str = "", undo_url: str = "", leave: bool = False
) -> HttpResponse:
    """Report what was done: as a toast, or on the page that the form came from, else on `home`.

    With `leave` on `home` in any case: the page that the form came from is no more.
    """
    toast = {"text": text, "undo_url": undo_url}
    if request.htmx and not leave:
        response = show(request, toast)
        return trigger(response, **{event: {}}) if event else response
    messages.success(request, render_to_string("includes/undo_toast.html", toast, request), extra_tags="html")
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": home})
    return redirect(home if leave else next_page(request, home))


def refused(request: HtmxHttpRequest, reason: object, *, home: str) -> HttpResponse:
    """Say why it was not done."""
    if request.htmx:
        return show(request, {"text": str(reason), "tone": "error"}, status=422)
    messages.error(request, str(reason))
    return redirect(next_page(request, home))


def show(request: HtmxHttpRequest, toast: dict[str, str], status: int = 200) -> HttpResponse:
    """The toast alone, wherever the form wanted its answer."""
    response = render(request, "includes/undo_toast.html", toast, status=status)
    return reswap(retarget(response, "#toasts"), "beforeend")


def next_page(request: HtmxHttpRequest, home: str) -> str:
    """Where the form says to go on; `home` where it says nothing or another site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else home
