"""Edits that no limit in vision/ was tuned to: how apps, messengers and printers change a picture by the way.

For `benchmarks/duplicates.py --others`. All must be found; whether as the same or as edited is not asked.
"""

import random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from benchmarks.variants.edits import Edit, encoded


def band(image: Image.Image, rng: random.Random) -> Image.Image:
    """A caption band over the lower seventh."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    top = image.height * 6 // 7
    paper, ink = rng.choice((("black", "white"), ("white", "black"), ("#1d3f72", "white")))
    draw.rectangle((0, top, image.width, image.height), fill=paper)
    size = max((image.height - top) * 3 // 5, 8)
    words = rng.choice(("The harbour, June", "Us at the lake", "Grandma is 80"))
    draw.text((image.width * 0.04, top + size * 0.2), words, ink, ImageFont.load_default(size))
    return encoded(image, "JPEG", quality=85)


def third(image: Image.Image, _: random.Random) -> Image.Image:
    small = image.resize((max(image.width // 3, 1), max(image.height // 3, 1)), Image.Resampling.LANCZOS)
    return encoded(small, "JPEG", quality=60)


def soft(image: Image.Image, _: random.Random) -> Image.Image:
    return encoded(image.filter(ImageFilter.GaussianBlur(1.6)), "JPEG", quality=85)


def white_border(image: Image.Image, _: random.Random) -> Image.Image:
    return encoded(ImageOps.expand(image, max(image.size) // 14, "white"), "JPEG", quality=85)


def tilt(image: Image.Image, rng: random.Random) -> Image.Image:
    """By 4°, with black corners."""
    return encoded(image.rotate(rng.choice((-4, 4)), Image.Resampling.BICUBIC), "JPEG", quality=85)


def off_centre(image: Image.Image, rng: random.Random) -> Image.Image:
    """An eighth cut off one side, and a tenth off another."""
    width, height = image.size
    left, top = (rng.random() < 0.5 for _ in range(2))
    box = (width // 8 * left, height // 10 * top, width - width // 8 * (not left), height - height // 10 * (not top))
    return encoded(image.crop(box), "JPEG", quality=80)


def warm(image: Image.Image, _: random.Random) -> Image.Image:
    red, green, blue = image.split()
    shifted = Image.merge("RGB", (red.point(lambda v: min(v * 1.1, 255)), green, blue.point(lambda v: v * 0.85)))
    return encoded(shifted, "JPEG", quality=85)


def gamma(image: Image.Image, rng: random.Random) -> Image.Image:
    power = rng.choice((0.7, 1.4))
    return encoded(image.point([round(255 * (value / 255) ** power) for value in range(256)] * 3), "JPEG", quality=85)


def poor(image: Image.Image, _: random.Random) -> Image.Image:
    return encoded(image, "JPEG", quality=20)


def back_and_forth(image: Image.Image, _: random.Random) -> Image.Image:
    """Shrunk by half, and enlarged to the size that it had."""
    half = image.resize((max(image.width // 2, 1), max(image.height // 2, 1)), Image.Resampling.BILINEAR)
    return encoded(half.resize(image.size, Image.Resampling.BICUBIC), "JPEG", quality=75)


def sharp_and_grey(image: Image.Image, _: random.Random) -> Image.Image:
    sharp = ImageOps.grayscale(image).filter(ImageFilter.UnsharpMask(2, 90, 2))
    return encoded(sharp.convert("RGB"), "JPEG", quality=85)


def mirrored_and_bright(image: Image.Image, _: random.Random) -> Image.Image:
    return encoded(ImageEnhance.Brightness(ImageOps.mirror(image)).enhance(1.15), "JPEG", quality=75)


def letterbox(image: Image.Image, _: random.Random) -> Image.Image:
    """On a black square, as a player shows it."""
    side = max(image.width, image.height * 16 // 9)
    return encoded(ImageOps.pad(image, (side, max(side * 9 // 16, image.height)), color="black"), "JPEG", quality=80)


OTHERS: dict[str, Edit] = {
    "caption band": band,
    "a third at 60": third,
    "blur of 1.6": soft,
    "white border": white_border,
    "tilt of 4°": tilt,
    "cut off centre": off_centre,
    "warm": warm,
    "gamma": gamma,
    "JPEG 20": poor,
    "half and back": back_and_forth,
    "sharp and grey": sharp_and_grey,
    "mirrored, bright": mirrored_and_bright,
    "letterbox": letterbox,
}
