"""The pictures of faces, for those who may see them."""

from functools import partial

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from media.pixels import crops
from media.sandbox import UnreadableFile
from mirage.web.htmx import HtmxHttpRequest
from people.access import visible_face_or_404
from people.detection import stills
from people.models import Face
from people.review import closeups
from photos.storage import http, paths

LOOKED_AT = ("large", "marked")  # sizes for recognising somebody


@require_safe
def crop(request: HtmxHttpRequest, face_id: int, size: str) -> HttpResponse:
    """A face, cut out with a margin."""
    face = visible_face_or_404(request.user, face_id)
    if face.photo.picture_edit is not None and face.photo.owner_id != request.user.pk:
        raise Http404("the owner may have covered it")
    if size not in crops.SIDES:
        raise Http404(f"no size {size}")
    etag = quote_etag(f"{face.photo.sha256[:32]}-{size}-{request.GET.get('v', '')[:16]}")
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = picture_of(face, size)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = http.FOREVER
    return response


def picture_of(face: Face, size: str) -> HttpResponse:
    """The face cut out, for those who may see it; in a video from its frame. 404 if there is no picture yet."""
    try:
        if face.frame_seconds is not None:
            picture = crops.cut_from(stills.kept(face.photo, face.frame_seconds), face.box, size)
        else:
            close = closeups.cut(face, size) if size in LOOKED_AT else None
            picture = close or crops.cut(partial(paths.picture_file, face.photo), face.box, size)
    except (OSError, UnreadableFile) as error:
        raise Http404("not made yet") from error
    return HttpResponse(picture, content_type="image/webp")
