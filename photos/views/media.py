"""The files of photos, for users who may see them: thumbnails, originals, videos, and many originals as one zip."""

from dataclasses import replace

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest
from photos.access import chosen_keys, visible_photo_or_404
from photos.addresses import is_current
from photos.models import Photo
from photos.storage import copies, downloads, http
from photos.storage.serving import (
    has_no_video,
    is_hidden,
    send_copy,
    send_original,
    send_thumbnail,
    send_video,
    send_zip,
)
from photos.storage.streaming import sending


@require_safe
def thumbnail(request: HtmxHttpRequest, key: str, size: str) -> HttpResponseBase:
    """A thumbnail in one of the sizes. Browsers may keep it for ever."""
    photo = visible_photo_or_404(request.user, key)
    current = is_current(photo, request.GET)  # old pages have other addresses
    return send_thumbnail(request, photo, size, http.FOREVER if current else http.CHECKED)


@require_safe
def video(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The video in a format that browsers can play. For a motion photo, its short video, unless it was edited."""
    photo = visible_photo_or_404(request.user, key)
    if photo.owner_id != request.user.pk and has_no_video(photo):
        raise Http404("The edit has no video.")
    return send_video(request, photo)


@require_safe
def playlist(request: HtmxHttpRequest, key: str, quality: str = "") -> HttpResponseBase:
    """The playlist of a video in one quality, or the one that lists the qualities."""
    return sending.send_playlist(request, video_or_404(request, key), quality)


@require_safe
def segment(request: HtmxHttpRequest, key: str, quality: str, number: int) -> HttpResponseBase:
    """Some seconds of a video, made when they are asked for."""
    return sending.send_segment(request, video_or_404(request, key), quality, number)


def video_or_404(request: HtmxHttpRequest, key: str) -> Photo:
    """A video that the user may see, as it may be shown: to others than the owner only the edit. Raises Http404."""
    photo = visible_photo_or_404(request.user, key)
    mine = photo.owner_id == request.user.pk
    if not photo.is_video or (is_hidden(photo) and not mine):
        raise Http404("There is no such video.")
    if mine and sending.UNEDITED in request.GET:
        photo.rendition = ""
    return photo


@require_safe
def original(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The original, shown in the browser if possible. Of an edited photo others than its owner get the edit."""
    photo = visible_photo_or_404(request.user, key)
    if photo.picture_edit is not None and photo.owner_id != request.user.pk:
        return send_copy(request, photo, copies.Form(), attachment=False)
    return send_original(request, photo, attachment=photo.media_type not in http.INLINE_TYPES)


@require_safe
def edited(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The edited picture in full size; without an edit, the original."""
    photo = visible_photo_or_404(request.user, key)
    return send_copy(request, photo, copies.Form(metadata="none"), attachment=False)


@require_safe
def download(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """A download: of an edited photo what the edit made, or what `form`, `side` and `metadata` ask for."""
    photo = visible_photo_or_404(request.user, key)
    return send_copy(request, photo, allowed(request, photo, copies.read(request.GET)), attachment=True)


def allowed(request: HtmxHttpRequest, photo: Photo, form: copies.Form) -> copies.Form:
    """The form, but the edit in place of the original for others than the owner."""
    hidden = photo.picture_edit is not None and photo.owner_id != request.user.pk
    return replace(form, form=copies.EDITED) if hidden and form.form == copies.AS_IT_CAME else form


@require_POST
def download_selection(request: HtmxHttpRequest) -> HttpResponseBase:
    """The selected photos as one zip: edited ones as they are edited, or in the form that is asked for."""
    keys = chosen_keys(request.POST)
    if not keys:
        return HttpResponse(_("Nothing is selected."), status=422, content_type="text/plain")
    photos = downloads.chosen(request.user, keys)
    if not photos:
        raise Http404
    # Translators: the name of a file that is downloaded; day is such as 2024-05-31
    words = ngettext("Mirage %(day)s, %(number)s file", "Mirage %(day)s, %(number)s files", len(photos))
    name = words % {"day": f"{timezone.now():%Y-%m-%d}", "number": len(photos)}
    return send_zip(request, photos, f"{name}.zip", copies.read(request.POST))
