"""Pictures made of pictures: collages, screens, prints on a table. None is a copy of what it shows.

Hard negatives for benchmarks/duplicates.py: groups of a composite and the photos in it.
"""

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from benchmarks.variants import edits
from benchmarks.variants.negatives import WORDS, Group

Photos = Sequence[Image.Image]
Compose = Callable[[Photos, random.Random], Image.Image]
PAPERS = ("white", "black", "#f4efe6", "#20242a", "#c9b08a")


def groups(photos: Photos, count: int, seed: int = 11) -> Iterator[Group]:
    """Composites of every kind, `count` in all, each with the photos that it shows whole or nearly so."""
    rng = random.Random(seed)
    kinds = list(KINDS.items())
    for number in range(count):
        name, (compose, shown) = kinds[number % len(kinds)]
        chosen = rng.sample(photos, shown)
        composite = edits.jpeg(rng.randint(70, 95), compose(chosen, rng), rng)
        yield f"composite {name} {number}", [composite, *chosen]


def fitted(photo: Image.Image, size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Filling the box, cut a little, or whole on paper."""
    if rng.random() < 0.5:
        return ImageOps.fit(photo, size, Image.Resampling.LANCZOS)
    return ImageOps.pad(photo, size, Image.Resampling.LANCZOS, color=rng.choice(PAPERS))


def side_by_side(photos: Photos, rng: random.Random, gap: int = 0) -> Image.Image:
    """In a row of one height, or in a column of one width; at the size they have, or smaller."""
    across, side = rng.random() < 0.5, rng.choice((400, 640, 900))
    if across:
        shown = [photo.resize((round(photo.width * side / photo.height), side)) for photo in photos]
        size = (sum(one.width for one in shown) + gap * (len(shown) + 1), side + 2 * gap)
    else:
        shown = [photo.resize((side, round(photo.height * side / photo.width))) for photo in photos]
        size = (side + 2 * gap, sum(one.height for one in shown) + gap * (len(shown) + 1))
    sheet = Image.new("RGB", size, rng.choice(PAPERS))
    at = gap
    for one in shown:
        sheet.paste(one, (at, gap) if across else (gap, at))
        at += (one.width if across else one.height) + gap
    return sheet


def with_gaps(photos: Photos, rng: random.Random) -> Image.Image:
    return side_by_side(photos, rng, gap=rng.randint(4, 40))


def grid(photos: Photos, rng: random.Random, *, rounded: bool = False) -> Image.Image:
    """Two, three or four across, with or without gaps; with rounded corners on demand."""
    across = 2 if len(photos) <= 6 else 3
    down = -(-len(photos) // across)
    width, height = rng.choice(((400, 300), (360, 360), (300, 400)))
    gap = rng.choice((0, 6, 24)) if not rounded else rng.choice((10, 30))
    sheet = Image.new("RGB", (across * (width + gap) + gap, down * (height + gap) + gap), rng.choice(PAPERS))
    for number, photo in enumerate(photos):
        place = gap + number % across * (width + gap), gap + number // across * (height + gap)
        sheet.paste(fitted(photo, (width, height), rng), place, corners((width, height), 30 if rounded else 0))
    return sheet


def rounded(photos: Photos, rng: random.Random) -> Image.Image:
    return grid(photos, rng, rounded=True)


def corners(size: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, fill=255)
    return mask


def large_and_small(photos: Photos, rng: random.Random) -> Image.Image:
    """One large, the others in a strip beside it."""
    large, *others = photos
    main = large.resize((900, round(large.height * 900 / large.width)))
    height = main.height // len(others)
    sheet = Image.new("RGB", (900 + 8 + height * 4 // 3, main.height), rng.choice(PAPERS))
    sheet.paste(main)
    for number, other in enumerate(others):
        sheet.paste(ImageOps.fit(other, (height * 4 // 3, height)), (908, number * height))
    return sheet


def framed(photos: Photos, rng: random.Random) -> Image.Image:
    """Each in a frame of its own, on a wall."""
    shown = [ImageOps.expand(photo, 24, rng.choice(("#5a3a1e", "black", "white"))) for photo in photos]
    return with_gaps(shown, rng)


def chat(photos: Photos, rng: random.Random) -> Image.Image:
    """A screenshot of a chat in which a photo or two were sent."""
    dark = rng.random() < 0.5
    screen = Image.new("RGB", (720, 1440), "#0b141a" if dark else "#efe7de")
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, 720, 110), fill="#1f2c33" if dark else "#075e54")
    draw.text((120, 40), rng.choice(WORDS).title(), "white", ImageFont.load_default(26))
    y = 130
    for photo in photos:
        y = bubble(draw, y, dark, rng)
        width = rng.choice((420, 500, 600))
        shown = ImageOps.contain(photo, (width, 560))
        screen.paste(shown, (20 if rng.random() < 0.5 else 700 - shown.width, y), corners(shown.size, 14))
        y += shown.height + 16
    while y < 1340:
        y = bubble(draw, y, dark, rng)
    return screen


def bubble(draw: ImageDraw.ImageDraw, y: int, dark: bool, rng: random.Random) -> int:
    """A message; where the next one begins."""
    words = " ".join(rng.choices(WORDS, k=rng.randint(2, 6)))
    width = min(40 + 13 * len(words), 640)
    x = 20 if rng.random() < 0.5 else 700 - width
    draw.rounded_rectangle((x, y, x + width, y + 60), 18, fill="#3b4a54" if dark else "white")
    draw.text((x + 18, y + 15), words, "white" if dark else "black", ImageFont.load_default(24))
    return y + 76


def album(photos: Photos, rng: random.Random) -> Image.Image:
    """A screenshot of a photo app's list: a heading, then photos across the screen, some of them large."""
    dark = rng.random() < 0.5
    screen = Image.new("RGB", (720, 1440), "black" if dark else "white")
    draw = ImageDraw.Draw(screen)
    draw.text((30, 40), rng.choice(WORDS).title(), "white" if dark else "black", ImageFont.load_default(50))
    first, *others = photos
    shown = ImageOps.fit(first, (720, min(720 * first.height // first.width, 760)))
    screen.paste(shown, (0, 120))
    y = 124 + shown.height
    for number, other in enumerate(others):
        screen.paste(ImageOps.fit(other, (238, 238)), (number % 3 * 241, y + number // 3 * 241))
    return screen


def on_a_table(photos: Photos, rng: random.Random) -> Image.Image:
    """A print photographed on something that is a picture itself."""
    print_, table = photos
    canvas = ImageOps.fit(table, (1200, 900))
    paper = ImageOps.expand(ImageOps.contain(print_, (760, 620)), rng.choice((0, 18)), "white")
    turned = paper.convert("RGBA").rotate(rng.uniform(-25, 25), Image.Resampling.BICUBIC, expand=True)
    place = (1200 - turned.width) // 2 + rng.randint(-60, 60), (900 - turned.height) // 2 + rng.randint(-30, 30)
    canvas.paste(turned, place, turned)
    return ImageEnhance.Brightness(canvas).enhance(rng.uniform(0.9, 1.05))


def on_wood(photos: Photos, rng: random.Random) -> Image.Image:
    """A print photographed on a wooden table: streaks, and a lamp's light."""
    noise = np.random.default_rng(rng.randrange(2**32))
    streaks = np.kron(noise.normal(0, 16, (225, 12)), np.ones((4, 100)))
    wood = np.stack([base + streaks for base in (150, 110, 70)], axis=2) + noise.normal(0, 5, (900, 1200, 3))
    table = Image.fromarray(wood.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.5))
    return on_a_table([photos[0], table], rng)


def prints(photos: Photos, rng: random.Random) -> Image.Image:
    """Several prints thrown on a table, overlapping."""
    canvas = Image.new("RGB", (1200, 900), rng.choice(("#6b4a2f", "#d8d0c4", "#2c3a2c")))
    for number, photo in enumerate(photos):
        paper = ImageOps.expand(ImageOps.contain(photo, (600, 460)), 20, "white").convert("RGBA")
        turned = paper.rotate(rng.uniform(-20, 20), Image.Resampling.BICUBIC, expand=True)
        canvas.paste(turned, (number % 2 * 520, number // 2 * 330), turned)
    return canvas


def contact_sheet(photos: Photos, rng: random.Random) -> Image.Image:
    """Three across, each with its name below."""
    paper, ink = rng.choice((("white", "black"), ("#181818", "white")))
    sheet = Image.new("RGB", (1080, -(-len(photos) // 3) * 300 + 30), paper)
    draw = ImageDraw.Draw(sheet)
    for number, photo in enumerate(photos):
        x, y = number % 3 * 350 + 20, number // 3 * 300 + 20
        sheet.paste(ImageOps.contain(photo, (330, 250)), (x, y))
        draw.text((x, y + 254), f"IMG_{rng.randint(1000, 9999)}.JPG", ink, ImageFont.load_default(20))
    return sheet


def before_and_after(photos: Photos, rng: random.Random) -> Image.Image:
    """A photo beside what was made of it."""
    (photo,) = photos
    edit = rng.choice(("grey", "sepia", "brightness", "contrast", "blur"))
    return with_gaps([photo, edits.EDITED[edit](photo, rng)], rng)


def picture_in_picture(photos: Photos, rng: random.Random) -> Image.Image:
    """Another photo in a corner of the photo."""
    photo, other = photos
    sheet = photo.copy()
    share = rng.uniform(0.22, 0.42)
    small = ImageOps.fit(other, (round(photo.width * share), round(photo.height * share)))
    small = ImageOps.expand(small, rng.choice((0, 4)), "white")
    sheet.paste(small, (photo.width - small.width - 12, rng.choice((12, photo.height - small.height - 12))))
    return sheet


def meme(photos: Photos, rng: random.Random) -> Image.Image:
    """Words over two pictures, one above the other."""
    stack = side_by_side([photo.resize((700, 480)) for photo in photos], random.Random(0))
    sheet = Image.new("RGB", (stack.width, stack.height + 140), "white")
    sheet.paste(stack, (0, 140))
    draw = ImageDraw.Draw(sheet)
    for line in range(2):
        draw.text((20, 14 + 60 * line), " ".join(rng.choices(WORDS, k=4)), "black", ImageFont.load_default(48))
    return sheet


def article(photos: Photos, rng: random.Random) -> Image.Image:
    """A page with a photo, its text, and a smaller picture of something else."""
    photo, other = photos
    sheet = Image.new("RGB", (1000, 1300), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((60, 40), " ".join(rng.choices(WORDS, k=3)).title(), "black", ImageFont.load_default(60))
    shown = ImageOps.contain(photo, (880, 560))
    sheet.paste(shown, (60, 130))
    y = 160 + shown.height
    sheet.paste(ImageOps.fit(other, (300, 220)), (640, y))
    while y < 1240:
        draw.text((60, y), " ".join(rng.choices(WORDS, k=6)), "black", ImageFont.load_default(26))
        y += 38
    return sheet


KINDS: dict[str, tuple[Compose, int]] = {
    "pair": (side_by_side, 2),
    "pair with gap": (with_gaps, 2),
    "three": (side_by_side, 3),
    "three with gaps": (with_gaps, 3),
    "four": (grid, 4),
    "nine": (grid, 9),
    "rounded": (rounded, 4),
    "rounded pair": (rounded, 2),
    "large and small": (large_and_small, 4),
    "framed": (framed, 2),
    "chat": (chat, 1),
    "chat of two": (chat, 2),
    "album": (album, 4),
    "on a table": (on_a_table, 2),
    "on wood": (on_wood, 1),
    "prints": (prints, 4),
    "contact sheet": (contact_sheet, 6),
    "before and after": (before_and_after, 1),
    "picture in picture": (picture_in_picture, 2),
    "meme": (meme, 2),
    "article": (article, 2),
}
