"""Responses with playlists and segments. Views check first that the visitor may see the photo."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from media.sandbox import UnreadableFile
from media.streams.plans import Plan, Quality, qualities_for
from mirage.web.languages import in_language
from photos.models import Photo
from photos.storage import http
from photos.storage.paths import Unreachable
from photos.storage.serving import unreachable
from photos.storage.streaming import makers, playlists, sources

UNEDITED = "unedited"  # the query parameter with which owners see the original of an edited video
EDIT = "edit"  # the query parameter that says which edit an address belongs to


def send_playlist(request: HttpRequest, photo: Photo, name: str = "") -> HttpResponseBase:
    """The playlist of a quality; without a name the one that lists the qualities. Raises Http404."""
    try:
        source = sources.source_of(photo)
        plan = sources.plan_of(source)
    except Unreachable:
        return unreachable()
    except UnreadableFile as error:
        return refused(error)
    except OSError as error:
        raise Http404("The file is missing.") from error
    unedited = f"?{UNEDITED}=yes" if UNEDITED in request.GET else ""
    query = f"?{EDIT}={photo.rendition}" if photo.rendition else unedited
    if name:
        return playlist(playlists.segments(plan, quality_or_404(plan, name), query))
    makers.forget_failure(source)
    makers.begin(makers.viewer_of(request), source, qualities_for(plan)[0])
    return playlist(playlists.master(plan, query))


def send_segment(request: HttpRequest, photo: Photo, name: str, number: int) -> HttpResponseBase:
    """A segment, made now if it is not there. Raises Http404.

    Browsers ask each time: its address stays the same if the file is replaced or the link revoked.
    """
    if request.GET.get(EDIT, "") != photo.rendition:
        raise Http404("The video was edited meanwhile.")
    try:
        source = sources.source_of(photo)
        plan = sources.plan_of(source)
        quality = quality_or_404(plan, name)
        if number >= len(plan.starts):
            raise Http404("There is no such segment.")
        path = makers.segment_file(makers.viewer_of(request), source, quality, number)
        tag = f"{source.folder.name}-{name}-{number}-{path.stat().st_mtime_ns:x}"
        return http.file_response(request, path, tag=tag, mime="video/mp2t", caching=http.CHECKED)
    except Unreachable:
        return unreachable()
    except UnreadableFile as error:
        return refused(error)
    except makers.Busy:
        return HttpResponse(status=503, headers={"Retry-After": "2", "Cache-Control": "no-store"})
    except OSError as error:
        raise Http404("The file is missing.") from error


def quality_or_404(plan: Plan, name: str) -> Quality:
    """The quality of that name, if the video has it. Raises Http404."""
    found = next((quality for quality in qualities_for(plan) if quality.name == name), None)
    if found is None:
        raise Http404("There is no such quality.")
    return found


def playlist(text: str) -> HttpResponse:
    """The playlist. It is small and changes with the edit, so browsers ask each time."""
    return HttpResponse(text, content_type=playlists.MIME, headers={"Cache-Control": "private, no-store"})


def refused(error: UnreadableFile) -> HttpResponse:
    """Why the video cannot be played."""
    text = in_language(str(error))
    return HttpResponse(text, status=422, content_type="text/plain", headers={"Cache-Control": "no-store"})
