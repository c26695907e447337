"""The folders in use, and adding one by looking through those that the machine lets administrators choose from."""

from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import activity
from accounts.access import administrators_only
from mirage.refusals import NotPossible
from mirage.web.answers import next_page
from mirage.web.htmx import HtmxHttpRequest, render_page
from operations.pages import folders as folders_page
from photos.ingest import browsing, in_use
from photos.models import WatchedFolder


@administrators_only
@require_safe
def folders(request: HtmxHttpRequest) -> HttpResponse:
    """All folders in use. While one is read, the page asks for its fragment again."""
    return render_page(request, "operations/folders.html", "operations/_folders.html", folders_page.describe())


@administrators_only
@require_safe
def choose_folder(request: HtmxHttpRequest) -> HttpResponse:
    """Look through the folders of this machine, one at a time."""
    asked = request.GET.get("in", "")
    place = browsing.open_folder(asked) if asked else None
    if asked and place is None:
        raise Http404("no such folder, or none that may be opened")
    context = {
        "place": place,
        "start": browsing.start(),
        "form": folders_page.form(request.user, place),
        "for_takeout": request.GET.get("kind") == WatchedFolder.Kind.EXPORT,
    }
    return render_page(request, "operations/choose_folder.html", "operations/_choose_folder.html", context)


@administrators_only
@require_POST
def add_folder(request: HtmxHttpRequest) -> HttpResponse:
    """Use a folder from now on. Only folders that can be chosen in the page are accepted."""
    place = browsing.open_folder(request.POST.get("path", ""))
    form = folders_page.form(request.user, place, request.POST)
    if place is None or not form.is_valid():
        raise NotPossible(_("Choose a folder, whose photos these are, and what to do with them."))
    data = form.cleaned_data
    in_use.use(data["owner"], place.path, data["kind"], watched=data["watched"], confined=True)
    activity.record("changed a setting", request, subject=f"folder {place.shown}", owner=data["owner"].username)
    if data["owner"] == request.user:
        return redirect("photos:welcome")
    messages.success(
        request, _("%(folder)s is being read for %(owner)s.") % {"folder": place.shown, "owner": data["owner"]}
    )
    return redirect("operations:folders")


@administrators_only
@require_POST
def act_on_folder(request: HtmxHttpRequest, pk: int, action: str) -> HttpResponse:
    """Read a folder again, watch it or not, or stop using it."""
    folder = get_object_or_404(WatchedFolder, pk=pk)
    if action not in folders_page.ACTIONS:
        raise Http404(f"no action {action}")
    text = folders_page.ACTIONS[action](folder)
    activity.record("changed a setting", request, subject=f"folder {Path(folder.path).name}", action=action)
    messages.success(request, text)
    return redirect(next_page(request, reverse("operations:folders")))
