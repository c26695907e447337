"""A small face cut from the original, for somebody who has to recognise it: the thumbnail has too few pixels."""

from PIL import Image

from media.pixels import crops
from media.sandbox import UnreadableFile
from people.models import Face
from photos.pipeline.originals import call
from photos.storage import paths

SMALL = 240  # pixels of the crop, if it is cut from the large thumbnail
WORTH_DECODING = 1.25  # times as many pixels as in that thumbnail


def cut(face: Face, size: str) -> bytes | None:
    """The face as WebP. None if the thumbnail shows it as well, or the original cannot be read.

    Raises OSError if there is no thumbnail.
    """
    photo = face.photo
    with Image.open(paths.picture_file(photo, "large")) as picture:
        shown = picture.size
    window = crops.window(face.box, *shown, size)
    if window.right - window.left >= SMALL or max(photo.width or 0, photo.height or 0) < WORTH_DECODING * max(shown):
        return None
    try:
        ((width, left, top, *part, rgb),) = call(
            "vision.faces.originals:cut", photo, photo.media_type, [face.box], photo.turn
        )
    except (UnreadableFile, FileNotFoundError):
        return None
    height = width * shown[1] / shown[0]
    x, y = (face.x * width - left) / part[0], (face.y * height - top) / part[1]
    box = (x, y, face.width * width / part[0], face.height * height / part[1])
    return crops.cut_image(Image.frombytes("RGB", tuple(part), rgb), box, size)
