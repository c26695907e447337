"""Frames of videos in which faces were found, kept beside the thumbnails to show those faces."""

import os
from pathlib import Path

from PIL import Image

from media import frames
from media.sandbox import UnreadableFile
from media.sentences import english
from photos.models import Photo
from photos.pipeline.originals import call
from photos.storage import paths

SIDE = 960  # pixels on the long side of a frame
QUALITY = 82


def place(photo: Photo, seconds: float) -> Path:
    """The path of the frame at this time, whether it was kept or not."""
    return paths.derived_folder(photo.sha256) / f"frame-{round(seconds * 1000)}.webp"


def keep(photo: Photo, seconds: float, frame: Image.Image) -> Path:
    """Write a frame. The file appears at once and complete."""
    target = place(photo, seconds)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    frame.save(temporary, "WEBP", quality=QUALITY, method=2)
    os.replace(temporary, target)
    return paths.published(target)


def kept(photo: Photo, seconds: float) -> Path:
    """The frame at this time; if it is gone it is taken from the video again. Raises OSError or UnreadableFile."""
    target = paths.fetched(place(photo, seconds))
    if target.exists():
        return target
    sampled = call("media.frames:sample", photo, [seconds], SIDE)
    if not sampled:
        raise UnreadableFile(english("This frame of the video cannot be shown."))
    return keep(photo, seconds, frames.as_image(sampled[0]))
