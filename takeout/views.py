"""Uploading the zip files of an export, and importing them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page
from photos.ingest import tus_http
from photos.ingest.forms import ExportForm
from takeout import uploading


@require_safe
def export(request: HtmxHttpRequest) -> HttpResponse:
    """The page, with the parts that have arrived or begun to."""
    parts = uploading.parts_of(request.user)
    context = {"parts": parts, "complete": bool(parts) and all(part.offset == part.size for part in parts)}
    return render_page(request, "takeout/export.html", "takeout/_export.html", context)


@login_not_required
@require_http_methods(["POST", "OPTIONS"])
def files(request: HtmxHttpRequest) -> HttpResponse:
    """Announce a zip file. Its bytes go where those of photos go."""
    return tus_http.announce(request, "photos:tus_file", ExportForm)


@require_POST
def import_parts(request: HtmxHttpRequest) -> HttpResponse:
    """Import all parts. Raises NotPossible while some are missing."""
    uploading.import_parts(request.user)
    return redirect("photos:welcome")
