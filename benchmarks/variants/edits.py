"""Copies of a picture as they come to be in real libraries, for benchmarks/duplicates.py.

Each has the tier that it must be found in. Strengths lie between the bounds that the benchmark states, drawn by a
seed, so that other pictures meet other strengths.
"""

import io
import random
from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from media import decoding  # noqa: F401 - registers HEIC

Edit = Callable[[Image.Image, random.Random], Image.Image]


def encoded(image: Image.Image, kind: str, **options: object) -> Image.Image:
    """What is left of the picture after it was written and read again."""
    bare = image.copy()
    bare.info = {}  # an orientation would be written along
    stream = io.BytesIO()
    bare.save(stream, kind, **options)
    with Image.open(io.BytesIO(stream.getvalue())) as again:
        return again.convert("RGB")


def jpeg(quality: int, image: Image.Image, _: random.Random) -> Image.Image:
    return encoded(image, "JPEG", quality=quality)


def resized(share: float, image: Image.Image, _: random.Random) -> Image.Image:
    size = (max(round(image.width * share), 1), max(round(image.height * share), 1))
    return encoded(image.resize(size, Image.Resampling.BICUBIC), "JPEG", quality=85)


def messenger(image: Image.Image, _: random.Random) -> Image.Image:
    """Smaller, recompressed, without metadata, as WhatsApp and its like send it."""
    smaller = image.copy()
    smaller.thumbnail((max(image.size) * 3 // 5,) * 2)
    return encoded(encoded(smaller, "JPEG", quality=70), "JPEG", quality=60)


def cropped(share: float, image: Image.Image, rng: random.Random) -> Image.Image:
    """So much of width and of height is cut off, unevenly."""
    left, top = (rng.random() * share for _ in range(2))
    width, height = image.size
    box = (left * width, top * height, (left + 1 - share) * width, (top + 1 - share) * height)
    return image.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))


def turned(quarters: int, image: Image.Image, _: random.Random) -> Image.Image:
    return image.rotate(90 * quarters, expand=True)


def tilted(degrees: float, image: Image.Image, rng: random.Random) -> Image.Image:
    """Turned a little; the corners become black, or white, or are left outside."""
    angle = degrees * rng.choice((-1, 1))
    if rng.random() < 0.5:
        return image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=rng.choice(("black", "white")))
    whole = image.rotate(angle, Image.Resampling.BICUBIC)
    margin = 0.5 * abs(degrees) / 45
    return cropped_evenly(whole, margin)


def cropped_evenly(image: Image.Image, margin: float) -> Image.Image:
    x, y = round(image.width * margin), round(image.height * margin)
    return image.crop((x, y, image.width - x, image.height - y))


def mirrored(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageOps.mirror(image)


def enhanced(what: str, image: Image.Image, rng: random.Random) -> Image.Image:
    factor = rng.choice((rng.uniform(0.6, 0.8), rng.uniform(1.25, 1.5)))
    return getattr(ImageEnhance, what)(image).enhance(factor)


def grey(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageOps.grayscale(image).convert("RGB")


def sepia(image: Image.Image, _: random.Random) -> Image.Image:
    return ImageOps.colorize(ImageOps.grayscale(image), "#1c0f05", "#fff3dc", mid="#a5814f")


def blurred(image: Image.Image, rng: random.Random) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.002, 0.005) * max(image.size)))


def lettered(image: Image.Image, rng: random.Random) -> Image.Image:
    """A caption over the picture, with an outline or on a bar."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    size = max(round(image.height * rng.uniform(0.05, 0.09)), 10)
    words = rng.choice(("Happy birthday!", "Summer 2019", "The four of us at last", "Bom dia!"))
    y = round(rng.choice((0.05, 0.45, 0.85)) * image.height)
    if rng.random() < 0.4:
        draw.rectangle((0, y - size // 4, image.width, y + size * 5 // 4), fill=rng.choice(("black", "white")))
        fill, outline = ("red", 0)
    else:
        fill, outline = rng.choice((("white", size // 12), ("yellow", size // 12), ("black", 0)))
    font = ImageFont.load_default(size)
    draw.text((image.width * 0.06, y), words, fill, font, stroke_width=outline, stroke_fill="black")
    return image


def bordered(image: Image.Image, rng: random.Random) -> Image.Image:
    width = round(rng.uniform(0.02, 0.1) * min(image.size))
    return ImageOps.expand(image, width, rng.choice(("white", "black", "#7a4a21")))


def screenshot(image: Image.Image, rng: random.Random) -> Image.Image:
    """As a phone shows it: the picture across the screen, bars and buttons above and below."""
    width = 720
    height = rng.choice((1280, 1440, 1560))
    dark = rng.random() < 0.6
    screen = Image.new("RGB", (width, height), "black" if dark else "white")
    shown = image.resize((width, max(round(image.height * width / image.width), 1)), Image.Resampling.LANCZOS)
    if shown.height > height - 200:
        shown = ImageOps.contain(image, (width, height - 200), Image.Resampling.LANCZOS)
    screen.paste(shown, ((width - shown.width) // 2, (height - shown.height) // 2))
    draw = ImageDraw.Draw(screen)
    ink = "white" if dark else "black"
    font = ImageFont.load_default(26)
    draw.text((30, 14), "12:47", ink, font)
    draw.rectangle((620, 18, 680, 38), outline=ink, width=3)
    for number in range(4):
        centre = 90 + number * 180
        draw.ellipse((centre - 22, height - 80, centre + 22, height - 36), outline=ink, width=4)
    return encoded(screen, "PNG")


SAME: dict[str, Edit] = {
    **{f"JPEG {quality}": partial(jpeg, quality) for quality in (30, 50, 70, 90)},
    **{f"resized to {share:.0%}": partial(resized, share) for share in (0.25, 0.5, 0.75)},
    "WebP": lambda image, _: encoded(image, "WEBP", quality=60),
    "HEIC": lambda image, _: encoded(image, "HEIF", quality=45),
    "messenger": messenger,
}
EDITED: dict[str, Edit] = {
    **{f"cropped {share:.0%}": partial(cropped, share) for share in (0.05, 0.1, 0.2)},
    **{f"turned {90 * quarters}°": partial(turned, quarters) for quarters in (1, 2, 3)},
    **{f"tilted {degrees}°": partial(tilted, degrees) for degrees in (2, 5, 10)},
    "mirrored": mirrored,
    "brightness": partial(enhanced, "Brightness"),
    "contrast": partial(enhanced, "Contrast"),
    "colour": partial(enhanced, "Color"),
    "grey": grey,
    "sepia": sepia,
    "blur": blurred,
    "text": lettered,
    "border": bordered,
    "screenshot": screenshot,
}
