"""What an iPhone edited: IMG_E1234 is stacked with IMG_1234, with the edit on top, in whatever order they come.

The phone keeps the original, the edited picture and, of a Live Photo, the video of each. Its numbers begin again after
9,999 photos, so time, camera and folder must agree as well.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from pathlib import PurePath

from django.db import transaction
from django.db.models import Q

from photos.gallery.stacking.beside import beside
from photos.models import PairDecision, Photo, Stack

NAME = re.compile(r"^([A-Z]{3}_)(E?)(\d{4,}[^.]*)$", re.IGNORECASE)
STILLS = ("heic", "jpg", "jpeg", "heif", "png", "dng", "tiff", "webp")
VIDEOS = ("mov", "mp4", "m4v")
APART = timedelta(seconds=2)  # the most that the times of both differ
Kind = Stack.Kind
# Stacks that an edit may join, the weightiest first. The others are the owner's own.
JOINED = (Kind.BURST, Kind.LIVE, Kind.RAW, Kind.EDITED, Kind.COPY)


def join(photo: Photo) -> Stack | None:
    """Stack the photo with what it was edited from, or into, if that is in the library."""
    named = NAME.match(PurePath(photo.original_name).stem)
    if named is None or photo.is_copy or photo.trashed_at:
        return None
    others = [other.pk for other in counterparts(photo, named) if belongs(photo, other)]
    edits, originals = ([photo.pk], others) if named[2] else (others, [photo.pk])
    stack = None
    for edit, original in product(edits, originals):
        stack = put_together(edit, original, originals) or stack
    return stack


def counterparts(photo: Photo, named: re.Match[str]) -> list[Photo]:
    """The photos of the other name: IMG_1234 for IMG_E1234, and the other way round."""
    stems = [named[1] + named[3]] if named[2] else [named[1] + letter + named[3] for letter in "Ee"]
    wanted = {stem.lower() for stem in stems}
    found = beside(photo, stems, VIDEOS if photo.is_video else STILLS).filter(kind=photo.kind).present().order_by("pk")
    return [one for one in found if PurePath(one.original_name).stem.lower() in wanted]


def belongs(photo: Photo, other: Photo) -> bool:
    """Whether both are of one moment and one camera, as far as the files say."""
    cameras = {one.camera_model for one in (photo, other) if one.camera_model}
    if len(cameras) > 1 or not photo.taken_precision == other.taken_precision == Photo.Precision.TIME:
        return False
    # An edit may have lost the time zone, but then its clock shows the same.
    apart = min(abs(photo.taken_at - other.taken_at), abs(photo.taken_local - other.taken_local))
    return apart <= APART


@transaction.atomic
def put_together(edit_id: int, original_id: int, originals: Sequence[int]) -> Stack | None:
    """One stack of both and of what each is stacked with. None if their owner has put them elsewhere, or apart.

    The edit takes the place of `originals` as the cover: a RAW and its JPEG have one edit.
    """
    both = Photo.objects.select_for_update(of=("self",)).select_related("stack").in_bulk([edit_id, original_id])
    edit, original = both[edit_id], both[original_id]
    if edit.stack is not None and edit.stack_id == original.stack_id:
        return edit.stack
    stacks = [stack for stack in (original.stack, edit.stack) if stack is not None]
    pair = {"first": min(both), "second": max(both), "verdict": PairDecision.Verdict.DIFFERENT}
    if any(stack.kind not in JOINED for stack in stacks) or PairDecision.objects.filter(**pair).exists():
        return None
    stack = stacks[0] if stacks else Stack(owner_id=edit.owner_id)
    kinds = [one.kind for one in stacks if one.kind != Kind.COPY]
    shown = original.stack.cover_id if original.stack else original.pk
    if shown is None or shown in originals:  # otherwise the owner has chosen, or the still of a Live Photo is shown
        shown = (edit.stack.cover_id if edit.stack else None) or edit.pk
    stack.kind, stack.cover_id = min(kinds, key=JOINED.index, default=Kind.EDITED), shown
    stack.save()
    Photo.objects.filter(Q(pk__in=both) | Q(stack__in=stacks)).update(stack=stack)
    Stack.objects.filter(pk__in=[one.pk for one in stacks if one != stack]).delete()
    return stack
