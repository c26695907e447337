"""Files that guests add to an album through a public link: into the owner's library, within the link's limit."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from albums import items
from albums.models import ShareLink
from albums.public import links
from photos.ingest import uploads
from photos.ingest.forms import AnnouncementForm
from photos.ingest.uploads import Refused, TooLarge
from photos.storage import http


class NotTaken(Refused):
    """The link does not accept the file."""

    status = 422


def receive(link: ShareLink, name: str, size: int, request: HttpRequest) -> None:
    """Import the body of the request into the library and the album. Raises Refused with the reason."""
    if not link.allow_upload or link.album is None or not link.album.is_manual:
        raise NotTaken(_("This link does not accept files."))
    form = AnnouncementForm({"filename": name})
    if not form.is_valid():
        raise NotTaken(_("Mirage does not know this type of photo or video."))
    if size <= 0:
        raise NotTaken(_("The file is empty."))
    if not links.reserve(link, size):
        raise TooLarge(_("This file does not fit within the link's limit."))
    try:
        upload = uploads.create(link.owner, form.announcement(size))
        try:
            uploads.append(upload, 0, http.body_of(request))
            outcome = uploads.finish(upload)
        except BaseException:
            uploads.discard(upload)
            raise
    except BaseException:
        links.give_back(link, size)
        raise
    if outcome.photo is None:
        links.give_back(link, size)
        raise NotTaken(_("Mirage could not read this file as a photo or video."))
    items.add(link.album, [outcome.photo.pk], None)
