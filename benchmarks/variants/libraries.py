"""Libraries that cost most to search for duplicates: bursts, portraits, edits. For benchmarks/duplicates_growth.py.

Every picture is made from real ones of a folder, by a seed.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from benchmarks.variants import edits

Photos = Sequence[Image.Image]
SIDE = 1600  # pixels, as a camera's picture is kept
BURST = 10


@dataclass(frozen=True)
class Shot:
    """A picture, and the second in which a camera says it took it; None if nothing is known."""

    image: Image.Image
    second: float | None


def opened(folder: Path, count: int) -> list[Image.Image]:
    """So many pictures of a folder, always the same."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in {".jpg", ".jpeg", ".png"})
    random.Random(3).shuffle(files)
    return [Image.open(file).convert("RGB") for file in files[:count]]


def bursts(photos: Photos, count: int, *, dated: bool = True) -> Iterator[Shot]:
    """Ten of each scene: the hand moves, somebody in it too."""
    for number in range(count):
        rng = random.Random(f"burst {number}")
        scene = enlarged(photos[number // BURST % len(photos)], SIDE * 5 // 4)
        share = rng.uniform(0.84, 0.9)
        width, height = round(scene.width * share), round(scene.height * share)
        left, top = round(rng.random() * (scene.width - width)), round(rng.random() * (scene.height - height))
        shot = moved(scene, rng, 0.012).crop((left, top, left + width, top + height))
        yield Shot(shot, number // BURST * 600 + number % BURST * 0.4 if dated else None)


def undated(photos: Photos, count: int) -> Iterator[Shot]:
    """The same, after an app took their times away."""
    return bursts(photos, count, dated=False)


def portraits(photos: Photos, count: int) -> Iterator[Shot]:
    """The portraits, then other shots of the same people: another face, in another light, before another wall."""
    for number in range(count):
        photo = photos[number % len(photos)]
        if number < len(photos):
            yield Shot(photo, None)
            continue
        rng = random.Random(f"portrait {number}")
        light = edits.enhanced("Brightness", moved(photo, rng, 0.06), rng)
        yield Shot(before_a_wall(light, rng), None)


def edited(photos: Photos, count: int) -> Iterator[Shot]:
    """Of three, one is a photo and two are made of it."""
    kinds = list((edits.SAME | edits.EDITED).values())
    for number in range(count):
        rng = random.Random(f"edit {number}")
        photo = enlarged(photos[number // 3 % len(photos)], SIDE)
        yield Shot(rng.choice(kinds)(photo, rng) if number % 3 else photo, None)


def enlarged(photo: Image.Image, side: int) -> Image.Image:
    factor = side / max(photo.size)
    return photo.resize((round(photo.width * factor), round(photo.height * factor)), Image.Resampling.LANCZOS)


def moved(photo: Image.Image, rng: random.Random, share: float) -> Image.Image:
    """What is shown moved by up to such a share of the picture, differently from place to place."""
    noise = np.random.default_rng(rng.randrange(2**32)).normal(size=(5, 5, 2)).clip(-1.5, 1.5).astype(np.float32)
    size = (photo.width, photo.height)
    astray = cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC) * share * max(size) / 1.5
    x, y = np.meshgrid(np.arange(photo.width, dtype=np.float32), np.arange(photo.height, dtype=np.float32))
    pixels = np.asarray(photo)
    drawn = cv2.remap(pixels, x + astray[..., 0], y + astray[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return Image.fromarray(drawn)


def before_a_wall(photo: Image.Image, rng: random.Random) -> Image.Image:
    """Other colours away from the middle."""
    wall = Image.new("RGB", photo.size, tuple(rng.randrange(256) for _ in range(3)))
    x, y = np.meshgrid(np.linspace(-1, 1, photo.width), np.linspace(-1, 1, photo.height))
    shown = Image.fromarray((255 * np.clip(1.8 - 2 * np.hypot(x, y * 0.8), 0.35, 1)).astype(np.uint8))
    return Image.composite(photo, wall, shown)


LIBRARIES: dict[str, Callable[[Photos, int], Iterator[Shot]]] = {
    "bursts": bursts,
    "undated bursts": undated,
    "portraits": portraits,
    "edits": edited,
}
