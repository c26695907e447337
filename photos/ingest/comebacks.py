"""What lies in the trash and comes again is brought back: one action in the history, with undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from accounts.models import Activity, User
from photos.editing import bulk
from photos.editing.bulk import Change, Entry
from photos.models import Photo

AT_ONCE = 500  # an import that is killed has brought back all but so many


@dataclass(frozen=True)
class BringBack(Change):
    """Take photos out of the trash, because their files came again."""

    verb: ClassVar[str] = "brought back"

    @property
    def told(self) -> str:
        return "back from the trash"

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        trashed = Photo.objects.filter(pk__in=photo_ids).trashed()
        ids = list(trashed.values_list("pk", flat=True))
        Photo.objects.filter(pk__in=ids).restore()
        return ids

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        """With all days before them again: they may have been there for long."""
        return len(entries) - Photo.objects.filter(pk__in=entries).trash()


class Comebacks:
    """The photos that one import brings back, in one action or a few. Those that wait are brought back at its end."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self._waiting: list[int] = []
        self._known: set[int] = set()

    def add(self, photo: Photo) -> bool:
        """Bring this photo back. Whether that is news."""
        photo.trashed_at = None
        if photo.pk in self._known:
            return False
        self._known.add(photo.pk)
        self._waiting.append(photo.pk)
        if len(self._waiting) >= AT_ONCE:
            self.flush()
        return True

    def flush(self) -> Activity | None:
        """Bring back those that wait; the action that undoes it."""
        ids, self._waiting = self._waiting, []
        return bring_back(self.owner, ids)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()


def bring_back(owner: User, photo_ids: Sequence[int]) -> Activity | None:
    """Take those of these photos that lie in the trash out of it; the action that undoes it, if there are any."""
    trashed = Photo.objects.filter(pk__in=photo_ids, owner=owner).trashed()
    return bulk.make(owner, trashed, BringBack(), owner) if trashed.exists() else None
