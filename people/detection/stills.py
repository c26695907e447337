"""Frames of videos in which faces are, kept beside the thumbnails: a face of a video is shown as it was seen."""

import os
from pathlib import Path

from PIL import Image

from media import frames
from media.sandbox import UnreadableFile
from photos.models import Photo
from photos.pipeline.originals import call
from photos.storage import paths

SIDE = 960  # pixels of a frame's long side
QUALITY = 82


def place(photo: Photo, seconds: float) -> Path:
    """Where the frame shown then lies, if it was kept."""
    return paths.derived_folder(photo.sha256) / f"frame-{round(seconds * 1000)}.webp"


def keep(photo: Photo, seconds: float, frame: Image.Image) -> Path:
    """Write a frame down; it appears at once and whole."""
    target = place(photo, seconds)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    frame.save(temporary, "WEBP", quality=QUALITY, method=2)
    os.replace(temporary, target)
    return paths.published(target)


def kept(photo: Photo, seconds: float) -> Path:
    """The frame shown then, taken from the video again where it is gone. Raises OSError or UnreadableFile."""
    target = paths.fetched(place(photo, seconds))
    if target.exists():
        return target
    sampled = call("media.frames:sample", photo, [seconds], SIDE)
    if not sampled:
        raise UnreadableFile("That moment of the video cannot be shown.")
    return keep(photo, seconds, frames.as_image(sampled[0]))
