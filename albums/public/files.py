"""The files that guests get: originals, or copies without metadata if the link hides some."""

from dataclasses import replace
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from albums.public import bare
from albums.public.guests import Guest
from photos.editing import renditions
from photos.models import Photo
from photos.storage import copies, http, serving, zipstream


def send(
    request: HttpRequest, guest: Guest, photo: Photo, *, attachment: bool, unedited: bool = False
) -> HttpResponseBase:
    """The original, or its copy without metadata; the edit if there is one, unless `unedited` is asked and allowed.

    Raises Http404 if there is no such file.
    """
    if is_edited(photo) and not (unedited and guest.link.allow_originals):
        return serving.send_copy(request, photo, form_of(guest), attachment=attachment, stem=stem_for(guest, photo))
    if guest.shows_all:
        attachment = attachment or photo.media_type not in http.INLINE_TYPES
        return serving.send_original(request, photo, attachment=attachment)
    try:
        path, mime, suffix = bare.bare_copy(photo)
        return send_copy(request, photo, path, mime, f"{stem_for(guest, photo)}{suffix}", attachment=attachment)
    except OSError as error:
        raise Http404("not to be had without metadata") from error


def send_video(request: HttpRequest, guest: Guest, photo: Photo) -> HttpResponseBase:
    """A video as browsers play it, or the short video of a motion photo. Raises Http404 if there is no such file."""
    if photo.is_video:
        if serving.is_hidden(photo):
            raise Http404("the edit is not there yet")
        if renditions.has_video(photo):
            return serving.send_edited_video(request, photo)
        if photo.playable:
            return send(request, guest, photo, attachment=False)
        return serving.send_playback(request, photo, http.CHECKED)
    if photo.picture_edit is not None:
        raise Http404("the edit has no video")
    if guest.shows_all:
        return serving.send_motion(request, photo, http.CHECKED)
    try:
        return send_copy(request, photo, bare.bare_motion(photo), "video/mp4")
    except OSError as error:
        raise Http404("not to be had without metadata") from error


def video_or_404(guest: Guest, key: str) -> Photo:
    """A video that the link shows, once its edit can be shown. Raises Http404."""
    photo = guest.photo_or_404(key)
    if not photo.is_video or serving.is_hidden(photo):
        raise Http404("no such video")
    return photo


def send_copy(
    request: HttpRequest, photo: Photo, path: Path, mime: str, name: str = "", *, attachment: bool = False
) -> HttpResponseBase:
    """A copy without metadata. Raises OSError."""
    tag = f"{photo.sha256[:32]}-{path.name}"
    return http.file_response(request, path, tag=tag, mime=mime, caching=http.CHECKED, name=name, attachment=attachment)


def entries(guest: Guest, photos: list[Photo]) -> list[zipstream.Entry]:
    """The entries of the zip: originals, or copies without metadata. Photos without such a copy are left out."""
    if guest.shows_all:
        return copies.entries(photos, copies.Form())
    edited = [photo for photo in photos if is_edited(photo)]
    return [*bare_entries(guest, [one for one in photos if one not in edited]), *edited_entries(guest, edited)]


def is_edited(photo: Photo) -> bool:
    """Whether guests get the edit in place of the original."""
    edited = renditions.wants_video(photo) if photo.is_video else photo.picture_edit is not None
    return edited and photo.displayable


def form_of(guest: Guest) -> copies.Form:
    """What guests get of an edited photo: the edit, with the metadata that the link shows."""
    if not guest.link.show_metadata:
        return copies.Form(metadata="none")
    return copies.Form(metadata="all" if guest.shows_all else "no-place")


def edited_entries(guest: Guest, photos: list[Photo]) -> list[zipstream.Entry]:
    """The entries of edited photos for a link that hides something."""
    if guest.link.show_metadata:
        return copies.entries(photos, form_of(guest))
    now = timezone.now()
    return [
        replace(entry, name=f"photo-{photo.key}{Path(entry.name).suffix}", wall_clock=now, instant=now)
        for photo in photos
        for entry in copies.entries([photo], form_of(guest))
    ]


def bare_entries(guest: Guest, photos: list[Photo]) -> list[zipstream.Entry]:
    """The entries of photos that were not edited, for a link that hides something."""
    found = []
    for photo in photos:
        try:
            path, _, suffix = bare.bare_copy(photo)
            found.append((f"{stem_for(guest, photo)}{suffix}", path, path.stat().st_size, photo))
        except OSError:
            continue
    names = zipstream.unique_names([name for name, *_ in found])
    now = timezone.now()
    return [
        zipstream.Entry(
            name, path, size, *((photo.taken_local, photo.taken_at) if guest.link.show_metadata else (now, now))
        )
        for name, (_, path, size, photo) in zip(names, found, strict=True)
    ]


def stem_for(guest: Guest, photo: Photo) -> str:
    """The file's name without its suffix; a neutral name if the link hides metadata."""
    return photo.original_name.rpartition(".")[0] if guest.link.show_metadata else f"photo-{photo.key}"
