"""Putting the kept photo into the albums and links of its duplicates (duplicates/merging.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from albums.models import Album, AlbumItem, ShareLink
from photos.models import Photo


def merge_albums(kept: Photo, others: Sequence[Photo], _stamp: datetime, by: User) -> Any:
    """Put the kept photo into the albums and links that only its duplicates are in, and on covers in their place."""
    there = set(AlbumItem.objects.filter(photo=kept).values_list("album_id", flat=True))
    added = []
    for item in AlbumItem.objects.filter(photo__in=others).order_by("position", "pk"):
        if item.album_id not in there:
            there.add(item.album_id)
            place = {"album_id": item.album_id, "position": item.position, "heading": item.heading}
            added.append(AlbumItem.objects.create(photo=kept, added_by=by, **place).pk)
    gone = {other.key for other in others}
    links = [link for link in ShareLink.objects.filter(owner=kept.owner_id) if gone.intersection(link.photo_keys)]
    shown = [[link.pk, show_instead(link, gone, kept.key)] for link in links]
    covers = list(Album.objects.filter(cover__in=others).values_list("pk", "cover_id"))
    Album.objects.filter(cover__in=others).update(cover=kept)
    if not (added or shown or covers):
        return None
    return {"items": added, "links": shown, "covers": covers, "kept": kept.pk}


def show_instead(link: ShareLink, gone: set[str], kept: str) -> list[str]:
    """Let a link show the kept photo in the place of the first of the others. The keys that it had."""
    had = link.photo_keys
    link.photo_keys = list(dict.fromkeys(kept if key in gone else key for key in had))
    link.save(update_fields=["photo_keys"])
    return list(had)


def unmerge_albums(needed: Any, _stamp: datetime) -> None:
    AlbumItem.objects.filter(pk__in=needed["items"]).delete()
    for pk, keys in needed["links"]:
        ShareLink.objects.filter(pk=pk).update(photo_keys=keys)
    for pk, cover in needed["covers"]:
        Album.objects.filter(pk=pk, cover=needed["kept"]).update(cover=Photo.objects.filter(pk=cover).first())
