"""Pairs that look alike and are not the same picture, for benchmarks/duplicates.py.

Groups of pictures: any two of one group are a hard negative pair.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.variants import edits
from media import frames, mediatypes, video
from media.sandbox import UnreadableFile

Group = tuple[str, list[Image.Image]]
TEXT = (
    "the of and family photo garden summer letter invoice amount date number street house window river paper winter "
    "journey evening mother father children school kitchen table holiday mountain station ticket account total"
)
WORDS = TEXT.split()


def from_videos(folder: Path, apart: float = 2.0, most: int = 8) -> Iterator[Group]:
    """Frames of each video, seconds apart, of those that show something and differ at all (not a held title card)."""
    for path in sorted(folder.rglob("*")):
        media = mediatypes.identify(path) if path.is_file() else None
        if media is None or media.kind != "video":
            continue
        try:
            duration = video.probe(path).duration or 0.0
            step = max(apart, duration / most)
            sampled = frames.sample(path, [step * number for number in range(int(duration / step) + 1)][:most], 1600)
        except UnreadableFile:
            continue
        images = unequal([frames.as_image(frame) for frame in sampled])
        if len(images) > 1:
            yield f"video {path.name}", images


def unequal(images: list[Image.Image]) -> list[Image.Image]:
    """Without those that show the very same as one before: a held picture is one picture."""
    kept: list[Image.Image] = []
    for image in images:
        small = standardised(image)
        if all(np.abs(small - standardised(other)).max() > 0.25 for other in kept):
            kept.append(image)
    return kept


def standardised(image: Image.Image) -> NDArray[np.float32]:
    """Small, and as bright and as contrasty as any other: a title that fades in is one picture."""
    small = np.asarray(image.convert("L").resize((64, 64)), np.float32)
    return (small - small.mean()) / max(float(small.std()), 4.0)


def from_people(labels: Path, most: int = 60) -> Iterator[Group]:
    """Photos of one person at different times (labels.csv of LFW: file, identity)."""
    people: dict[str, list[Path]] = defaultdict(list)
    for line in labels.read_text().splitlines()[1:]:
        file, identity = line.rsplit(",", 1)
        people[identity].append(labels.parent / file)
    for identity, files in list(people.items())[:most]:
        if len(files) > 1:
            yield f"person {identity}", [Image.open(file).convert("RGB") for file in files]


def pages(count: int, seed: int = 5) -> Iterator[Group]:
    """Drawn pages of text, and the same pages with one line replaced."""
    rng = random.Random(seed)
    for number in range(count):
        lines = [" ".join(rng.choices(WORDS, k=rng.randint(6, 9))) for _ in range(rng.randint(14, 34))]
        versions = [lines]
        for _ in range(3):
            other = list(lines)
            other[rng.randrange(len(other))] = " ".join(rng.choices(WORDS, k=rng.randint(6, 9)))
            versions.append(other)
        yield f"page {number}", [page(version) for version in versions]


def page(lines: list[str]) -> Image.Image:
    image = Image.new("RGB", (1000, 1400), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(26)
    for number, line in enumerate(lines):
        draw.text((80, 90 + number * 37), line, "black", font)
    return image


def photographed_pages(count: int, seed: int = 6) -> Iterator[Group]:
    """A page photographed twice: another angle, other light, noise."""
    rng = random.Random(seed)
    noise = np.random.default_rng(seed)
    for number in range(count):
        lines = [" ".join(rng.choices(WORDS, k=rng.randint(6, 9))) for _ in range(rng.randint(14, 30))]
        sheet = page(lines)
        yield f"photographed page {number}", [photographed(sheet, rng, noise) for _ in range(3)]


def photographed(sheet: Image.Image, rng: random.Random, noise: np.random.Generator) -> Image.Image:
    width, height = sheet.size
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    seen = [(x + rng.uniform(-70, 70), y + rng.uniform(-70, 70)) for x, y in corners]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, seen, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    values = np.array([value for point in seen for value in point])
    coefficients = np.linalg.solve(np.array(rows), values)
    warped = sheet.transform(
        sheet.size, Image.Transform.PERSPECTIVE, coefficients.tolist(), Image.Resampling.BICUBIC, fillcolor="#5a4634"
    )
    pixels = np.asarray(warped, np.float32)
    shade = np.linspace(rng.uniform(0.75, 1), rng.uniform(0.75, 1), width)[None, :, None]
    return Image.fromarray((pixels * shade + noise.normal(0, 5, pixels.shape)).clip(0, 255).astype(np.uint8))


def dark_and_blank(count: int, seed: int = 7) -> Iterator[Group]:
    """Frames of a covered lens, blank walls, skies: noise, a gradient, a speck."""
    noise = np.random.default_rng(seed)
    for number in range(count):
        images = []
        level = noise.choice((4.0, 12.0, 245.0, 128.0))
        for _ in range(4):
            y, x = np.mgrid[0:480, 0:640] / 640
            slope = noise.uniform(-12, 12) * x + noise.uniform(-12, 12) * y
            pixels = level + slope[..., None] + noise.normal(0, 3, (480, 640, 3))
            images.append(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)))
        yield f"blank {number}", images


def screens(count: int, seed: int = 8) -> Iterator[Group]:
    """Screenshots of one chat: the same frame, other words."""
    rng = random.Random(seed)
    font = ImageFont.load_default(24)
    for number in range(count):
        dark = rng.random() < 0.5
        name = rng.choice(WORDS).title()
        images = []
        for _ in range(4):
            image = Image.new("RGB", (720, 1280), "#0b141a" if dark else "#efe7de")
            draw = ImageDraw.Draw(image)
            draw.rectangle((0, 0, 720, 110), fill="#1f2c33" if dark else "#075e54")
            draw.text((120, 40), name, "white", font)
            draw.ellipse((30, 20, 100, 90), fill="#c06c3e")
            draw.rounded_rectangle((20, 1190, 600, 1260), 35, fill="#2a3942" if dark else "white")
            y = 140
            while y < 1080:
                words = " ".join(rng.choices(WORDS, k=rng.randint(2, 6)))
                left = rng.random() < 0.5
                width = min(40 + 13 * len(words), 640)
                x = 20 if left else 700 - width
                draw.rounded_rectangle((x, y, x + width, y + 60), 18, fill="#005c4b" if not left else "#3b4a54")
                draw.text((x + 18, y + 15), words, "white", font)
                y += rng.choice((75, 90))
            images.append(image)
        yield f"screens {number}", images


def apps(photos: list[Image.Image], most: int = 8, seed: int = 3) -> Iterator[Group]:
    """Screenshots of one app, each showing another photo."""
    for number, first in enumerate(range(0, len(photos) - 1, most)):
        shown = photos[first : first + most]
        yield f"apps {number}", [edits.screenshot(photo, random.Random(seed + number)) for photo in shown]


def shaken(photos: list[Image.Image], seed: int = 9) -> Iterator[Group]:
    """A burst out of one photo: the camera moves a little, and somebody in the picture does (a part is shifted)."""
    rng = random.Random(seed)
    noise = np.random.default_rng(seed)
    for number, photo in enumerate(photos):
        images = []
        for _ in range(3):
            image = photo.copy()
            width, height = image.size
            w, h = round(width * rng.uniform(0.12, 0.3)), round(height * rng.uniform(0.2, 0.4))
            x, y = most_shown(image, [(rng.randrange(width - w), rng.randrange(height - h)) for _ in range(5)], w, h)
            moved = image.crop((x, y, x + w, y + h)).rotate(rng.uniform(-6, 6), Image.Resampling.BICUBIC)
            to = (x + round(width * rng.uniform(0.02, 0.06)), y + round(height * rng.uniform(-0.03, 0.03)))
            image.paste(moved.crop((w // 10, h // 10, w - w // 10, h - h // 10)), to)
            dx, dy = rng.uniform(0, 0.03) * width, rng.uniform(0, 0.03) * height
            framed = image.transform(
                (round(width * 0.94), round(height * 0.94)),
                Image.Transform.AFFINE,
                (1, rng.uniform(-0.01, 0.01), dx, rng.uniform(-0.01, 0.01), 1, dy),
                Image.Resampling.BICUBIC,
            )
            pixels = np.asarray(framed, np.float32)
            noisy = pixels + noise.normal(0, 4, pixels.shape)
            images.append(Image.fromarray(noisy.clip(0, 255).astype(np.uint8)))
        yield f"burst {number}", images


def most_shown(image: Image.Image, places: list[tuple[int, int]], width: int, height: int) -> tuple[int, int]:
    """The place where most is to be seen: moved snow on snow is the same picture."""
    grey = np.asarray(image.convert("L"), np.float32)
    return max(places, key=lambda place: grey[place[1] : place[1] + height, place[0] : place[0] + width].std())
