"""The tus protocol over HTTP (https://tus.io/protocols/resumable-upload, version 1.0.0), for the site and the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _

from mirage.web.htmx import HtmxHttpRequest
from mirage.web.parameters import problems
from photos.ingest import room, tus, uploads
from photos.ingest.forms import AnnouncementForm
from photos.models import Upload
from photos.storage import http


def speaks_tus(answer: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer as tus clients expect: with the version in a header, and refusals as a status with plain text."""

    @wraps(answer)
    def spoken(request: HttpRequest, *args: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            response = HttpResponse(_("You are signed out. Sign in again to continue."), status=401)
        elif request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != tus.VERSION:
            response = HttpResponse(status=412, headers={"Tus-Version": tus.VERSION})
        else:
            try:
                response = answer(request, *args)
            except uploads.Refused as refusal:
                response = HttpResponse(str(refusal), status=refusal.status, content_type="text/plain")
            except tus.BadHeader as error:
                told = _("The header %(name)s is not valid.") % {"name": error}
                response = HttpResponse(told, status=400, content_type="text/plain")
            except UnreadablePostError:  # the browser has gone; the bytes that arrived are kept
                response = HttpResponse(status=400)
        response.headers["Tus-Resumable"] = tus.VERSION
        response.headers["Cache-Control"] = "no-store"
        return response

    return spoken


@speaks_tus
def announce(
    request: HtmxHttpRequest, location: str, accepted: type[AnnouncementForm] = AnnouncementForm
) -> HttpResponse:
    """POST announces a file, perhaps with its first bytes. `location` names the view that accepts the rest."""
    if request.method == "OPTIONS":
        return capabilities()
    size = tus.parse_length(request.headers.get("Upload-Length"), "Upload-Length")
    form = accepted(tus.parse_metadata(request.headers.get("Upload-Metadata", "")))
    if not form.is_valid():
        return HttpResponse(problems(form), status=form.status, content_type="text/plain")
    begun = uploads.create(request.user, form.announcement(size))
    response = HttpResponse(status=201, headers={"Location": reverse(location, args=[begun.key])})
    if request.content_type == tus.BODY_TYPE:
        _append(request, begun, 0)
    return _state(response, begun)


@speaks_tus
def transfer(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """HEAD asks how much has arrived, PATCH sends more, DELETE cancels the upload."""
    if request.method == "OPTIONS":
        return capabilities()
    begun = get_object_or_404(Upload, owner=request.user, key=key)
    if request.method == "DELETE":
        uploads.discard(begun)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        if request.content_type != tus.BODY_TYPE:
            return HttpResponse(status=415)
        _append(request, begun, tus.parse_length(request.headers.get("Upload-Offset"), "Upload-Offset"))
        return _state(HttpResponse(status=204), begun)
    uploads.note_progress(begun, uploads.received(begun))
    return _state(HttpResponse(status=200, headers={"Upload-Length": str(begun.size)}), begun)


def capabilities() -> HttpResponse:
    """What this server supports."""
    told = {
        "Tus-Resumable": tus.VERSION,
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(room.largest()),
        "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
    }
    return HttpResponse(status=204, headers=told)


def _append(request: HttpRequest, begun: Upload, offset: int) -> None:
    header = request.headers.get("Upload-Checksum")
    uploads.append(begun, offset, http.body_of(request), tus.parse_checksum(header) if header else None)


def _state(response: HttpResponse, begun: Upload) -> HttpResponse:
    response.headers["Upload-Offset"] = str(begun.offset)
    response.headers["Upload-Expires"] = http_date(uploads.expires_at(begun).timestamp())
    return response
