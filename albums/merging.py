"""Putting the kept photo into the albums of its duplicates (duplicates/merging.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from albums.models import AlbumItem
from photos.models import Photo


def merge_albums(kept: Photo, others: Sequence[Photo], _stamp: datetime, by: User) -> Any:
    """Put the kept photo into the albums that only its duplicates are in."""
    there = set(AlbumItem.objects.filter(photo=kept).values_list("album_id", flat=True))
    added = []
    for item in AlbumItem.objects.filter(photo__in=others).order_by("position", "pk"):
        if item.album_id not in there:
            there.add(item.album_id)
            place = {"album_id": item.album_id, "position": item.position, "heading": item.heading}
            added.append(AlbumItem.objects.create(photo=kept, added_by=by, **place).pk)
    return added or None


def unmerge_albums(needed: Any, _stamp: datetime) -> None:
    AlbumItem.objects.filter(pk__in=needed).delete()
