"""Adding many photos to albums and removing them, in batches, with progress and undo (photos/editing/bulk.py)."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import ngettext

from accounts.models import User
from albums import items
from albums.models import Album, AlbumItem
from mirage.wording import number_in_words
from photos.editing.bulk import Change, Entry


@dataclass(frozen=True)
class AlbumChange(Change):
    """A change of the photos in an album."""

    album_id: int
    name: str = ""

    def sentence(self, number: int) -> str:
        """What was done to so many photos."""
        words = self.named(number) if self.name else self.unnamed(number)
        return words % {"number": number_in_words(number), "album": self.name}

    @abstractmethod
    def named(self, number: int) -> str:
        """The sentence with the album's name."""

    @abstractmethod
    def unnamed(self, number: int) -> str:
        """The sentence about an album whose name is not known."""

    @property
    def album(self) -> Album | None:
        return Album.objects.filter(pk=self.album_id).first()


@dataclass(frozen=True)
class AddToAlbum(AlbumChange):
    """Add photos to an album."""

    verb: ClassVar[str] = "added to album"

    def named(self, number: int) -> str:
        return ngettext("Photo added to %(album)s", "%(number)s photos added to %(album)s", number)

    def unnamed(self, number: int) -> str:
        return ngettext("Photo added to the album", "%(number)s photos added to the album", number)

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        album = self.album
        return [list(pair) for pair in items.add(album, photo_ids, by)] if album and album.is_manual else []

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        AlbumItem.objects.filter(album=self.album_id, pk__in=[item for _, item in entries]).delete()
        return 0


@dataclass(frozen=True)
class TakeOutOfAlbum(AlbumChange):
    """Remove photos from an album."""

    verb: ClassVar[str] = "removed from album"

    def named(self, number: int) -> str:
        return ngettext("Photo removed from %(album)s", "%(number)s photos removed from %(album)s", number)

    def unnamed(self, number: int) -> str:
        return ngettext("Photo removed from the album", "%(number)s photos removed from the album", number)

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        album = self.album
        return items.remove(album, photo_ids) if album else []

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        if album := self.album:
            items.put_back(album, entries)
        return 0
