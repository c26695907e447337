"""The dashboard: is all well, how much is there, and what needs an administrator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import administrators_only
from mirage.web.htmx import HtmxHttpRequest
from operations.pages import dashboard as contents
from operations.pages import sizes
from photos.models import Photo


@administrators_only
@require_safe
def dashboard(request: HtmxHttpRequest) -> HttpResponse:
    """The first page of the administration."""
    return render(request, "operations/dashboard.html", contents.describe())


@administrators_only
@require_safe
def storage(request: HtmxHttpRequest) -> HttpResponse:
    """What takes how much room, by part and by user."""
    context = {
        "disk": contents.disk(),
        "parts": sizes.parts(),
        "storage": contents.storage(),
        "in_trash": Photo.objects.exclude(trashed_at=None).count(),
    }
    return render(request, "operations/storage.html", context)
