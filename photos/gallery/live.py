"""Live Photos: pairing a still with its video, by the identifier in both files or by their names."""

from datetime import timedelta
from pathlib import PurePath

from django.db.models import Q

from photos.models import PairDecision, Photo, Stack
from photos.storage import paths

Halves = tuple[Photo, Photo]  # the still and the video

LONGEST = 10.0  # seconds of the video
SAME_MOMENT = timedelta(seconds=3)  # the most that the two times differ
QUARTER, FURTHEST = timedelta(minutes=15), timedelta(hours=14)  # step and limit of an unknown time zone's offset
STILLS, VIDEOS = ("heic", "jpg", "jpeg", "heif"), ("mov", "mp4", "m4v")
MOTION = ("mp", "mv")  # the videos of Google's camera: PXL_1.MP beside PXL_1.MP.jpg
NAMESAKES = 4  # files with the same name in a month's folder: IMG_1.MOV, IMG_1-1.MOV, …


def pair(photo: Photo) -> Stack | None:
    """Stack the still and the video of a Live Photo if both are in the library, with the still as the cover.

    Stacks that the owner made stay as they are.
    """
    halves = None if photo.is_copy else by_identifier(photo) or by_name(photo)
    if halves is None:
        return None
    still, video = halves
    stacks = {one.stack for one in halves if one.stack}
    if any(stack.kind not in (Stack.Kind.LIVE, Stack.Kind.COPY) for stack in stacks):
        return None
    apart = PairDecision.objects.filter(first=min(still.pk, video.pk), second=max(still.pk, video.pk))
    if apart.exists():
        return None  # the owner unstacked them
    stack = min(stacks, key=lambda stack: stack.pk) if stacks else Stack(owner=photo.owner)
    stack.kind, stack.cover = Stack.Kind.LIVE, still
    stack.save()
    copies = Q(stack__in=stacks, stack__kind=Stack.Kind.COPY)  # they come along
    Photo.objects.filter(Q(pk__in=[still.pk, video.pk]) | copies).update(stack=stack)
    return stack


def by_identifier(photo: Photo) -> Halves | None:
    """The still and the video with this photo's identifier."""
    if not photo.live_id:
        return None
    both = Photo.objects.filter(owner=photo.owner_id, live_id=photo.live_id).of_files()
    both = both.select_related("stack").order_by("pk")
    still = both.filter(kind=Photo.Kind.PHOTO).first()
    video = both.filter(kind=Photo.Kind.VIDEO).first()
    return (still, video) if still and video else None


def by_name(photo: Photo) -> Halves | None:
    """The still and the video with one name, folder and time, for exports that removed an identifier."""
    other_kind, extensions = (Photo.Kind.PHOTO, STILLS) if photo.is_video else (Photo.Kind.VIDEO, VIDEOS)
    if PurePath(photo.original_name).suffix.lower()[1:] not in STILLS + VIDEOS + MOTION:
        return None
    beside = Photo.objects.filter(owner=photo.owner_id, kind=other_kind, path__in=places_beside(photo, extensions))
    found = [other for other in beside.of_files().select_related("stack") if belongs(photo, other)]
    if len(found) != 1:
        return None
    return (found[0], photo) if photo.is_video else (photo, found[0])


def places_beside(photo: Photo, extensions: tuple[str, ...]) -> list[str]:
    """Possible paths of files in the same folder with the photo's name and other extensions."""
    folder, stem = PurePath(photo.path).parent, shared_name(photo)
    names = [f"{stem}.{form}" for extension in extensions for form in (extension, extension.upper())]
    if is_motion(stem):
        names.append(stem)
    if photo.in_place:
        return [str(folder / name) for name in names]
    kept = [PurePath(paths.clean_name(name)) for name in names]
    numbers = ("", *(f"-{number}" for number in range(1, NAMESAKES)))
    return [str(folder / f"{name.stem}{number}{name.suffix}") for name in kept for number in numbers]


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
