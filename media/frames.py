"""Frames of a video at regular instants, by which it is recognised when re-encoded or trimmed.

Run this in a sandbox, as all that decodes.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

SIDE = 512  # pixels, long side
MOST = 16  # frames of one video
LEAST_STEP = 1.0  # seconds
_SECONDS = 30.0  # of decoding; what was not reached by then is left out

Frame = tuple[int, int, int, bytes]  # number, width, height, RGB: what passes out of the sandbox


def instants(duration: float | None) -> list[float]:
    """The seconds at which a video of this length is sampled: each in the middle of an equal piece."""
    duration = max(duration or 0.0, 0.0)
    count = min(max(int(duration / LEAST_STEP), 1), MOST)
    return [duration * (number + 0.5) / count for number in range(count)]


def sample(path: Path, seconds: Sequence[float], side: int = SIDE) -> list[Frame]:
    """The frames shown at these instants, upright; those that cannot be had are left out. Raises UnreadableFile."""
    from media import video  # here, for the site asks for instants and pictures too, and decodes nothing

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
    """The picture of a sampled frame."""
    _, width, height, data = frame
    return Image.frombytes("RGB", (width, height), data)
