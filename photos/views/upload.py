"""The upload page: what it asks before uploading, and finishing uploads (views/tus.py receives the bytes)."""

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from media import left_out, mediatypes
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.web.languages import in_language
from photos.access import chosen_keys, photo_or_404, photos_by_keys, photos_of
from photos.addresses import thumbnail_address
from photos.ingest import attachments, intake, uploads
from photos.ingest.comebacks import bring_back
from photos.ingest.forms import CheckForm, FinishForm, SidecarForm, temporary_copy
from photos.models import Photo, Upload


@require_safe
def upload(request: HtmxHttpRequest) -> HttpResponse:
    """The page, with the unfinished uploads."""
    context = {
        "unfinished": uploads.unfinished(request.user),
        "extensions": mediatypes.extensions(),
        "closed_folders": json.dumps(left_out.folder_rules()),
    }
    return render_page(request, "photos/work/upload.html", "photos/work/_unfinished.html", context)


@require_POST
def check(request: HtmxHttpRequest) -> HttpResponse:
    """The photos in the library that have these checksums."""
    form = CheckForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    known = photos_of(request.user).of_files().filter(sha256__in=form.cleaned_data["sha256"])
    return JsonResponse({"photos": describe(known)})


@require_POST
def back(request: HtmxHttpRequest) -> HttpResponse:
    """Restore photos from the trash whose files are uploaded again."""
    ids = [photo.pk for batch in photos_by_keys(request.user, chosen_keys(request.POST)) for photo in batch.only("pk")]
    bring_back(request.user, ids)
    return JsonResponse({"photos": describe(photos_of(request.user).filter(pk__in=ids))})


@require_POST
def finish(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """Take a complete upload into the library."""
    form = FinishForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    begun = get_object_or_404(Upload, owner=request.user, key=key, is_export=False)
    try:
        outcome = uploads.finish(begun, form.cleaned_data["sha256"])
    except uploads.Refused as refusal:
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain")
    except OSError as error:
        return HttpResponse(in_language(intake.explain(error)), status=507, content_type="text/plain")
    return JsonResponse({"outcome": outcome.status, "photos": describe([outcome.photo] if outcome.photo else [])})


@require_POST
def sidecar(request: HtmxHttpRequest) -> HttpResponse:
    """Upload a sidecar for a photo in the library."""
    form = SidecarForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    photo = photo_or_404(request.user, form.cleaned_data["photo"])
    file = form.cleaned_data["file"]
    with temporary_copy(file, PurePath(file.name).suffix) as copy:
        attachments.attach(photo, [copy], name=file.name)
    return JsonResponse({"photos": describe([photo])})


def describe(photos: Iterable[Photo]) -> dict[str, dict[str, Any]]:
    """What the page shows about photos in the library, by SHA-256."""
    there = list(photos)
    reasons = uploads.failures_of(there)
    remarks = [remark(there) for remark in uploads.REMARKS.values()]
    return {
        photo.sha256: {
            "key": photo.key,
            "url": photo.get_absolute_url(),
            "trashed": photo.trashed_at is not None,
            "thumbnail": thumbnail_address(photo, "small") if photo.displayable else None,
            "failure": in_language(reasons[photo.pk]) if photo.pk in reasons else None,
        }
        | {name: said for remark in remarks for name, said in remark.get(photo.pk, {}).items()}
        for photo in there
    }
