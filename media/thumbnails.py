"""Making thumbnails of photos and videos: upright WebP in three sizes, in sRGB, without metadata.

`small` and `medium` are for the grid and defined by the shorter side, so that justified rows are always filled.
`large` is for the viewer. Nothing is enlarged. The file is decoded once, and each size is made from the larger one.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageSequence

from media import decoding, video
from media.editing import description, originals, rendering, videos
from media.editing.description import ORIGINAL, Edit
from media.editing.forms import FULL_VIDEO
from media.files import remove_leftovers, replacing
from media.pixels import thumbhash
from media.sandbox import UnreadableFile
from media.sizes import LARGE, SHORT_SIDES, grid_size

# Method 2 takes 40 % less time than Pillow's default 4, for 4 % more bytes.
QUALITY, METHOD = 80, 2
GRID_QUALITY = 72  # of small and medium: a screen of them is what a browser loads first, and models read the large one

# Limits of animated pictures. The more frames, the smaller they are; at a limit they end.
_MOVING = frozenset({"image/gif", "image/webp", "image/png", "image/avif"})
_MOVING_FRAMES = 600
_MOVING_PIXELS = 60_000_000  # in all frames together
_MOVING_LONG_SIDES = (800, 240)  # pixels of the longer side: at most and at least
_MOVING_SECONDS = 15.0
_LEAST_DELAY, _USUAL_DELAY = 20, 100  # milliseconds; like browsers, we replace shorter delays by the usual one


@dataclass(frozen=True, slots=True)
class Rendering:
    """The upright original's size in pixels, its ThumbHash, and whether animated.webp was written."""

    width: int
    height: int
    thumbhash: bytes
    animated: bool = False
    duration: float | None = None  # seconds, of an edited video


def render(source: Path, mime: str, target: Path, turn: int = 1) -> Rendering:
    """Write small.webp, medium.webp and large.webp into the folder `target`, each atomically.

    `turn` is an EXIF orientation that is applied to the upright picture. An animated picture also gets animated.webp.
    A video's thumbnails show its poster. Raises UnreadableFile.
    """
    if mime.startswith("video/"):
        decoded = video.poster(source, LARGE)
    else:
        decoded = decoding.turned(decoding.decode(source, mime, LARGE), turn)
    target.mkdir(parents=True, exist_ok=True)
    smallest = _write_sizes(decoded.image, target)
    animated = mime in _MOVING and _write_animated(source, mime, target / "animated.webp", ORIGINAL.turned(turn))
    return Rendering(decoded.width, decoded.height, thumbhash.encode(smallest), animated)


def render_edited(source: Path, mime: str, target: Path, given: dict[str, Any] | None, turn: int = 1) -> Rendering:
    """Like render, with an edit, as it is stored, before the turn.

    Also writes the picture in full size, full.jpg or full.png. Raises UnreadableFile, also if the edit does not fit.
    """
    with originals.fitting():
        edit = description.read(given).turned(turn)
        whole = originals.edited(source, mime, edit)
        target.mkdir(parents=True, exist_ok=True)
        remove_leftovers(target)
        originals.write_full(whole, target)
        image = originals.in_srgb(whole)
        height, width = whole.samples.shape[:2]
        del whole
        smallest = _write_sizes(decoding.shrink(image, decoding.scaled(image.size, LARGE)), target)
        animated = mime in _MOVING and _write_animated(source, mime, target / "animated.webp", edit)
    return Rendering(width, height, thumbhash.encode(smallest), animated)


def render_edited_video(source: Path, target: Path, given: dict[str, Any] | None) -> Rendering:
    """Write the edited video, video.mp4, and its thumbnails into the folder `target`. Raises UnreadableFile.

    If only a poster was chosen, there is no video, and no duration: pages go on to play what they did.
    """
    with originals.fitting():
        edit = description.read(given)
    target.mkdir(parents=True, exist_ok=True)
    remove_leftovers(target)
    shown = source
    if edit.makes_video:
        shown = target / FULL_VIDEO
        videos.write(source, shown, edit)
    decoded = _poster_of(source, edit) or video.poster(shown, LARGE)
    smallest = _write_sizes(decoded.image, target)
    seconds = video.probe(shown).duration or 0.0 if edit.makes_video else None
    return Rendering(decoded.width, decoded.height, thumbhash.encode(smallest), duration=seconds)


def _poster_of(source: Path, edit: Edit) -> decoding.Decoded | None:
    """The frame that was chosen; None if none was, or if it cannot be decoded."""
    if chosen := edit.find("poster"):
        with suppress(UnreadableFile):
            return videos.frame_of(source, chosen["at"], edit.turn, LARGE)
    return None


def _write_sizes(image: Image.Image, target: Path) -> Image.Image:
    """Write the three files. Returns the smallest image."""
    _write_still(image, target / "large.webp")
    whole = image.size
    for name, short_side in SHORT_SIDES.items():
        image = decoding.shrink(image, grid_size(whole, short_side))
        _write_still(image, target / f"{name}.webp", GRID_QUALITY)
    return image


def _write_still(image: Image.Image, path: Path, quality: int = QUALITY) -> None:
    with replacing(path) as temporary:
        image.save(temporary, "WEBP", quality=quality, method=METHOD)


def _write_animated(source: Path, mime: str, path: Path, edit: Edit) -> bool:
    """Write the animation. False if the picture is not animated, or broken after its first frame."""
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
    frames = [rendering.render_image(frame, edit) for frame in frames]
    options = {"save_all": True, "append_images": frames[1:], "duration": delays, "loop": loop}
    with replacing(path) as temporary:
        frames[0].save(temporary, "WEBP", **options, quality=70, method=0)
    return True


def _frames(image: Image.Image) -> tuple[list[Image.Image], list[int]]:
    """The frames, scaled down and on white, and their durations in milliseconds. They end before a broken frame."""
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
