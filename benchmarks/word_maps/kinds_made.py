"""Draws what no public collection was at hand for: memes, printed pages (flat and photographed) and blurred photos.

All chances come from one generator, in one order, so the same photos, texts and fonts give the same bytes.
"""

import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

MEMES, UNSEEN_MEMES, PAGES, BLURRED = 110, 40, 70, 200  # of the blurred, what is drawn twice counts once
SEED = 5
MEME_WIDTH, PHOTO_OF_PAGE = 600, (900, 1200)
# The order is part of what is drawn. They are those of Debian's fonts-dejavu and fonts-liberation.
FONTS = [
    "DejaVuSerif-Bold", "DejaVuSansMono", "DejaVuSansCondensed-Oblique", "LiberationSansNarrow-Italic",
    "DejaVuSerifCondensed-BoldItalic", "DejaVuSans-ExtraLight", "DejaVuSans", "LiberationSans-Regular",
    "DejaVuSerifCondensed", "DejaVuSerifCondensed-Italic", "LiberationMono-BoldItalic", "LiberationSerif-Italic",
    "LiberationMono-Bold", "LiberationSansNarrow-Regular", "DejaVuSerif-BoldItalic", "DejaVuSansMono-Oblique",
    "DejaVuSerifCondensed-Bold", "DejaVuSans-Bold", "LiberationSerif-Bold", "DejaVuSansMono-BoldOblique",
    "LiberationMono-Regular", "LiberationSans-Italic", "DejaVuSansCondensed-BoldOblique",
    "LiberationSerif-BoldItalic", "DejaVuSansCondensed", "DejaVuSansCondensed-Bold",
    "LiberationSansNarrow-BoldItalic", "DejaVuSansMono-Bold", "DejaVuSans-Oblique", "LiberationMono-Italic",
    "LiberationSans-BoldItalic", "LiberationSerif-Regular", "DejaVuSerif-Italic", "LiberationSansNarrow-Bold",
    "LiberationSans-Bold", "DejaVuSerif", "DejaVuSans-BoldOblique",
]  # fmt: skip
SAID = (
    "when you finally", "nobody:", "me at 3 am", "not sure if", "one does not simply", "what if i told you",
    "that moment when", "monday again", "i should buy a boat", "brace yourselves", "y u no", "such wow", "so much for",
    "keep calm and", "they said", "the face you make when",
)  # fmt: skip


@dataclass
class Maker:
    """What is drawn from: photos to learn from and others to be measured on, sentences, fonts, and chance."""

    photos: Sequence[Path]  # of people and places
    everything: Sequence[Path]  # these, and pictures of single things
    unseen: Sequence[Path]
    texts: Sequence[str]
    bold: Sequence[str]
    plain: Sequence[str]
    chance: random.Random

    def sentence(self) -> list[str]:
        return self.chance.choice(self.texts).split()

    def font(self, among: Sequence[str], size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(among, size) if isinstance(among, str) else self.font(self.chance.choice(among), size)


def fonts() -> tuple[list[str], list[str]]:
    """The files of the bold and of the plain ones. Raises FileNotFoundError if any of FONTS is not installed."""
    listed = subprocess.run(["fc-list", "--format=%{file}\n"], capture_output=True, text=True, check=True).stdout
    files = {Path(line).stem: line for line in listed.splitlines()}
    if missing := [name for name in FONTS if name not in files]:
        raise FileNotFoundError(f"fonts that are not installed: {' '.join(missing)}")
    bold = [name for name in FONTS if "Bold" in name and not any(o in name for o in ("Mono", "Italic", "Oblique"))]
    return [files[name] for name in bold], [files[name] for name in FONTS if "Bold" not in name]


def make(out: Path, unseen_out: Path, photos: Path, unseen: Path, texts: Sequence[str]) -> None:
    """All of them, in folders named after their kinds."""
    for folder in (out, unseen_out):
        for name in ("meme", "document", "blurred"):
            (folder / name).mkdir(parents=True, exist_ok=True)
    of_people = sorted(photos.glob("f_*.jpg")) + sorted(photos.glob("c_*.jpg"))
    others = sorted(unseen.glob("*.jpg"))
    maker = Maker(of_people, sorted(photos.glob("*.jpg")), others, texts, *fonts(), random.Random(SEED))
    for number in range(MEMES):
        meme(maker, maker.chance.choice(of_people)).save(out / "meme" / f"m_{number}.jpg", quality=88)
    for number in range(UNSEEN_MEMES):
        meme(maker, others[number * 3]).save(unseen_out / "meme" / f"m_{number}.jpg", quality=88)
    for number in range(PAGES):
        flat = page(maker)
        seen = flat if number % 2 else photographed(maker, flat, maker.chance.choice(of_people))
        seen.save(out / "document" / f"d_{number}.jpg", quality=85)
    for _ in range(BLURRED):
        path = maker.chance.choice(maker.everything)
        blurred(maker, path, out / "blurred" / f"{path.stem}.jpg")
    for path in others[:150:2]:
        blurred(maker, path, unseen_out / "blurred" / path.name)


# --- memes ------------------------------------------------------------------------------------------------------------


def meme(maker: Maker, path: Path) -> Image.Image:
    """A photo with large words on it, or above it."""
    chance = maker.chance
    with Image.open(path) as opened:
        photo = opened.convert("RGB")
    photo = photo.resize((MEME_WIDTH, round(MEME_WIDTH * photo.height / photo.width)))
    font = chance.choice(maker.bold), chance.choice([38, 44, 52])
    words = maker.sentence()
    above, below = chance.choice(SAID), " ".join(words[: chance.randint(3, 6)])
    if chance.random() < 0.6:
        return with_words_on_it(photo, font, above, below)
    return with_words_above(maker, photo, above, words)


def with_words_on_it(photo: Image.Image, font: tuple[str, int], above: str, below: str) -> Image.Image:
    draw = ImageDraw.Draw(photo)
    for said, y in ((above.upper(), 6), (below.upper(), photo.height - 66)):
        name, size = font
        fitting = ImageFont.truetype(name, size)
        width = draw.textlength(said, font=fitting)
        while width > MEME_WIDTH - 20:
            size -= 3
            fitting = ImageFont.truetype(name, size)
            width = draw.textlength(said, font=fitting)
        place = ((MEME_WIDTH - width) / 2, y)
        draw.text(place, said, font=fitting, fill="white", stroke_width=3, stroke_fill="black")
    return photo


def with_words_above(maker: Maker, photo: Image.Image, above: str, words: list[str]) -> Image.Image:
    bar = 110
    grown = Image.new("RGB", (MEME_WIDTH, photo.height + bar), "white")
    grown.paste(photo, (0, bar))
    draw = ImageDraw.Draw(grown)
    font = maker.font(maker.plain, 30)
    draw.text((14, 12), f"{above.capitalize()} {' '.join(words[:3])}", font=font, fill="black")
    draw.text((14, 56), " ".join(words[3:8]), font=font, fill="black")
    return grown


# --- pages ------------------------------------------------------------------------------------------------------------


def page(maker: Maker) -> Image.Image:
    """A page with a heading and running text, or with rows that have a number at the end."""
    chance, width = maker.chance, 1000
    height = chance.choice([1414, 1300, 1500])
    sheet = Image.new("RGB", (width, height), (chance.randint(238, 255),) * 3)
    draw = ImageDraw.Draw(sheet)
    size = chance.choice([18, 20, 22, 26])
    font = maker.font(maker.plain, size)
    heading = maker.font(chance.choice(maker.bold), size + chance.randint(4, 20))
    y = chance.randint(50, 140)
    draw.text((80, y), " ".join(maker.sentence()[:5]).title(), font=heading, fill=(20, 20, 20))
    y += 90
    if chance.random() < 0.4:
        draw.rectangle((80, y, width - 80, y + 3), fill=(90, 90, 90))
    rows = chance.random() < 0.25
    while y < height - 120:
        y += row(maker, draw, font, y) if rows else line(maker, draw, font, y)
        if chance.random() < 0.01:
            break
    return sheet


def row(maker: Maker, draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, y: int) -> int:
    """Some words, a number and a rule; how far it is to the next."""
    ink, size, width = (30, 30, 30), int(font.size), 1000
    draw.text((80, y), " ".join(maker.sentence()[:3]), font=font, fill=ink)
    draw.text((700, y), f"{maker.chance.uniform(1, 900):.2f}", font=font, fill=ink)
    draw.line((80, y + size + 8, width - 80, y + size + 8), fill=(180, 180, 180))
    return size * 2


def line(maker: Maker, draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, y: int) -> int:
    """A full line of words; how far it is to the next, which sometimes is a paragraph's."""
    said, width, size = "", 1000, int(font.size)
    while draw.textlength(said, font=font) < width - 220:
        said += f" {maker.chance.choice(maker.sentence())}"
    draw.text((80, y), said.strip(), font=font, fill=(30, 30, 30))
    return int(size * 1.5) + (size if maker.chance.random() < 0.12 else 0)


def photographed(maker: Maker, sheet: Image.Image, ground: Path) -> Image.Image:
    """The page askew on a blurred photo or a plain table, lit from a side."""
    chance, (width, height) = maker.chance, PHOTO_OF_PAGE
    pixels = np.asarray(sheet)
    high, wide = pixels.shape[:2]
    table = background(maker, ground)
    corners = [[110, 110], [width - 110, 110], [width - 110, height - 110], [110, height - 110]]
    moved = np.array([[x + chance.randint(-70, 70), y + chance.randint(-70, 70)] for x, y in corners], np.float32)
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, moved)
    placed = cv2.warpPerspective(pixels, matrix, PHOTO_OF_PAGE)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), matrix, PHOTO_OF_PAGE)[..., None] / 255
    seen = table * (1 - mask) + placed * mask
    light = np.linspace(chance.uniform(0.55, 0.9), 1, width)[None, :, None]
    seen = seen * (light if chance.random() < 0.5 else light[:, ::-1])
    seen = seen * np.array([1, 0.97, 0.9 if chance.random() < 0.5 else 1])
    return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))


def background(maker: Maker, ground: Path) -> NDArray[np.uint8]:
    chance, (width, height) = maker.chance, PHOTO_OF_PAGE
    if chance.random() < 0.4:
        with Image.open(ground) as opened:
            soft = np.asarray(opened.convert("RGB").filter(ImageFilter.GaussianBlur(3)))
        return np.asarray(cv2.resize(soft, PHOTO_OF_PAGE), np.uint8)
    colour = [chance.randint(60, 150), chance.randint(50, 120), chance.randint(30, 100)]
    grain = np.random.default_rng(chance.randint(0, 9999)).integers(0, 25, (height, width, 1))
    return np.full((height, width, 3), colour, np.uint8) + grain.astype(np.uint8)


# --- blurred photos ---------------------------------------------------------------------------------------------------


def blurred(maker: Maker, path: Path, out: Path) -> None:
    """Write the photo out of focus, or moved in a straight line."""
    chance, pixels = maker.chance, np.asarray(cv2.imread(str(path)), np.uint8)
    scale = min(pixels.shape[:2]) / 224
    if chance.random() < 0.5:
        seen = cv2.GaussianBlur(pixels, (0, 0), scale * chance.uniform(2.2, 5))
    else:
        length = int(scale * chance.uniform(10, 24)) | 1
        trace = np.zeros((length, length), np.float32)
        trace[length // 2] = 1 / length
        middle = length / 2 - 0.5
        turn = cv2.getRotationMatrix2D((middle, middle), chance.uniform(0, 180), 1)
        turned = cv2.warpAffine(trace, turn, (length, length))
        seen = cv2.filter2D(pixels, -1, turned / turned.sum())
    cv2.imwrite(str(out), seen, [cv2.IMWRITE_JPEG_QUALITY, 85])
