"""Bringing what another program knows to one's own library: upload it, look at the report, do it, undo it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.ingest import tus_http
from switching import keeping, showing, uploading
from switching.access import own_switch_or_404
from switching.forms import OwnSwitchForm
from switching.readers import READERS
from switching.views import acting


def with_a_library(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the page exist for those who have a library of their own: not for guests."""

    @wraps(view)
    def guarded(request: HtmxHttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.may_upload:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@with_a_library
@require_safe
def switches(request: HtmxHttpRequest) -> HttpResponse:
    """What was brought, the files that were uploaded, and the form for more."""
    context = {
        "switches": showing.listed(request.user),
        "files": uploading.files_of(request.user),
        "readers": READERS,
        "place": "bringing",
    }
    return render_page(
        request, "operations/switching/own_switches.html", "operations/switching/_switches.html", context
    )


@login_not_required
@require_http_methods(["POST", "OPTIONS"])
def files(request: HtmxHttpRequest) -> HttpResponse:
    """Announce a file. Its bytes go where those of photos go."""
    return tus_http.announce(request, "photos:tus_file", uploading.LibraryFile)


@with_a_library
@require_POST
def begin(request: HtmxHttpRequest) -> HttpResponse:
    """Let a worker read an uploaded library. Nothing is written until the user says so."""
    form = OwnSwitchForm(request.POST)
    if not form.is_valid():
        raise NotPossible(form.problem)
    keeping.may_begin(request.user)
    data = form.cleaned_data
    path = uploading.take(request.user, data["upload"])
    switch = keeping.begin(request.user, data["program"], path, account=data["account"], by=request.user, uploaded=True)
    keeping.ask(switch)
    return redirect("bringing:switch", switch.key)


@with_a_library
@require_safe
def switch(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """One of them, with its report."""
    return acting.show(
        request, own_switch_or_404(request.user, key), "bringing", "operations/switching/own_switch.html"
    )


@with_a_library
@require_POST
def bring(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Do it."""
    return acting.bring(request, own_switch_or_404(request.user, key), "bringing")


@with_a_library
@require_POST
def undo(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Undo all of it."""
    return acting.undo(request, own_switch_or_404(request.user, key), "bringing")


@with_a_library
@require_POST
def discard(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Forget what was read."""
    return acting.discard(request, own_switch_or_404(request.user, key), "bringing")
