"""Whose files, locks and devices a user has. Everything over WebDAV is fetched here, for the user who signed in."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from dav.models import Device, Entry, Lock
from dav.protocol.paths import Segments, key

FIELDS = tuple(field.name for field in Entry._meta.concrete_fields)
# What is told of a photo and needed to send it; its row has many more columns.
SENT = ("owner", "path", "in_place", "original_name", "media_type", "sha256", "sha1", "favourite", "picture_edit")


def entries_of(user: User) -> QuerySet[Entry]:
    """All files and folders below the user's `Upload/`."""
    return Entry.objects.filter(owner=user)


def entry_at(user: User, names: Segments, *, with_photo: bool = False) -> Entry | None:
    """The file or folder at this path below `Upload/`, in one query. None if there is none."""
    if not names:
        return None
    wanted: dict[str, Any] = {}
    above = ""
    for name in reversed(names):
        wanted[f"{above}name_key"] = key(name)
        above += "parent__"
    wanted[above.removesuffix("__")] = None
    found = entries_of(user).filter(**wanted)
    return next(iter(with_photos(found)[:1] if with_photo else found[:1]), None)


def with_photos(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same, with what is told of their photos."""
    return entries.select_related("photo").only(*FIELDS, *(f"photo__{field}" for field in SENT))


def inside(user: User, folder: Entry | None) -> QuerySet[Entry]:
    """What is in a folder, or at the top of `Upload/`."""
    return entries_of(user).filter(parent=folder)


def locks_of(user: User) -> QuerySet[Lock]:
    """The locks in the user's `Upload/`."""
    return Lock.objects.filter(owner=user)


def devices_of(user: User) -> QuerySet[Device]:
    """The user's connected devices, those that sent last first."""
    devices = Device.objects.filter(user=user).select_related("token", "album")
    return devices.order_by("-last_upload_at", "-pk")


def device_or_404(user: User, pk: int) -> Device:
    """The user's device. Raises Http404."""
    return get_object_or_404(devices_of(user), pk=pk)
