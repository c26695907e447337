"""The pictures that models see: large thumbnails and frames of videos.

A worker keeps those that it decoded last, because one stage after another looks at them.
"""

from collections import OrderedDict
from pathlib import Path

from PIL import Image

from media import frames
from media.sandbox import UnreadableFile
from media.sentences import english
from photos.models import Photo
from photos.pipeline.originals import call
from photos.storage import paths

VIDEO_SIDE = 960  # pixels of a frame's longer side
NO_THUMBNAIL = english("Its thumbnail is missing. Make the thumbnails again.")

WARM_BYTES = 64 << 20  # of decoded pictures that a worker keeps: eleven of 1,600 × 1,200 pixels

Picture = tuple[Image.Image, float | None]  # the picture; for a video's frame, the second


class Warm:
    """Decoded files, the last ones used, up to so many bytes. A file that was written again is decoded again."""

    def __init__(self) -> None:
        self.most = 0
        self._images: OrderedDict[tuple[str, int, int, int], Image.Image] = OrderedDict()

    def opened(self, file: Path) -> Image.Image:
        """The picture in a file that we made ourselves, in RGB. Others may hold it too: nobody changes it."""
        told = file.stat()
        key = str(file), told.st_ino, told.st_mtime_ns, told.st_size
        if key not in self._images:
            with Image.open(file) as encoded:
                self._images[key] = encoded.convert("RGB")
        self._images.move_to_end(key)
        image = self._images[key]
        while sum(3 * held.width * held.height for held in self._images.values()) > self.most:
            self._images.popitem(last=False)
        return image

    def keep(self, most: int) -> None:
        """From now on, keep at most so many bytes; 0 keeps nothing."""
        self.most = most
        self._images.clear()


WARM = Warm()


def thumbnail(photo: Photo, size: str = "large") -> Image.Image:
    """The photo's thumbnail in that size, which nobody changes. Raises UnreadableFile if it does not exist."""
    try:
        return WARM.opened(paths.picture_file(photo, size))
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
