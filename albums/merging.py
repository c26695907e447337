"""Letting a kept photo take its duplicates' places in albums (duplicates/merging.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from albums.models import AlbumItem
from photos.models import Photo


def merge_albums(kept: Photo, others: Sequence[Photo], _stamp: datetime, by: User) -> Any:
    """Put the kept photo where the others are and it is not."""
    there = set(AlbumItem.objects.filter(photo=kept).values_list("album_id", flat=True))
    added = []
    for item in AlbumItem.objects.filter(photo__in=others).order_by("position", "pk"):
        if item.album_id not in there:
            there.add(item.album_id)
            place = AlbumItem(album_id=item.album_id, photo=kept, position=item.position, heading=item.heading)
            place.added_by = by
            place.save()
            added.append(place.pk)
    return added or None


def unmerge_albums(needed: Any, _stamp: datetime) -> None:
    AlbumItem.objects.filter(pk__in=needed).delete()
