"""Resumable uploads with the tus protocol (photos/ingest/tus_http.py), which also answers signed-out users."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from mirage.web.htmx import HtmxHttpRequest
from photos.ingest import tus_http


@login_not_required
@require_http_methods(["POST", "OPTIONS"])
def files(request: HtmxHttpRequest) -> HttpResponse:
    """Announce a file, perhaps with its first bytes."""
    return tus_http.announce(request, "photos:tus_file")


@login_not_required
@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
def file(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Ask how much has arrived, send more, or cancel."""
    return tus_http.transfer(request, key)
