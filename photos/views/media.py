"""The files of photos, for users who may see them: thumbnails, originals, videos, and many originals as one zip."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest
from photos.access import chosen_keys, visible_photo_or_404
from photos.addresses import is_current
from photos.storage import downloads, http
from photos.storage.serving import send_original, send_thumbnail, send_video, send_zip


@require_safe
def thumbnail(request: HtmxHttpRequest, key: str, size: str) -> HttpResponseBase:
    """A thumbnail in one of the sizes. Browsers may keep it for ever."""
    photo = visible_photo_or_404(request.user, key)
    current = is_current(photo, request.GET)  # old pages have other addresses
    return send_thumbnail(request, photo, size, http.FOREVER if current else http.CHECKED)


@require_safe
def video(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The video in a format that browsers can play. For a motion photo, its short video."""
    return send_video(request, visible_photo_or_404(request.user, key))


@require_safe
def original(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The original, shown in the browser if possible."""
    photo = visible_photo_or_404(request.user, key)
    return send_original(request, photo, attachment=photo.media_type not in http.INLINE_TYPES)


@require_safe
def download(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The original as a download."""
    return send_original(request, visible_photo_or_404(request.user, key), attachment=True)


@require_POST
def download_selection(request: HtmxHttpRequest) -> HttpResponseBase:
    """The originals of the selected photos as one zip."""
    keys = chosen_keys(request.POST)
    if not keys:
        return HttpResponse("Nothing is selected.", status=422, content_type="text/plain")
    photos = downloads.chosen(request.user, keys)
    if not photos:
        raise Http404
    return send_zip(request, photos, f"Mirage {timezone.now():%Y-%m-%d}, {len(photos)} files.zip")
