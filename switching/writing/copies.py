"""Virtual copies: photos of the other program that share a file. Each becomes a copy here, stacked with its photo.

A copy begins with what its photo has. Steps name one that is not made yet by the program's key: "copy:KEY".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from photos.editing.virtual_copies import make_copy
from photos.models import Comment, Photo, PhotoEdit, Stack
from photos.storage import deletion
from switching.ledger import Ledger
from switching.writing.wishes import PhotoWish
from tags.models import PhotoTag

COPY = "copy"  # kind in the ledger
TO_COME = "copy:"
GONE = 0  # the owner has deleted it


def place_of(ledger: Ledger, key: str, made: Mapping[str, int | None]) -> int | str:
    """The copy here; GONE if it was deleted; "copy:KEY" if it is to come. `made` are those of the ledger."""
    if key[:255] not in made:
        return TO_COME + key
    there = Photo.objects.filter(owner=ledger.owner, pk=made[key[:255]] or GONE)
    return made[key[:255]] or GONE if there.exists() else GONE


def in_album(ledger: Ledger, wish: Mapping[str, Any]) -> dict[str, Any]:
    """An album's wish with the copies that came since the report, in the place of their keys."""
    made = ledger.targets(COPY) if any(isinstance(photo, str) for photo in (*wish["photos"], wish["cover"])) else {}
    here = {photo: made.get(photo.removeprefix(TO_COME)[:255]) for photo in wish["photos"] if isinstance(photo, str)}
    photos = [here.get(photo, photo) for photo in wish["photos"]]
    return {**wish, "photos": [photo for photo in photos if photo], "cover": here.get(wish["cover"], wish["cover"])}


def make(
    ledger: Ledger, wishes: Sequence[Mapping[str, Any]], by: User | None
) -> tuple[list[list[Any]], list[PhotoWish]]:
    """Make the copies that are not here yet. Returns key, photo and state of each, and what is to be set on them."""
    made: list[list[Any]] = []
    wanted: list[PhotoWish] = []
    here = Photo.objects.filter(owner=ledger.owner).in_bulk([wish["photo"] for wish in wishes])
    known = ledger.targets(COPY)
    for wish in wishes:
        if wish["key"][:255] not in known and wish["photo"] in here:
            copy = make_copy(here[wish["photo"]], by)
            forget_edits(copy, wish["wish"]["words"])
            ledger.note(COPY, wish["key"], copy.pk)
            made.append([wish["key"], copy.pk, state_of(copy.pk)])  # before anything is set on it
            told: PhotoWish = wish["wish"]
            wanted.append({**told, "photo": copy.pk})
    return made, wanted


def forget_edits(copy: Photo, words: Mapping[str, Any]) -> None:
    """What the program says of the copy counts for more than what the copy has from its photo."""
    others = [name for name, value in words.items() if getattr(copy, name) != value]
    PhotoEdit.objects.filter(photo=copy, field__in=others).delete()


def remove(ledger: Ledger, made: Sequence[Sequence[Any]], stamp: datetime) -> None:
    """Delete these copies again, when what was set on them is undone.

    One that somebody has worked on since goes into the trash instead.
    """
    for key, pk, state in reversed(made):
        copy = Photo.objects.filter(pk=pk, copy_number__gt=0)
        if was_touched(pk, stamp, state):
            copy.trash()
        else:
            stack = copy.values_list("stack", flat=True).first()
            deletion.delete(copy)
            forget_stack(stack)
        ledger.forget(COPY, key)


def state_of(pk: int) -> list[Any]:
    """Heart, archive and the owner's tags of a photo: what somebody may set without leaving a date."""
    photo = Photo.objects.get(pk=pk)
    tags = PhotoTag.objects.filter(Q(source=PhotoTag.Source.OWNER) | Q(rejected=True), photo=pk).order_by("tag")
    return [photo.favourite, photo.archived, [list(row) for row in tags.values_list("tag", "rejected")]]


def was_touched(pk: int, stamp: datetime, state: Sequence[Any]) -> bool:
    """Whether somebody set something, put it into an album or said something about it since."""
    photo = Photo.objects.filter(pk=pk).first()
    return photo is not None and (
        state_of(pk) != state
        or PhotoEdit.objects.filter(photo=pk, at__gt=stamp).exists()
        or Comment.objects.filter(photo=pk).exists()
        or photo.album_items.exists()
    )


def forget_stack(pk: int | None) -> None:
    """Delete a stack that was only made for copies, when its photo is alone again."""
    stack = Stack.objects.filter(pk=pk or 0, kind=Stack.Kind.COPY).first()
    if stack and stack.photos.count() < 2:
        stack.delete()
