"""Stacks: photos shown as one tile. RAW with JPEG and bursts are stacked as they come, others by their owner.

Live Photos: photos/live.py. What the owner has stacked otherwise is left alone.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import PurePath

from django.db import transaction

from photos.mediatypes import RAW_MIMES
from photos.models import Photo, PhotoQuerySet, Stack

_APART = timedelta(seconds=2)  # between what a camera writes into the RAW and into the JPEG of one release
_DEVELOPED = ("image/jpeg", "image/heic", "image/heif", "image/avif", "image/jxl")


def stack(photo_ids: Sequence[int]) -> None:
    """Stack these photos with what they belong to."""
    for photo in Photo.objects.filter(id__in=photo_ids, stack=None).present():
        if photo.burst_id:
            stack_burst(photo)
        elif not photo.is_video:
            stack_raw(photo)


def stack_burst(photo: Photo) -> Stack | None:
    """The photos with the burst's identifier; the cover is the first, until the owner chooses another."""
    mine = Photo.objects.filter(owner=photo.owner_id, burst_id=photo.burst_id).present()
    return _gather(mine.filter(camera_model=photo.camera_model).order_by("taken_at", "pk"), Stack.Kind.BURST)


def stack_raw(photo: Photo) -> Stack | None:
    """A camera's RAW and the JPEG or HEIC it wrote with it: one name, one moment. The developed one is the cover."""
    stem = PurePath(photo.original_name).stem
    near = Photo.objects.filter(
        owner=photo.owner_id,
        kind=Photo.Kind.PHOTO,
        taken_at__range=(photo.taken_at - _APART, photo.taken_at + _APART),
        original_name__istartswith=stem + ".",
    ).present()
    same_name = [one for one in near if PurePath(one.original_name).stem.lower() == stem.lower()]
    raws = [one for one in same_name if one.media_type in RAW_MIMES]
    developed = [one for one in same_name if one.media_type in _DEVELOPED]
    if len(raws) != 1 or len(developed) != 1 or folder_of(raws[0]) != folder_of(developed[0]):
        return None
    return _gather([developed[0], raws[0]], Stack.Kind.RAW)


def folder_of(photo: Photo) -> PurePath:
    """Where it lies. In the library RAW and JPEG of one moment lie in the same month's folder."""
    return PurePath(photo.path).parent


def _gather(photos: Iterable[Photo] | PhotoQuerySet, kind: Stack.Kind) -> Stack | None:
    """One stack of these; the first is the cover of a new one. None where there is one photo, or another stack."""
    members = list(photos)
    stacks = {photo.stack for photo in members if photo.stack_id is not None}
    if len(members) < 2 or len(stacks) > 1 or any(stack.kind != kind for stack in stacks if stack):
        return None
    with transaction.atomic():
        made = stacks.pop() if stacks else None
        if made is None:
            made = Stack.objects.create(owner_id=members[0].owner_id, kind=kind, cover=members[0])
        Photo.objects.filter(pk__in=[photo.pk for photo in members], stack=None).update(stack=made)
    return made


# --- what owners do -----------------------------------------------------------------------------------------------


@transaction.atomic
def make(photos: Sequence[Photo], cover: Photo, kind: Stack.Kind = Stack.Kind.MANUAL) -> Stack:
    """Stack these photos of one owner under a cover; they leave the stacks they were in."""
    members = Photo.objects.filter(pk__in=[photo.pk for photo in photos])
    left = set(members.exclude(stack=None).values_list("stack_id", flat=True))
    made = Stack.objects.create(owner_id=cover.owner_id, kind=kind, cover=cover)
    members.update(stack=made)
    dissolve_small(left)
    return made


def dissolve(stack: Stack) -> None:
    """Show its photos one by one again."""
    stack.delete()  # the photos' reference becomes empty


def dissolve_small(stack_ids: Iterable[int]) -> None:
    """Remove those of these stacks that hold fewer than two photos."""
    for one in Stack.objects.filter(pk__in=list(stack_ids)):
        if one.photos.count() < 2:
            one.delete()
