"""Responses with the files of photos: thumbnails, originals, videos, and many originals as one zip.

Views check first that the user may see the photo.
"""

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from media.editing.forms import FULL_VIDEO
from media.sandbox import UnreadableFile
from mirage.refusals import NotPossible
from photos import pipeline
from photos.addresses import THUMBNAILS
from photos.editing import renditions
from photos.models import Photo, StageRun
from photos.storage import copies, downloads, http, paths, zipstream


def send_thumbnail(request: HttpRequest, photo: Photo, size: str, caching: str = http.CHECKED) -> HttpResponseBase:
    """A thumbnail in one of the sizes. Only animated pictures have `animated`. Raises Http404."""
    if size not in THUMBNAILS or (size == "animated" and not photo.animated):
        raise Http404("Unknown size.")
    stage = renditions.stage_of(photo) if photo.rendition else "thumbnails"
    return send_derived(request, photo, f"{size}.webp", "image/webp", stage, caching)


def send_unedited(request: HttpRequest, photo: Photo, caching: str) -> HttpResponseBase:
    """The large thumbnail of the picture without its edit. Raises Http404."""
    try:
        path = paths.picture_file(photo, "large")
        tag = f"{photo.sha256[:32]}-unedited-{photo.turn}-{path.stat().st_mtime_ns:x}"
        return http.file_response(request, path, tag=tag, mime="image/webp", caching=caching)
    except paths.Unreachable:
        return unreachable()
    except OSError as error:
        pipeline.rerun("thumbnails", [photo.pk])
        raise Http404("Not made yet.") from error


def send_video(request: HttpRequest, photo: Photo) -> HttpResponseBase:
    """The edited video, or the original if browsers play it, or what they play. For a motion photo, its short video."""
    if not photo.is_video:
        return send_motion(request, photo)
    if renditions.has_video(photo):
        return send_edited_video(request, photo)
    return send_original(request, photo, attachment=False) if photo.playable else send_playback(request, photo)


def is_hidden(photo: Photo) -> bool:
    """Whether others than the owner see nothing of a video yet: its first edit is still being made."""
    if not photo.is_video or photo.picture_edit is None:
        return False
    return not photo.rendition or (renditions.wants_video(photo) and not renditions.has_video(photo))


def has_no_video(photo: Photo) -> bool:
    """Whether others than the owner get no video: an edited motion photo has none, an edited video perhaps not yet."""
    return is_hidden(photo) if photo.is_video else photo.picture_edit is not None


def send_edited_video(request: HttpRequest, photo: Photo) -> HttpResponseBase:
    """What the owner's edit made of a video. Raises Http404."""
    try:
        path = paths.fetched(paths.shown_folder(photo) / FULL_VIDEO)
        tag = f"{photo.sha256[:32]}-{photo.rendition}-{path.stat().st_mtime_ns:x}"
        return http.file_response(request, path, tag=tag, mime="video/mp4", caching=http.CHECKED)
    except paths.Unreachable:
        return unreachable()
    except OSError as error:
        pipeline.rerun(renditions.stage_of(photo), [photo.pk])
        raise Http404("Not made yet.") from error


def send_motion(request: HttpRequest, photo: Photo, caching: str = http.FOREVER) -> HttpResponseBase:
    """The short video of a motion photo."""
    return send_derived(request, photo, "motion.mp4", "video/mp4", "motion", caching)


def send_playback(request: HttpRequest, photo: Photo, caching: str = http.FOREVER) -> HttpResponseBase:
    """The transcoded version of a video that browsers cannot play."""
    return send_derived(request, photo, "video.mp4", "video/mp4", "playback", caching)


def send_original(request: HttpRequest, photo: Photo, *, attachment: bool, tag: str = "") -> HttpResponseBase:
    """The original. `tag` is its ETag, if it is not the checksum. Raises Http404 if it is gone."""
    mime, name = photo.media_type, photo.original_name
    try:
        path = paths.original_file(photo)
        return http.file_response(
            request, path, tag=tag or photo.sha256, mime=mime, caching=http.CHECKED, name=name, attachment=attachment
        )
    except paths.Unreachable:
        return unreachable()
    except OSError as error:
        raise Http404("The file is missing.") from error


def send_derived(
    request: HttpRequest, photo: Photo, name: str, mime: str, stage: str, caching: str
) -> HttpResponseBase:
    """A derived file. If it is missing, its stage runs again. Raises Http404."""
    try:
        if mime == "image/webp":
            path = paths.shown_file(photo, name.removesuffix(".webp"))
        else:
            path = paths.fetched(paths.derived_folder(photo.sha256) / name)
        made = path.stat().st_mtime_ns
        tag = f"{photo.sha256[:32]}-{photo.rendition}{name}-{made:x}"
        return http.file_response(request, path, tag=tag, mime=mime, caching=caching)
    except paths.Unreachable:
        return unreachable()
    except OSError as error:
        if StageRun.objects.filter(photo=photo, stage=stage, status=StageRun.Status.DONE).exists():
            pipeline.rerun(stage, [photo.pk])
        raise Http404("Not made yet.") from error


def unreachable() -> HttpResponse:
    """The response while the object storage cannot be reached."""
    text = _("The storage of the photos does not answer.")
    return HttpResponse(text, status=503, content_type="text/plain", headers={"Retry-After": "30"})


def send_copy(
    request: HttpRequest, photo: Photo, form: copies.Form, *, attachment: bool, stem: str = ""
) -> HttpResponseBase:
    """The photo in that form, named `stem` if that is given.

    Raises Http404 if its file is gone, NotPossible if no copy can be made of it.
    """
    if copies.is_original(photo, form):
        return send_original(request, photo, attachment=attachment)
    try:
        copy = copies.copy_of(photo, form)
        name = f"{stem}{copy.path.suffix}" if stem else copy.name
        return http.file_response(
            request,
            copy.path,
            tag=copy.tag or copy.path.stem,
            mime=copy.mime,
            caching=http.CHECKED,
            name=name,
            attachment=attachment,
        )
    except paths.Unreachable:
        return unreachable()
    except UnreadableFile as error:
        raise NotPossible(str(error)) from error
    except OSError as error:
        raise Http404("The file is missing.") from error


def send_zip(
    request: HttpRequest, photos: Iterable[Photo], name: str, form: copies.Form | None = None
) -> HttpResponseBase:
    """The photos as one zip, created while it is sent: edited ones as they are edited, or in that form.

    Of photos of others, the owner's edit takes the place of the original.
    """
    wanted = form or copies.Form()
    chosen = list(photos)
    hidden = [photo for photo in chosen if photo.picture_edit is not None and photo.owner_id != request.user.pk]
    if wanted.form == copies.AS_IT_CAME and hidden:
        rest = [photo for photo in chosen if photo not in hidden]
        return send_entries(request, [*downloads.entries(rest), *copies.entries(hidden, copies.Form())], name)
    return send_entries(request, copies.entries(chosen, wanted), name)


def send_entries(request: HttpRequest, entries: Sequence[zipstream.Entry], name: str) -> HttpResponseBase:
    """These entries as one zip."""
    http.limit_silence(request)
    archive = zipstream.Zip(entries)
    response = StreamingHttpResponse(archive.blocks(), content_type="application/zip")
    response.headers["Content-Disposition"] = http.disposition(name, attachment=True)
    response.headers["Content-Length"] = str(archive.length)
    response.headers["Cache-Control"] = "private, no-store"
    return response
