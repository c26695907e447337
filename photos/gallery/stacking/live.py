"""Live Photos: pairing a still with its video, by the identifier in both files or by their names."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePath

from django.db import transaction
from django.db.models import Q

from photos.gallery.stacking import phone_edits
from photos.gallery.stacking.beside import beside
from photos.models import PairDecision, Photo, Stack

Halves = tuple[Photo, Photo]  # the still and the video
JOINED = (Stack.Kind.LIVE, Stack.Kind.EDITED, Stack.Kind.COPY)  # the kinds of stacks that become part of a Live Photo's

LONGEST = 10.0  # seconds of the video
SAME_MOMENT = timedelta(seconds=3)  # the most that the two times differ
QUARTER, FURTHEST = timedelta(minutes=15), timedelta(hours=14)  # step and limit of an unknown time zone's offset
STILLS, VIDEOS = ("heic", "jpg", "jpeg", "heif"), ("mov", "mp4", "m4v")
MOTION = ("mp", "mv")  # the videos of Google's camera: PXL_1.MP beside PXL_1.MP.jpg


def pair(photo: Photo) -> Stack | None:
    """Stack the still and the video of a Live Photo if both are in the library, with the still as the cover.

    Stacks that the owner made stay as they are.
    """
    halves = None if photo.is_copy else by_identifier(photo) or by_name(photo)
    if halves is None:
        return None
    still, video = halves
    if still.stack_id is None:
        phone_edits.join(still)  # first, since an edit and its original tell which is on top
    return put_together(still.pk, video.pk)


@transaction.atomic
def put_together(still_id: int, video_id: int) -> Stack | None:
    """One stack of both halves and of what each is stacked with: copies, and what the phone edited."""
    both = Photo.objects.select_for_update(of=("self",)).select_related("stack").in_bulk([still_id, video_id])
    still, video = both[still_id], both[video_id]
    stacks = {one.stack for one in (still, video) if one.stack}
    if any(stack.kind not in JOINED for stack in stacks):
        return None
    if still.stack and still.stack_id == video.stack_id and still.stack.kind == Stack.Kind.LIVE:
        return still.stack  # whatever cover the owner may have chosen stays
    if PairDecision.objects.filter(first=min(both), second=max(both)).exists():
        return None  # the owner unstacked them
    stack = min(stacks, key=lambda stack: stack.pk) if stacks else Stack(owner_id=still.owner_id)
    if still.stack is None or still.stack.cover is None or still.stack.kind == Stack.Kind.COPY:
        stack.cover = still
    else:
        stack.cover = still.stack.cover
    stack.kind = Stack.Kind.LIVE
    stack.save()
    Photo.objects.filter(Q(pk__in=both) | Q(stack__in=stacks)).update(stack=stack)
    Stack.objects.filter(pk__in=[one.pk for one in stacks if one != stack]).delete()
    return stack


def by_identifier(photo: Photo) -> Halves | None:
    """The still and the video with this photo's identifier."""
    if not photo.live_id:
        return None
    other_kind = Photo.Kind.PHOTO if photo.is_video else Photo.Kind.VIDEO
    mine = Photo.objects.filter(owner=photo.owner_id, live_id=photo.live_id, live_id__gt="", kind=other_kind)
    others = mine.of_files().select_related("stack").order_by("pk")
    # An edit, or a copy that the phone made, has the identifier of its original: names tell whose half this is.
    namesakes = [other for other in others if shared_name(other) == shared_name(photo)]
    mine_now = Photo.objects.values_list("stack_id", flat=True).get(pk=photo.pk)
    free = [other for other in others if not is_paired(other) or other.stack_id == mine_now]
    for found in namesakes + free:
        return (found, photo) if photo.is_video else (photo, found)
    return None


def is_paired(photo: Photo) -> bool:
    """Whether it is a half of a Live Photo already."""
    return photo.stack is not None and photo.stack.kind == Stack.Kind.LIVE


def video_of(still: Photo, stacked: Iterable[Photo]) -> Photo | None:
    """The video that a still of this stack plays: its namesake, or else one that is no other still's."""
    members = list(stacked)
    others = {shared_name(one) for one in members if not one.is_video and one != still}
    videos = [one for one in members if one.is_video]
    named = (one for one in videos if shared_name(one) == shared_name(still))
    return next(named, None) or next((one for one in videos if shared_name(one) not in others), None)


def by_name(photo: Photo) -> Halves | None:
    """The still and the video with one name, folder and time, for exports that removed an identifier."""
    other_kind, extensions = (Photo.Kind.PHOTO, STILLS) if photo.is_video else (Photo.Kind.VIDEO, VIDEOS)
    if PurePath(photo.original_name).suffix.lower()[1:] not in STILLS + VIDEOS + MOTION:
        return None
    stem = shared_name(photo)
    others = beside(photo, [stem], extensions, [stem] if is_motion(stem) else ()).filter(kind=other_kind)
    found = [other for other in others.select_related("stack") if belongs(photo, other)]
    if len(found) != 1:
        return None
    return (found[0], photo) if photo.is_video else (photo, found[0])


def shared_name(photo: Photo) -> str:
    """The part of the photo's name that both halves share."""
    return photo.original_name if is_motion(photo.original_name) else PurePath(photo.original_name).stem


def is_motion(name: str) -> bool:
    """Whether this is what Google's camera calls the video of a motion photo."""
    return PurePath(name).suffix.lower()[1:] in MOTION


def belongs(photo: Photo, other: Photo) -> bool:
    """Whether these are a Live Photo: the same name and time, and a short video."""
    still, video = (other, photo) if photo.is_video else (photo, other)
    return (
        shared_name(still) == shared_name(video)
        and not (still.live_id and video.live_id)
        and 0 < (video.duration or 0) <= LONGEST
        and still.taken_precision == video.taken_precision == Photo.Precision.TIME
        and is_same_moment(still, video)
    )


def is_same_moment(still: Photo, video: Photo) -> bool:
    """Whether both times agree, apart from the time zone: a still often has none, a video's time is in UTC."""
    apart = abs(still.taken_at - video.taken_at)
    off_quarter = min(apart % QUARTER, QUARTER - apart % QUARTER)
    return apart <= FURTHEST and off_quarter <= SAME_MOMENT
