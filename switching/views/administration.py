"""Bringing people, albums and more from another program: choose it, look at the report, do it, undo it."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.access import administrators_only
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page
from switching import keeping, looking, showing, uploading
from switching.access import switch_or_404
from switching.forms import SwitchForm
from switching.readers import READERS
from switching.views import acting


@administrators_only
@require_safe
def switches(request: HtmxHttpRequest) -> HttpResponse:
    """What was brought, and the form for more."""
    form = SwitchForm(initial={"owner": request.user.pk, "program": "immich"})
    context: dict[str, Any] = {
        "switches": showing.listed(),
        "files": uploading.files_of(request.user),
        "form": form,
        "readers": READERS,
        "place": "switching",
        "candidates": looking.candidates(),
    }
    return render_page(request, "operations/switching/switches.html", "operations/switching/_switches.html", context)


@administrators_only
@require_POST
def begin(request: HtmxHttpRequest) -> HttpResponse:
    """Let a worker read a library. Nothing is written until somebody says so."""
    form = SwitchForm(request.POST, request.FILES)
    if not form.is_valid():
        raise NotPossible(form.problem)
    data = form.cleaned_data
    path = data["found"] or (uploading.take(request.user, data["upload"]) if data["upload"] else kept(data["file"]))
    switch = keeping.begin(
        data["owner"],
        data["program"],
        path,
        account=data["account"],
        by=request.user,
        uploaded=not data["found"],
    )
    keeping.ask(switch)
    return redirect("switching:switch", switch.key)


def kept(file: UploadedFile) -> Path:
    """A file that came with the form itself, without JavaScript."""
    return keeping.keep_upload(file.name or "", file.chunks(), file.size or 0)


@administrators_only
@require_safe
def switch(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """One of them, with its report."""
    return acting.show(request, switch_or_404(request.user, key), "switching", "operations/switching/switch.html")


@administrators_only
@require_POST
def bring(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Do it."""
    return acting.bring(request, switch_or_404(request.user, key), "switching")


@administrators_only
@require_POST
def undo(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Undo all of it."""
    return acting.undo(request, switch_or_404(request.user, key), "switching")


@administrators_only
@require_POST
def discard(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Forget what was read."""
    return acting.discard(request, switch_or_404(request.user, key), "switching")
