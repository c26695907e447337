"""The bytes of photos: thumbnails, originals, videos, and many originals as one zip. Only to those who may see them."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest
from photos.access import chosen_keys, visible_photo_or_404
from photos.addresses import TURN
from photos.storage import downloads, http
from photos.storage.serving import send_original, send_thumbnail, send_video, send_zip


@require_safe
def thumbnail(request: HtmxHttpRequest, key: str, size: str) -> HttpResponseBase:
    """A WebP of one of the sizes, kept by browsers for ever."""
    photo = visible_photo_or_404(request.user, key)
    current = request.GET.get(TURN, "1") == str(photo.turn)  # an address that tells another turn is an old page's
    return send_thumbnail(request, photo, size, http.FOREVER if current else http.CHECKED)


@require_safe
def video(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The video as browsers play it; of a still the short video inside a motion photo."""
    return send_video(request, visible_photo_or_404(request.user, key))


@require_safe
def original(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The file as it came, shown where browsers can."""
    photo = visible_photo_or_404(request.user, key)
    return send_original(request, photo, attachment=photo.media_type not in http.INLINE_TYPES)


@require_safe
def download(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The file as it came, to be saved."""
    return send_original(request, visible_photo_or_404(request.user, key), attachment=True)


@require_POST
def download_selection(request: HtmxHttpRequest) -> HttpResponseBase:
    """The originals of the selected photos, as one zip that is written while it is sent."""
    keys = chosen_keys(request.POST)
    if not keys:
        return HttpResponse("Nothing is selected.", status=422, content_type="text/plain")
    photos = downloads.chosen(request.user, keys)
    if not photos:
        raise Http404
    return send_zip(request, photos, f"Mirage {timezone.now():%Y-%m-%d}, {len(photos)} files.zip")
