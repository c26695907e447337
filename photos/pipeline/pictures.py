"""What models look at: the large thumbnails, which Mirage made itself, and frames of videos."""

from PIL import Image

from media import frames
from media.sandbox import UnreadableFile
from photos.models import Photo
from photos.pipeline.originals import call
from photos.storage import paths

VIDEO_SIDE = 960  # pixels of a frame's long side
NO_THUMBNAIL = "Its thumbnail is missing. Let thumbnails be made again."

Picture = tuple[Image.Image, float | None]  # and of a video, when


def thumbnail(photo: Photo, size: str = "large") -> Image.Image:
    """The photo's thumbnail of that size, in memory. Raises UnreadableFile when it is not there."""
    try:
        with Image.open(paths.picture_file(photo, size)) as image:
            return image.convert("RGB")
    except FileNotFoundError as error:
        raise UnreadableFile(NO_THUMBNAIL) from error


def pictures_of(photo: Photo, most: int) -> list[Picture]:
    """What is looked at: the thumbnail, or at most so many frames of a video. Raises UnreadableFile."""
    if not photo.is_video:
        return [(thumbnail(photo), None)]
    instants = frames.instants(photo.duration)
    instants = instants[:: -(-len(instants) // most)]
    sampled = call("media.frames:sample", photo, instants, VIDEO_SIDE)
    return [(frames.as_image(frame), instants[frame[0]]) for frame in sampled] or [(thumbnail(photo), None)]
