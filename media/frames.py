"""Sampling frames of a video at regular times, to recognise it even if it was re-encoded or trimmed.

Run `sample` in a sandbox.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

SIDE = 512  # pixels of the longer side
MOST = 16  # frames per video
LEAST_STEP = 1.0  # seconds between two frames
_SECONDS = 30.0  # of decoding, after which the remaining frames are left out

Frame = tuple[int, int, int, bytes]  # number, width, height, RGB bytes


def instants(duration: float | None) -> list[float]:
    """The times in seconds at which to sample a video of this length: the middles of equal parts."""
    duration = max(duration or 0.0, 0.0)
    count = min(max(int(duration / LEAST_STEP), 1), MOST)
    return [duration * (number + 0.5) / count for number in range(count)]


def sample(path: Path, seconds: Sequence[float], side: int = SIDE) -> list[Frame]:
    """The upright frames at these times. Those that cannot be decoded are left out. Raises UnreadableFile."""
    from media import video  # here, because the site uses this module too and must not load decoders

    deadline = time.monotonic() + _SECONDS
    found = []
    with video.opened(path) as (container, stream):
        for number, at in enumerate(seconds):
            frame = video.frame_at(container, stream, at, deadline)
            if frame is not None:
                image = video.still(frame, video.view_of(frame, stream), side).convert("RGB")
                found.append((number, *image.size, image.tobytes()))
            if time.monotonic() > deadline:
                break
    return found


def as_image(frame: Frame) -> Image.Image:
    """A sampled frame as an image."""
    _, width, height, data = frame
    return Image.frombytes("RGB", (width, height), data)
