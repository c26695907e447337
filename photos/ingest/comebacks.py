"""Photos that are in the trash and imported again are restored, as one action with undo in the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from django.utils.translation import ngettext

from accounts.models import Activity, User
from mirage.wording import number_in_words
from photos.editing import bulk
from photos.editing.bulk import Change, Entry
from photos.models import Photo

AT_ONCE = 500  # a killed import loses at most this many


@dataclass(frozen=True)
class BringBack(Change):
    """Take photos out of the trash because their files were imported again."""

    verb: ClassVar[str] = "brought back"

    def sentence(self, number: int) -> str:
        words = ngettext("Photo restored from the trash", "%(number)s photos restored from the trash", number)
        return words % {"number": number_in_words(number)}

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        trashed = Photo.objects.filter(pk__in=photo_ids).trashed()
        ids = list(trashed.values_list("pk", flat=True))
        Photo.objects.filter(pk__in=ids).restore()
        return ids

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        """Put them back into the trash. Their days there start again."""
        return len(entries) - Photo.objects.filter(pk__in=entries).trash()


class Comebacks:
    """The photos that one import brings back, in batches. The last batch is brought back at the end."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self._waiting: list[int] = []
        self._known: set[int] = set()

    def add(self, photo: Photo) -> bool:
        """Bring this photo back. Whether it was not already added."""
        photo.trashed_at = None
        if photo.pk in self._known:
            return False
        self._known.add(photo.pk)
        self._waiting.append(photo.pk)
        if len(self._waiting) >= AT_ONCE:
            self.flush()
        return True

    def flush(self) -> Activity | None:
        """Bring back the photos added so far. Returns the action, which can be undone."""
        ids, self._waiting = self._waiting, []
        return bring_back(self.owner, ids)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()


def bring_back(owner: User, photo_ids: Sequence[int]) -> Activity | None:
    """Restore those of these photos that are in the trash. Returns the action, or None if there are none."""
    trashed = Photo.objects.filter(pk__in=photo_ids, owner=owner).trashed()
    return bulk.make(owner, trashed, BringBack(), owner) if trashed.exists() else None
