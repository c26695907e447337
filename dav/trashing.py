"""Photos whose files a program deletes go to the trash, as one action with undo in the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import ngettext

from accounts.models import Activity, User
from mirage.wording import number_in_words
from photos.editing import bulk
from photos.editing.bulk import Change, Entry
from photos.models import Photo


@dataclass(frozen=True)
class DeletedThere(Change):
    """Move photos to the trash because a program deleted their files."""

    verb: ClassVar[str] = "deleted there"

    def sentence(self, number: int) -> str:
        words = ngettext(
            "Photo moved to the trash by a connected program",
            "%(number)s photos moved to the trash by a connected program",
            number,
        )
        return words % {"number": number_in_words(number)}

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        present = Photo.objects.filter(pk__in=photo_ids).present()
        ids = list(present.values_list("pk", flat=True))
        Photo.objects.filter(pk__in=ids).trash()
        return ids

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        """Restore them. Returns how many are gone for good."""
        return len(entries) - Photo.objects.filter(pk__in=entries).trashed().restore()


def move_to_trash(owner: User, photo_ids: Sequence[int]) -> Activity | None:
    """Move these photos of the owner to the trash. Returns the action, or None if there are none."""
    photos = Photo.objects.filter(pk__in=photo_ids, owner=owner).present()
    return bulk.make(owner, photos, DeletedThere(), owner) if photos.exists() else None
