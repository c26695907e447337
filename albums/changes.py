"""Putting many photos into albums, batch by batch, with progress and undo (photos/editing/bulk.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from accounts.models import User
from albums import items
from albums.models import Album, AlbumItem
from photos.editing.bulk import Change, Difference, Entry


@dataclass(frozen=True)
class AddToAlbum(Change):
    """Photos into an album by hand."""

    album_id: int
    name: str = ""
    verb: ClassVar[str] = "added to album"

    @property
    def told(self) -> str:
        return f"added to {self.name}" if self.name else "added to the album"

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        album = Album.objects.filter(pk=self.album_id, kind=Album.Kind.MANUAL).first()
        return [list(pair) for pair in items.add(album, photo_ids, by)] if album else []

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        AlbumItem.objects.filter(album=self.album_id, pk__in=[item for _, item in entries]).delete()
        return 0

    def differences(self, photo_ids: Sequence[int]) -> list[Difference]:
        there = set(AlbumItem.objects.filter(album=self.album_id, photo__in=photo_ids).values_list("photo", flat=True))
        return [
            Difference(photo_id, {"album": (None, self.album_id)}) for photo_id in photo_ids if photo_id not in there
        ]


@dataclass(frozen=True)
class TakeOutOfAlbum(Change):
    """The user's photos out of an album by hand."""

    album_id: int
    name: str = ""
    verb: ClassVar[str] = "removed from album"

    @property
    def told(self) -> str:
        return f"taken out of {self.name}" if self.name else "taken out of the album"

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        album = Album.objects.filter(pk=self.album_id).first()
        return items.remove(album, photo_ids) if album else []

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        album = Album.objects.filter(pk=self.album_id).first()
        if album:
            items.put_back(album, entries)
        return 0

    def differences(self, photo_ids: Sequence[int]) -> list[Difference]:
        there = set(AlbumItem.objects.filter(album=self.album_id, photo__in=photo_ids).values_list("photo", flat=True))
        return [Difference(photo_id, {"album": (self.album_id, None)}) for photo_id in photo_ids if photo_id in there]
