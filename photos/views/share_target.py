"""What a phone shares to the installed app, where its service worker does not take it (static/js/offline/worker.js)."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from mirage.web.htmx import HtmxHttpRequest
from mirage.wording import number_in_words
from photos.ingest import uploads
from photos.ingest.forms import AnnouncementForm

OURS = ("none", "same-origin")  # Sec-Fetch-Site of the share sheet, and of our own pages


@csrf_exempt  # a share sheet knows no token; who else could send this form is told by the header below
@require_http_methods(["GET", "POST"])
def receive(request: HtmxHttpRequest) -> HttpResponse:
    """Import the shared files, and lead to the upload page."""
    if request.method == "POST":
        if request.headers.get("Sec-Fetch-Site") not in OURS:
            return HttpResponseForbidden(_("Another site may not upload photos."), content_type="text/plain")
        taken, refused = take(request.user, request.FILES.getlist("files"))
        if taken:
            words = ngettext("%(number)s file uploaded", "%(number)s files uploaded", taken)
            messages.success(request, words % {"number": number_in_words(taken)})
        for reason in refused:
            messages.error(request, reason)
    return redirect("photos:upload")


def take(user: User, files: Iterable[UploadedFile]) -> tuple[int, list[str]]:
    """How many files are in the library now, and why others are not."""
    taken, refused = 0, []
    for file in files:
        name = file.name or "photo"
        try:
            take_one(user, name, file)
            taken += 1
        except uploads.Refused as refusal:
            refused.append(f"{name}: {refusal}")
    return taken, refused


def take_one(user: User, name: str, file: UploadedFile) -> None:
    """Import one file. Raises Refused."""
    form = AnnouncementForm({"filename": name})
    if not form.is_valid():
        raise uploads.Refused(_("Mirage does not know this type of photo or video."))
    upload = uploads.create(user, form.announcement(file.size or 0))
    try:
        uploads.append(upload, 0, file.chunks())
        outcome = uploads.finish(upload)
    except BaseException:
        uploads.discard(upload)
        raise
    if outcome.photo is None:
        raise uploads.Refused(_("Mirage could not read this file as a photo or video."))
