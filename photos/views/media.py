"""The bytes of photos: thumbnails, originals, videos, and many originals as one zip. Only to those who may see them."""

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest
from photos import pipeline
from photos.access import chosen_keys, visible_photo_or_404
from photos.addresses import THUMBNAILS, TURN
from photos.models import Photo, StageRun
from photos.storage import downloads, http, paths, zipstream


@require_safe
def thumbnail(request: HtmxHttpRequest, key: str, size: str) -> HttpResponseBase:
    """A WebP of one of the sizes; `animated` is there for moving pictures only."""
    photo = visible_photo_or_404(request.user, key)
    if size not in THUMBNAILS or (size == "animated" and not photo.animated):
        raise Http404
    current = request.GET.get(TURN, "1") == str(photo.turn)  # an address that tells another turn is an old page's
    caching = http.FOREVER if current else http.CHECKED
    return send_derived(request, photo, f"{size}.webp", "image/webp", "thumbnails", caching)


@require_safe
def video(request: HtmxHttpRequest, key: str) -> HttpResponseBase:
    """The video as browsers play it: the original where they can, else what was made from it.

    Of a still: the short video inside a motion photo.
    """
    photo = visible_photo_or_404(request.user, key)
    if not photo.is_video:
        return send_derived(request, photo, "motion.mp4", "video/mp4", "motion")
    if photo.playable:
        return send_original(request, photo, attachment=False)
    return send_derived(request, photo, "video.mp4", "video/mp4", "playback")


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


def send_zip(request: HttpRequest, photos: Iterable[Photo], name: str) -> HttpResponseBase:
    """The originals of the photos as one zip, written while it is sent."""
    return send_entries(request, downloads.entries(photos), name)


def send_entries(request: HttpRequest, entries: Sequence[zipstream.Entry], name: str) -> HttpResponseBase:
    """These entries as one zip."""
    http.limit_silence(request)
    response = StreamingHttpResponse(zipstream.stream(entries), content_type="application/zip")
    response.headers["Content-Disposition"] = http.disposition(name, attachment=True)
    response.headers["Content-Length"] = str(zipstream.length(entries))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def send_original(
    request: HttpRequest, photo: Photo, *, attachment: bool, caching: str = http.CHECKED
) -> HttpResponseBase:
    """The file as it came."""
    mime, name = photo.media_type, photo.original_name
    try:
        path = paths.original_file(photo)
        return http.file_response(
            request, path, tag=photo.sha256, mime=mime, caching=caching, name=name, attachment=attachment
        )
    except paths.Unreachable:
        return unreachable()
    except OSError as error:
        raise Http404("The file is not where it was.") from error


def send_derived(
    request: HttpRequest, photo: Photo, name: str, mime: str, stage: str, caching: str = http.FOREVER
) -> HttpResponseBase:
    """What a stage made from the photo. If it is gone, the stage is asked to make it again."""
    folder = paths.pictures_folder(photo) if mime == "image/webp" else paths.derived_folder(photo.sha256)
    try:
        path = paths.fetched(folder / name)
        made = path.stat().st_mtime_ns
        tag = f"{photo.sha256[:32]}-{name}-{made:x}"
        return http.file_response(request, path, tag=tag, mime=mime, caching=caching)
    except paths.Unreachable:
        return unreachable()
    except OSError as error:
        if StageRun.objects.filter(photo=photo, stage=stage, status=StageRun.Status.DONE).exists():
            pipeline.rerun(stage, [photo.pk])
        raise Http404("Not made yet.") from error


def unreachable() -> HttpResponse:
    """The answer while the object storage is out of reach: to be asked again."""
    text = "The storage of the photos does not answer."
    return HttpResponse(text, status=503, content_type="text/plain", headers={"Retry-After": "30"})
