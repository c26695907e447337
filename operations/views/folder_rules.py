"""What is read of a folder in use: its patterns, looked at before they are saved."""

from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import activity
from accounts.access import administrators_only
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from operations.pages import folder_rules
from photos.ingest import pattern_preview
from photos.models import WatchedFolder


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def folder(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """What is read of a folder in use. A form is looked at first, or saved."""
    chosen = get_object_or_404(WatchedFolder.objects.exclude(kind=WatchedFolder.Kind.EXPORT), pk=pk)
    form = folder_rules.RulesForm(chosen, request.POST if request.method == "POST" else None)
    if "save" in request.POST and form.is_valid():
        messages.success(request, folder_rules.save_rules(chosen, form))
        activity.record("changed a setting", request, subject=f"folder {Path(chosen.path).name}", action="patterns")
        return redirect("operations:folder", pk)
    context = folder_rules.rules_page(chosen, form, request.user)
    status = 422 if form.errors else 200
    return render_page(request, "operations/folder.html", "operations/_folder.html", context, status=status)


@administrators_only
@require_POST
def leave_out(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Move one's own photos to the trash that the saved patterns of a folder leave out. It can be undone."""
    chosen = get_object_or_404(WatchedFolder, pk=pk, owner=request.user)
    done = pattern_preview.leave_out(chosen, request.user)
    home = reverse("operations:folder", args=[pk])
    if done is None:
        return report(request, _("No photo matches."), home=home)
    told = pattern_preview.LeaveOut().sentence(done.detail["changed"] or done.detail["total"])
    return report(request, told, undo=Undo(reverse("photos:undo", args=[done.pk])), home=home)
