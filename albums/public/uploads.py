"""Files that guests put into an album by a public link: within the link's limit, into the library of its owner."""

from collections.abc import Iterator

from django.http import HttpRequest

from albums import items
from albums.models import ShareLink
from albums.public import links
from photos.ingest import uploads
from photos.ingest.forms import AnnouncementForm
from photos.ingest.uploads import Refused, TooLarge
from photos.storage import http

BLOCK = 256 * 1024


class NotTaken(Refused):
    """The link takes no files, or not this one."""

    status = 422


def receive(link: ShareLink, name: str, size: int, request: HttpRequest) -> None:
    """Take the body of the request into the library and the album. Raises Refused with what is wrong, in words."""
    if not link.allow_upload or link.album is None or not link.album.is_manual:
        raise NotTaken("This link takes no files.")
    form = AnnouncementForm({"filename": name})
    if not form.is_valid():
        raise NotTaken("Mirage does not know this type of photo or video.")
    if size <= 0:
        raise NotTaken("The file is empty.")
    if not links.reserve(link, size):
        raise TooLarge("There is no room for this file: the link's limit is reached.")
    try:
        upload = uploads.create(link.owner, form.announcement(size))
        try:
            uploads.append(upload, 0, blocks(request))
            outcome = uploads.finish(upload)
        except BaseException:
            uploads.discard(upload)
            raise
    except BaseException:
        links.give_back(link, size)
        raise
    if outcome.photo is None:
        links.give_back(link, size)
        raise NotTaken("This file could not be read as a photo or video.")
    items.add(link.album, [outcome.photo.pk], None)


def blocks(request: HttpRequest) -> Iterator[bytes]:
    """The body, piece by piece."""
    http.limit_silence(request)
    while block := request.read(BLOCK):
        yield block
