"""What a page shows of a photo or video: WebP in three sizes, upright, in sRGB, without metadata.

`small` and `medium` are for the grid, measured on the short side so that a justified row is always filled; `large`
is for the viewer. Nothing is ever enlarged. Made from one decode, each size from the one above.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageSequence

from media import decoding, thumbhash, video
from media.sandbox import UnreadableFile

LARGE = 1600  # pixels, long side
SHORT_SIDES = {"medium": 500, "small": 250}
MAX_ASPECT = 3  # a panorama's long side is at most this many short sides
# Method 2 takes 40 % less time than Pillow's default 4 for 4 % more bytes.
QUALITY, METHOD = 80, 2


# A moving picture is smaller the longer it runs, and ends where one of these is reached.
_MOVING = frozenset({"image/gif", "image/webp", "image/png", "image/avif"})
_MOVING_FRAMES = 600
_MOVING_PIXELS = 60_000_000  # of all frames together
_MOVING_LONG_SIDES = (800, 240)  # at most, and not less than
_MOVING_SECONDS = 15.0
_LEAST_DELAY, _USUAL_DELAY = 20, 100  # milliseconds; browsers too take shorter delays for the usual one


@dataclass(frozen=True, slots=True)
class Rendering:
    """What was made: the upright original's size in pixels, its placeholder, whether animated.webp was written."""

    width: int
    height: int
    thumbhash: bytes
    animated: bool = False


def render(source: Path, mime: str, target: Path, turn: int = 1) -> Rendering:
    """Write small.webp, medium.webp and large.webp into the directory `target`, each appearing at once.

    `turn` is an EXIF orientation, done to the upright picture. A moving picture gets animated.webp as well; a video's
    poster stands for it. Raises UnreadableFile with the reason in words.
    """
    if mime.startswith("video/"):
        decoded = video.poster(source, LARGE)
    else:
        decoded = decoding.turned(decoding.decode(source, mime, LARGE), turn)
    target.mkdir(parents=True, exist_ok=True)
    smallest = _write_sizes(decoded.image, target)
    animated = mime in _MOVING and _write_animated(source, mime, target / "animated.webp", turn)
    return Rendering(decoded.width, decoded.height, thumbhash.encode(smallest), animated)


def _write_sizes(image: Image.Image, target: Path) -> Image.Image:
    """The three files; returns the smallest image."""
    _write_still(image, target / "large.webp")
    whole = image.size
    for name, short_side in SHORT_SIDES.items():
        image = decoding.shrink(image, grid_size(whole, short_side))
        _write_still(image, target / f"{name}.webp")
    return image


def grid_size(size: tuple[int, int], short_side: int) -> tuple[int, int]:
    """Width and height with the given short side, or what MAX_ASPECT leaves of it; never larger than it was."""
    factor = min(1.0, short_side / min(size), short_side * MAX_ASPECT / max(size))
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _write_still(image: Image.Image, path: Path) -> None:
    _write(path, lambda temporary: image.save(temporary, "WEBP", quality=QUALITY, method=METHOD))


def _write_animated(source: Path, mime: str, path: Path, turn: int) -> bool:
    """Whether the picture moves. One that breaks after its first frame stands still: its stills are made already."""
    try:
        with decoding.in_words(), decoding.open_image(source, mime) as image:
            if not getattr(image, "is_animated", False):
                return False
            frames, delays = _frames(image)
            loop = image.info.get("loop", 0 if mime == "image/avif" else 1)
    except UnreadableFile:
        return False
    if len(frames) < 2:
        return False
    if turn != 1:
        frames = [frame.transpose(decoding.UPRIGHT[turn]) for frame in frames]

    def save(temporary: Path) -> None:
        frames[0].save(
            temporary, "WEBP", save_all=True, append_images=frames[1:], duration=delays, loop=loop, quality=70, method=0
        )

    _write(path, save)
    return True


def _frames(image: Image.Image) -> tuple[list[Image.Image], list[int]]:
    """The frames scaled down, on white as the stills are, and how long each is shown in milliseconds.

    A frame that does not decode ends the film there.
    """
    count = min(getattr(image, "n_frames", 1), _MOVING_FRAMES)
    size = _moving_size(image.size, count)
    deadline = time.monotonic() + _MOVING_SECONDS
    frames: list[Image.Image] = []
    delays: list[int] = []
    try:
        for frame in ImageSequence.Iterator(image):
            frames.append(decoding.shrink(decoding.on_white(decoding.plain(frame)).convert("RGB"), size))
            delay = round(frame.info.get("duration", 0))
            delays.append(delay if delay >= _LEAST_DELAY else _USUAL_DELAY)
            if len(frames) >= count or time.monotonic() > deadline:
                break
    except decoding.DECODER_ERRORS:
        pass
    return frames, delays


def _moving_size(size: tuple[int, int], frames: int) -> tuple[int, int]:
    area = _MOVING_PIXELS / frames
    long_side = round((area * max(size) / min(size)) ** 0.5)
    most, least = _MOVING_LONG_SIDES
    return decoding.scaled(size, min(most, max(least, long_side)))


def _write(path: Path, save: Callable[[Path], None]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        save(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
