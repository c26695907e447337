"""Stacks: photos shown as one tile. Mirage stacks RAW with JPEG and bursts here.

Live Photos: photos/gallery/stacking/live.py. Edits of a phone: photos/gallery/stacking/phone_edits.py.

Stacks that the owner made stay as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Activity, User
from media.mediatypes import RAW, RAW_MIMES
from media.sentences import english
from photos.gallery.stacking.beside import beside
from photos.models import PairDecision, Photo, PhotoQuerySet, Stack

MOST = 1_000  # photos in one stack
_ABSORBED = (Stack.Kind.COPY, Stack.Kind.EDITED)  # kinds of stacks that become part of a larger one
TARGET = "stacks"  # target_type of these activities
_APART = timedelta(seconds=2)  # the most that the times of a RAW and its JPEG differ
_DEVELOPED = ("image/jpeg", "image/heic", "image/heif", "image/avif", "image/jxl")
_NAMES = ("jpg", "jpeg", "heic", "heif", "hif", "avif", "jxl", *(extension.removeprefix(".") for extension in RAW))


def stack(photo_ids: Sequence[int]) -> None:
    """Stack these photos with the photos that belong to them."""
    alone = Q(stack=None) | Q(stack__kind__in=_ABSORBED)
    for photo in Photo.objects.filter(alone, id__in=photo_ids).of_files().present():
        if photo.burst_id:
            stack_burst(photo)
        elif not photo.is_video:
            stack_raw(photo)


def stack_burst(photo: Photo) -> Stack | None:
    """Stack the photos with the burst's identifier. The first is the cover, unless the owner chooses another."""
    mine = Photo.objects.filter(owner=photo.owner_id, burst_id=photo.burst_id, burst_id__gt="").of_files().present()
    return _gather(mine.filter(camera_model=photo.camera_model).order_by("taken_at", "pk"), Stack.Kind.BURST)


def stack_raw(photo: Photo) -> Stack | None:
    """Stack a RAW with its JPEG or HEIC: the same name, folder and time. The JPEG or HEIC is the cover."""
    stem = PurePath(photo.original_name).stem
    others = beside(photo, [stem], _NAMES).filter(kind=Photo.Kind.PHOTO)
    near = others.filter(taken_at__range=(photo.taken_at - _APART, photo.taken_at + _APART)).present()
    same_name = [photo, *(one for one in near if PurePath(one.original_name).stem.lower() == stem.lower())]
    raws = [one for one in same_name if one.media_type in RAW_MIMES]
    developed = [one for one in same_name if one.media_type in _DEVELOPED]
    if len(raws) != 1 or len(developed) != 1 or folder_of(raws[0]) != folder_of(developed[0]):
        return None
    return _gather([developed[0], raws[0]], Stack.Kind.RAW)


def folder_of(photo: Photo) -> PurePath:
    """The folder of the photo's file."""
    return PurePath(photo.path).parent


def _gather(photos: Iterable[Photo] | PhotoQuerySet, kind: Stack.Kind) -> Stack | None:
    """Put these in one stack, with the first as the cover if it is new. None if they are in other stacks.

    Copies and edits of these photos come along, and an edit stays on top.
    """
    members = list(photos)
    ids = [photo.pk for photo in members]
    if PairDecision.objects.filter(first__in=ids, second__in=ids, verdict=PairDecision.Verdict.DIFFERENT).exists():
        return None  # the owner unstacked them
    found = {photo.stack for photo in members if photo.stack_id is not None}
    stacks = {stack for stack in found if stack and stack.kind not in _ABSORBED}
    if len(members) < 2 or len(stacks) > 1 or any(stack.kind != kind for stack in stacks):
        return None
    with transaction.atomic():
        made = stacks.pop() if stacks else None
        if made is None:
            edits = (stack.cover for stack in found if stack and stack.kind == Stack.Kind.EDITED)
            cover = next(filter(None, edits), members[0])
            made = Stack.objects.create(owner_id=cover.owner_id, kind=kind, cover=cover)
        alone = Q(pk__in=[photo.pk for photo in members], stack=None)
        along = Q(stack__in=found, stack__kind__in=_ABSORBED)
        Photo.objects.filter(alone | along).update(stack=made)
    return made


# --- stacking by owners -----------------------------------------------------------------------------------------------


@transaction.atomic
def make(photos: Sequence[Photo], cover: Photo, kind: Stack.Kind = Stack.Kind.MANUAL) -> Stack:
    """Stack these photos of one owner. Their previous stacks are kept for undo, with fewer photos."""
    made = Stack.objects.create(owner_id=cover.owner_id, kind=kind, cover=cover)
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).update(stack=made)
    return made


def put_back(before: Mapping[str, int | None], *, made: int = 0) -> None:
    """Put photos back into their previous stacks (photo id -> stack id), and delete the stack that was made."""
    Stack.objects.filter(pk=made).delete()  # sets the stack of its photos to None
    standing = set(Stack.objects.filter(pk__in=filter(None, before.values())).values_list("pk", flat=True))
    for photo_id, stack_id in before.items():
        Photo.objects.filter(pk=photo_id).update(stack_id=stack_id if stack_id in standing else None)


@transaction.atomic
def stack_chosen(owner: User, photos: Sequence[Photo], by: User) -> Activity:
    """Stack chosen photos. The cover is the first cover of their previous stacks, or else the first photo taken."""
    ordered = sorted(photos, key=lambda photo: (photo.taken_at, photo.pk))
    covers = [photo for photo in ordered if photo.stack and photo.stack.cover_id == photo.pk]
    before = {str(photo.pk): photo.stack_id for photo in ordered}
    made = make(ordered, (covers or ordered)[0])
    return note(owner, by, english("stacked photos"), {"stack": made.pk, "before": before, "decided": []})


@transaction.atomic
def unstack(stack: Stack, by: User) -> Activity:
    """Take a stack apart. From now on its photos count as different: not stacked again, and not duplicates."""
    ids = list(stack.photos.values_list("pk", flat=True))
    decided = PairDecision.objects.decide_different(ids, by)
    stack.photos.update(stack=None)
    before = {str(photo_id): stack.pk for photo_id in ids}
    return note(stack.owner, by, english("unstacked photos"), {"stack": 0, "before": before, "decided": decided})


def note(owner: User, by: User, verb: str, detail: dict[str, Any]) -> Activity:
    return Activity.objects.create(owner=owner, actor=by, verb=verb, target_type=TARGET, detail=detail)


def revert(activity: Activity, by: User) -> None:
    """Undo stacking or unstacking."""
    PairDecision.objects.forget(activity.detail["decided"])
    put_back(activity.detail["before"], made=activity.detail["stack"])
