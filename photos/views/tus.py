"""Resumable uploads by the tus protocol (photos/ingest/tus_http.py). It answers signed-out users with a status."""

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
    """How much is there; more of it; no more of it."""
    return tus_http.transfer(request, key)
