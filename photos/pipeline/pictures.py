"""The pictures that models see: large thumbnails and frames of videos."""

from PIL import Image

from media import frames
from media.sandbox import UnreadableFile
from media.sentences import english
from photos.models import Photo
from photos.pipeline.originals import call
from photos.storage import paths

VIDEO_SIDE = 960  # pixels of a frame's longer side
NO_THUMBNAIL = english("Its thumbnail is missing. Make the thumbnails again.")

Picture = tuple[Image.Image, float | None]  # the picture; for a video's frame, the second


def thumbnail(photo: Photo, size: str = "large") -> Image.Image:
    """The photo's thumbnail in that size. Raises UnreadableFile if it does not exist."""
    try:
        with Image.open(paths.picture_file(photo, size)) as image:
            return image.convert("RGB")
    except FileNotFoundError as error:
        raise UnreadableFile(NO_THUMBNAIL) from error


def pictures_of(photo: Photo, most: int) -> list[Picture]:
    """The thumbnail of a photo, or at most that many frames of a video. Raises UnreadableFile."""
    if not photo.is_video:
        return [(thumbnail(photo), None)]
    instants = frames.instants(photo.duration)
    instants = instants[:: -(-len(instants) // most)]
    sampled = call("media.frames:sample", photo, instants, VIDEO_SIDE)
    return [(frames.as_image(frame), instants[frame[0]]) for frame in sampled] or [(thumbnail(photo), None)]
