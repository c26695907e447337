"""The albums that arriving photos go to: the one that their device has, and those that folders become."""

import re

from django.db import transaction

from albums import actions, items
from albums.access import albums_of, role_in
from albums.models import Album, Role
from dav.models import Device, Entry
from mirage.refusals import NotPossible
from photos.models import Photo

# Folders that every camera has, and those by date: they say nothing that the photos do not say.
MEANINGLESS = re.compile(
    r"dcim|camera( roll)?|kamera|photos?|pictures|images?|uploads?|instantupload|auto ?upload|\d+|\d{3}[a-z_]{5}"
    r"|\d{4}[-_.]\d\d([-_.]\d\d)?",
    re.IGNORECASE,
)


def add(device: Device, entry: Entry, photo: Photo) -> None:
    """Add a photo that has arrived to the albums that it goes to."""
    for album in (of_device(device), of_folder(entry.parent) if device.folders_as_albums else None):
        if album is not None:
            items.add(album, [photo.pk], device.user)


def of_device(device: Device) -> Album | None:
    """The device's album, as long as its user may add photos to it."""
    album = device.album
    if album is None or album.deleted_at or not album.is_manual:
        return None
    role = role_in(device.user, album)
    return album if role is not None and role >= Role.CONTRIBUTOR else None


def of_folder(folder: Entry | None) -> Album | None:
    """The album that a folder has become, or becomes now. None for folders that say nothing.

    An album that its owner has renamed stays the folder's; one that was deleted is not made again.
    """
    if folder is None or MEANINGLESS.fullmatch(folder.name):
        return None
    if folder.album is not None:
        return None if folder.album.deleted_at else folder.album
    with transaction.atomic():
        known = albums_of(folder.owner).filter(name=folder.name, kind=Album.Kind.MANUAL).order_by("pk").first()
        try:
            album = known or actions.create(folder.owner, folder.name)
        except NotPossible:
            return None
        Entry.objects.filter(pk=folder.pk).update(album=album)
        folder.album = album
    return album
