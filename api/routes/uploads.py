"""Uploads: checking which files are new, and sending them in one request or in resumable pieces (tus 1.0.0)."""

from pathlib import PurePath
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDict
from ninja import File, Form, Router
from ninja.errors import HttpError
from ninja.files import UploadedFile

from api.auth import ApiRequest, allowed
from api.schemas.base import Key, Problem, Text, answers
from api.schemas.photos import PhotoOut
from api.schemas.uploads import Back, Finish, Kinds, KnownList, Names, Pairs, Sums, Taken, UploadList
from media import left_out, mediatypes
from mirage.web.parameters import problems
from photos.access import photo_or_404, photos_of
from photos.ingest import attachments, intake, room, sidecars, tus_http, uploads
from photos.ingest.comebacks import bring_back
from photos.ingest.forms import AnnouncementForm, SidecarForm, temporary_copy
from photos.models import Photo, Upload

router = Router(tags=["Uploads"])

REFUSALS = frozenset({413, 415, 423, 460, 507})


@router.get("/kinds", response=answers(Kinds), auth=allowed("upload"), summary="File types and size limit")
def kinds(request: ApiRequest) -> dict[str, Any]:
    """The file name extensions of photos and videos, and the largest size."""
    return {"extensions": sorted(mediatypes.extensions()), "largest": room.largest()}


@router.post("/pairs", response=answers(Pairs), auth=allowed("upload"), summary="Match sidecars to photos")
def pairs(request: ApiRequest, body: Names) -> dict[str, Any]:
    """For the names in one folder: the sidecars of each photo, and the files to leave out, with the reason.

    Left out are small copies, backups and unfinished files that cameras and programs keep beside photos, and folders of
    previews.
    """
    beside = sidecars.Neighbours(body.names)
    found = {name: beside.sidecars_of(name) for name in body.names if mediatypes.looks_like_media(name)}
    reasons = {name: left_out.why_left_out(name) for name in body.names}
    reasons |= {name: left_out.why_not_entered(PurePath(body.folder, name)) for name in body.folders}
    return {
        "sidecars": {name: names for name, names in found.items() if names},
        "left_out": {name: why for name, why in reasons.items() if why},
    }


@router.post("/check", response=answers(KnownList), auth=allowed("upload"), summary="Check which files are new")
def check(request: ApiRequest, body: Sums) -> dict[str, Any]:
    """Ask before sending: up to a thousand SHA-256 sums at once."""
    known = list(photos_of(request.user).of_files().filter(sha256__in=body.sha256))
    reasons = uploads.failures_of(known)
    told = [
        {
            "sha256": photo.sha256,
            "key": photo.key,
            "trashed": photo.trashed_at is not None,
            "displayable": photo.displayable,
            "failure": reasons.get(photo.pk),
        }
        for photo in known
    ]
    return {"photos": told}


@router.post("/back", response=answers(Back), auth=allowed("upload"), summary="Restore photos from the trash")
def back(request: ApiRequest, body: Sums) -> dict[str, Any]:
    """For files that you would send again but whose photos are in the trash.

    To undo it: `POST /changes/{change}/undo`.
    """
    trashed = dict(photos_of(request.user).of_files().filter(sha256__in=body.sha256).trashed().values_list("pk", "key"))
    change = bring_back(request.user, list(trashed))
    return {"keys": list(trashed.values()), "change": change.pk if change else None}


@router.post(
    "",
    response={**answers(Taken), REFUSALS: Problem},
    auth=allowed("upload"),
    summary="Upload a file in one request",
)
def single(
    request: ApiRequest,
    file: UploadedFile = File(...),
    folder: Text = Form("", max_length=1024),
    modified: float | None = Form(
        None, ge=-1e11, le=1e11, description="Time of the last change of the file, in seconds since 1970."
    ),
) -> dict[str, Any]:
    """For small files and simple programs."""
    described = {"filename": file.name or "", "folder": folder, "modified": modified and modified * 1000}
    form = AnnouncementForm({name: value for name, value in described.items() if value is not None})
    if not form.is_valid():
        raise HttpError(form.status, problems(form))
    begun = uploads.create(request.user, form.announcement(file.size or 0))
    try:
        uploads.append(begun, 0, file.chunks())
        return finished(begun)
    except BaseException:
        uploads.discard(begun)
        raise


@router.get("", response=answers(UploadList), auth=allowed("upload"), summary="List unfinished uploads")
def unfinished(request: ApiRequest) -> dict[str, Any]:
    """An interrupted program can continue these."""
    return {"uploads": uploads.unfinished(request.user)}


@router.post("/{key}/finish", response={**answers(Taken), REFUSALS: Problem}, auth=allowed("upload"))
def finish(request: ApiRequest, key: Key, body: Finish) -> dict[str, Any]:
    """Add a completely sent file to the library.

    The pieces are sent by tus 1.0.0, with the same token. `POST /api/v1/uploads/tus` announces a file by
    `Upload-Length` and `Upload-Metadata` (`filename`, `folder`, `modified` in milliseconds, each in Base64) and returns
    201 with its `Location`, `/api/v1/uploads/tus/{key}`. There, `HEAD` returns the `Upload-Offset`; `PATCH` with that
    offset and the content type `application/offset+octet-stream` sends more; `DELETE` cancels.
    """
    return finished(get_object_or_404(Upload, owner=request.user, key=key), body.sha256 or "")


@router.post("/sidecars/{photo}", response=answers(PhotoOut), auth=allowed("upload"), summary="Add a sidecar")
def sidecar(request: ApiRequest, photo: Key, file: UploadedFile = File(...)) -> Photo:
    """A small file that describes a photo in the library: XMP, or Google Takeout's JSON."""
    found = photo_or_404(request.user, photo)
    form = SidecarForm({"photo": photo}, MultiValueDict({"file": [file]}))
    if not form.is_valid():
        raise HttpError(422, problems(form))
    with temporary_copy(file, PurePath(file.name or "").suffix) as copy:
        attachments.attach(found, [copy], name=file.name or "")
    return found


def finished(upload: Upload, sha256: str = "") -> dict[str, Any]:
    """Add the complete file to the library. Returns the outcome."""
    try:
        outcome = uploads.finish(upload, sha256)
    except OSError as error:
        raise HttpError(507, intake.explain(error)) from error
    return {
        "outcome": outcome.status,
        "photo": outcome.photo,
        "change": outcome.change.pk if outcome.change else None,
    }


# --- tus: the requests of the protocol, the same as for the browser ---------------------------------------------------


@router.post("/tus", auth=allowed("upload"), include_in_schema=False)
def tus_announce(request: ApiRequest) -> HttpResponseBase:
    """Announce a file: Upload-Length, and Upload-Metadata with filename, folder and modified."""
    return tus_http.announce(request, "api-1:tus_file")


@router.api_operation(["OPTIONS"], "/tus", auth=None, include_in_schema=False)
def tus_options(request: ApiRequest) -> HttpResponse:
    """What this server supports."""
    return tus_http.capabilities()


@router.api_operation(
    ["HEAD", "PATCH", "DELETE"], "/tus/{key}", auth=allowed("upload"), include_in_schema=False, url_name="tus_file"
)
def tus_file(request: ApiRequest, key: Key) -> HttpResponseBase:
    """HEAD: how many bytes are here. PATCH: more of them. DELETE: cancel."""
    return tus_http.transfer(request, key)
