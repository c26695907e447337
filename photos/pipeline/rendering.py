"""The stages `thumbnails`, `playback` and `motion`: they make the files that pages show."""

from collections.abc import Sequence
from pathlib import Path

from photos import pipeline
from photos.editing import renditions
from photos.models import Photo, RawMetadata, StageRun
from photos.pipeline.originals import call, refusals
from photos.storage import paths

RENDERED = ("width", "height", "thumbhash", "animated", "displayable", "playable", "browser_type", "duration")


def make_thumbnails(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `thumbnails`: after it the photo appears on the timeline."""
    return refusals(photo_ids, render_one)


def render_one(photo: Photo) -> None:
    render_as_it_lies(photo)
    lies = Photo.objects.filter(pk=photo.pk).values_list("turn", flat=True).first()
    if lies not in (None, photo.turn):  # the owner turned it meanwhile
        photo.turn = lies
        render_as_it_lies(photo)


def render_as_it_lies(photo: Photo) -> None:
    target = paths.pictures_folder(photo)
    rendering = call("media.thumbnails:render", photo, photo.media_type, target, photo.turn)
    paths.published(target)
    photo.width, photo.height = rendering.width, rendering.height
    if not photo.rendition:
        photo.thumbhash = rendering.thumbhash
    photo.animated = rendering.animated
    if photo.is_video:
        video = call("media.video:probe", photo)
        photo.playable, photo.duration = video.playable, video.duration
        photo.browser_type = "" if video.playable else video.browser_type
    photo.displayable = True
    photo.save(update_fields=RENDERED)
    if photo.picture_edit:
        pipeline.demand(renditions.stage_of(photo), [photo.pk])


def make_playable(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `playback`: transcode videos that browsers cannot play."""
    return refusals(photo_ids, transcode_one)


def transcode_one(photo: Photo) -> None:
    if not photo.playable:
        seconds = 120 + 10 * (photo.duration or 600)  # a slow machine encodes at a tenth of the playing speed
        call("media.transcoding:make_playable", photo, playable_path(photo), seconds=seconds)
        paths.published(playable_path(photo))


def playable_path(photo: Photo) -> Path:
    """The path of the version for browsers."""
    return paths.derived_folder(photo.sha256) / "video.mp4"


def is_unprepared(photo: Photo) -> bool:
    """Whether a video that not all browsers play has no version for them yet."""
    if not photo.is_video or photo.playable or renditions.has_video(photo):
        return False
    return not StageRun.objects.filter(photo=photo, stage="playback", status=StageRun.Status.DONE).exists()


def extract_motion(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `motion`: extract the video inside a motion photo."""
    return refusals(photo_ids, extract_one)


def extract_one(photo: Photo) -> None:
    fields = RawMetadata.objects.filter(photo=photo).values_list("fields", flat=True).first() or {}
    if place := fields.get("motion_video"):
        call("media.motion:extract", photo, place["offset"], place["length"], motion_path(photo), seconds=180)
        paths.published(motion_path(photo))


def motion_path(photo: Photo) -> Path:
    """The path of a motion photo's extracted video."""
    return paths.derived_folder(photo.sha256) / "motion.mp4"
