"""Copies of photos: another edit of the same file, with its own words, stars, tags and albums, in the photo's stack.

A copy is a photo without a file of its own (photos/pipeline/shared_files.py). It begins with what its photo has, but in
no album and without comments.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts import batches
from accounts.models import Activity, User
from mirage.registry import Registry
from mirage.wording import number_in_words
from photos import pipeline
from photos.editing import bulk
from photos.editing.bulk import Change, Entry, pack, unpack
from photos.models import Photo, PhotoEdit, PhotoQuerySet, RawMetadata, Stack, StageRun, make_key
from photos.pipeline import shared_files

# What other apps add to a copy: functions that get the id of the photo and the id of its copy
COPIED: Registry[Callable[[int, int], None]] = Registry("kind of what is copied")
OWN = ("id", "key", "copy_number", "added_at", "trashed_at", "stack")  # columns that a copy does not take over


@transaction.atomic
def make_copy(photo: Photo, by: User | None, change: Change | None = None) -> Photo:
    """Make a copy of the photo, and change it so: SetPicture for another edit. Returns the copy.

    The copy is stacked with the photo, whose stack keeps its cover. Undo is up to the caller: `MakeCopies` has it.
    """
    photo = held(photo)
    numbers = [one.copy_number for one in shared_files.photos_of_file(photo.owner_id, photo.sha256)]
    columns = {
        field.attname: getattr(photo, field.attname) for field in Photo._meta.concrete_fields if field.name not in OWN
    }
    copy = Photo(**columns, key=make_key(), copy_number=max(numbers) + 1, added_at=timezone.now())
    copy.stack = stack_of(photo)
    copy.save()
    copy_rows(photo, copy)
    for add in COPIED.values():
        add(photo.pk, copy.pk)
    pipeline.start([copy.pk])
    if change is not None:
        change.apply([copy.pk], timezone.now(), by)
        copy.refresh_from_db()
    return copy


def held(photo: Photo) -> Photo:
    """The photo as it is now. A move, a write or another copy of its file waits until the transaction ends."""
    locked = ""
    while photo.sha256 != locked:  # a write was faster, and its file is another now
        locked = photo.sha256
        list(Photo.objects.select_for_update().filter(owner=photo.owner_id, sha256=locked).order_by("pk"))
        photo = Photo.objects.get(pk=photo.pk)
    return photo


def save_copy(photo: Photo, change: Change | None, by: User) -> Photo:
    """Make a copy of the photo and change it, as an action with undo. Returns the copy."""
    copies = MakeCopies.changed_by(change) if change else MakeCopies()
    activity = bulk.make(photo.owner, Photo.objects.filter(pk=photo.pk), copies, by)
    return copies_made(activity).get()


def copies_made(activity: Activity) -> PhotoQuerySet:
    """The copies that an action made."""
    made = [pk for before in activity.detail["before"] for pk in batches.expand(before)]
    return Photo.objects.filter(pk__in=made)


def stack_of(photo: Photo) -> Stack:
    """The photo's stack; a new one if it has none."""
    if photo.stack is None:
        photo.stack = Stack.objects.create(owner_id=photo.owner_id, kind=Stack.Kind.COPY, cover=photo)
        photo.save(update_fields=["stack"])
    return photo.stack


def copy_rows(photo: Photo, copy: Photo) -> None:
    """What the file says, the owner's edits, and that the stages of every photo are done."""
    RawMetadata.objects.bulk_create(again(RawMetadata.objects.filter(photo=photo), copy))
    PhotoEdit.objects.bulk_create(again(PhotoEdit.objects.filter(photo=photo), copy))
    shared = [name for name, stage in pipeline.STAGES.items() if not stage.once_a_file and not stage.on_demand]
    done = StageRun.objects.filter(photo=photo, stage__in=shared, status=StageRun.Status.DONE)
    StageRun.objects.bulk_create(again(done, copy))


def again(rows: Any, copy: Photo) -> list[Any]:
    """These rows of the photo as rows of the copy, not saved yet."""
    found = list(rows)
    for row in found:
        if not row._meta.pk.remote_field:
            row.pk = None
        row.photo_id = copy.pk
    return found


@dataclass(frozen=True)
class MakeCopies(Change):
    """Make a copy of each photo and change it. `change` is packed. Undo puts the copies into the trash."""

    change: dict[str, Any] | None = None
    verb: ClassVar[str] = "copied photo"

    @classmethod
    def changed_by(cls, change: Change) -> "MakeCopies":
        return cls(pack(change))

    def sentence(self, number: int) -> str:
        words = ngettext("Copy saved", "%(number)s copies saved", number)
        return words % {"number": number_in_words(number)}

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        photos = Photo.objects.filter(pk__in=photo_ids).present().order_by("pk")
        change = unpack(self.change) if self.change else None
        return [make_copy(photo, by, change).pk for photo in photos]

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        """Put the copies into the trash. Returns how many are there, or gone, already."""
        return len(entries) - Photo.objects.filter(pk__in=entries).trash()
