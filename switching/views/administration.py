"""Bringing people, albums and more from another program: choose it, look at the report, do it, undo it."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import activity
from accounts.access import administrators_only
from mirage.refusals import NotPossible
from mirage.web.htmx import HtmxHttpRequest, render_page
from switching import acts, keeping, looking, showing, uploading
from switching.access import switch_or_404
from switching.forms import SwitchForm
from switching.readers import READERS


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
    """The progress, then the report with what can be done. While something runs, the page asks for its fragment."""
    context = {**showing.describe(switch_or_404(request.user, key)), "place": "switching"}
    return render_page(request, "operations/switching/switch.html", "operations/switching/_switch.html", context)


@administrators_only
@require_POST
def bring(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Do it. Raises NotPossible if it was done already."""
    chosen = switch_or_404(request.user, key)
    acts.bring(chosen, request.user)
    activity.record("imported", request, subject=READERS[chosen.program].program, owner=chosen.owner.username)
    return redirect("switching:switch", key)


@administrators_only
@require_POST
def undo(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Undo all of it."""
    acts.undo(switch_or_404(request.user, key), request.user)
    return redirect("switching:switch", key)


@administrators_only
@require_POST
def discard(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Forget what was read. Raises NotPossible if it was done: then it can only be undone."""
    chosen = switch_or_404(request.user, key)
    keeping.discard(chosen)
    messages.success(
        request, _("What was read from %(program)s is forgotten.") % {"program": READERS[chosen.program].program}
    )
    return redirect("switching:switches")
