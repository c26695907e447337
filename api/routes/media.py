"""The bytes of photos: thumbnails, originals and videos, with byte ranges and validators."""

from typing import Any, Literal

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError

from api.auth import ApiRequest, allowed
from api.schemas.base import PROBLEMS, Key, Problem
from photos.access import visible_photo_or_404
from photos.storage import copies
from photos.storage.serving import has_no_video, send_copy, send_original, send_thumbnail, send_video

router = Router(tags=["Media"])

Size = Literal["small", "medium", "large", "animated"]


def bytes_of(*kinds: str) -> dict[str, Any]:
    """The schema of a response that is a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    told = {
        200: {"description": "The file", "content": content},
        206: {"description": "The requested range", "content": content},
        304: {"description": "Unchanged (If-None-Match)"},
        412: {"description": "Does not match If-Match"},
        416: {"description": "The range is outside the file"},
    }
    return {"responses": told}


IMAGES = bytes_of("image/webp")
ANYTHING = bytes_of("*/*")
VIDEO = bytes_of("video/*")
REFUSED: dict[Any, Any] = {PROBLEMS: Problem}


@router.api_operation(
    ["GET"],
    "/{key}/thumbnails/{size}",
    auth=allowed("read"),
    openapi_extra=IMAGES,
    response=REFUSED,
    summary="Thumbnail",
)
def thumbnail(request: ApiRequest, key: Key, size: Size) -> HttpResponseBase:
    """A WebP: `small` (250 pixels, short side), `medium` (500, short), `large` (1600, long); `animated` if it moves."""
    return send_thumbnail(request, visible_photo_or_404(request.user, key), size)


@router.get("/{key}/original", auth=allowed("read"), openapi_extra=ANYTHING, response=REFUSED, summary="Original")
def original(request: ApiRequest, key: Key) -> HttpResponseBase:
    """The original, byte for byte. Accepts Range, If-Range and If-None-Match.

    Of an edited photo others than its owner get the edit.
    """
    photo = visible_photo_or_404(request.user, key)
    if photo.picture_edit is not None and photo.owner_id != request.user.pk:
        return send_copy(request, photo, copies.Form(), attachment=True)
    return send_original(request, photo, attachment=True)


@router.get("/{key}/copy", auth=allowed("read"), openapi_extra=ANYTHING, response=REFUSED, summary="Copy")
def copy(
    request: ApiRequest,
    key: Key,
    form: Literal["edited", "jpeg", "png", "webp"] = "edited",
    side: int | None = Query(None, ge=16, le=20_000, description="Pixels of the longer side, at most."),
    metadata: Literal["all", "no-place", "none"] = "all",
) -> HttpResponseBase:
    """The picture as it is edited, or in a format that everything opens. A photo without an edit comes as it is."""
    photo = visible_photo_or_404(request.user, key)
    return send_copy(request, photo, copies.Form(form, side, metadata), attachment=True)


@router.get("/{key}/video", auth=allowed("read"), openapi_extra=VIDEO, response=REFUSED, summary="Video")
def video(request: ApiRequest, key: Key) -> HttpResponseBase:
    """The video in a form that browsers play; for a motion photo the video inside it."""
    photo = visible_photo_or_404(request.user, key)
    if photo.owner_id != request.user.pk and has_no_video(photo):
        raise HttpError(404, _("The edit has no video."))
    return send_video(request, photo)


@router.api_operation(["HEAD"], "/{key}/original", auth=allowed("read"), include_in_schema=False)
def original_head(request: ApiRequest, key: Key) -> HttpResponseBase:
    """The size and validators of the original."""
    return original(request, key)
