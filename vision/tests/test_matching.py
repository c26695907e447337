"""The verdict on two pictures: copies, edits, and what only looks alike."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from vision import alignment, matching
from vision.copies import sketches
from vision.matching import Match, Tier


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with soft shading, edges and grain, unlike any other seed's."""
    rng = np.random.default_rng(seed)
    layers = np.zeros((size[1], size[0], 3), np.float32)
    for cells, strength in ((4, 60), (16, 40), (64, 30)):
        noise = rng.normal(0, strength, (cells * 3 // 4, cells, 3)).astype(np.float32)
        channels = [Image.fromarray(noise[..., c]).resize(size, Image.Resampling.BICUBIC) for c in range(3)]
        layers += np.stack([np.asarray(channel) for channel in channels], axis=2)
    image = Image.fromarray((layers + 125).clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, w, h = (int(n) for n in rng.integers((0, 0, 20, 20), (size[0], size[1], 120, 120)))
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape((x, y, x + w, y + h), fill=tuple(int(c) for c in rng.integers(0, 255, 3)))
    return image


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def captioned(image: Image.Image) -> Image.Image:
    image = image.copy()
    draw = ImageDraw.Draw(image)
    draw.text((40, 380), "Happy birthday!", "white", ImageFont.load_default(60), stroke_width=3, stroke_fill="black")
    return image


def on_a_screen(image: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (720, 1280), "black")
    screen.paste(image.resize((720, 540)), (0, 370))
    ImageDraw.Draw(screen).ellipse((300, 1180, 360, 1240), outline="white", width=4)
    return screen


def with_bar(image: Image.Image) -> Image.Image:
    """Coloured words on a bar, which make the whole more colourful."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 40, image.width, 90), fill="white")
    draw.text((40, 42), "Summer 2019", "red", ImageFont.load_default(40))
    return image


def darkened_to_the_corners(image: Image.Image) -> Image.Image:
    y, x = np.mgrid[-1 : 1 : image.height * 1j, -1 : 1 : image.width * 1j]
    shade = 1 - 0.35 * np.clip(np.hypot(x, y) - 0.3, 0, 1)
    return Image.fromarray((np.asarray(image) * shade[..., None]).clip(0, 255).astype(np.uint8))


def compare(one: Image.Image, other: Image.Image) -> Match:
    return matching.compare(matching.prepare(one), matching.prepare(other))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "itself": lambda image: image,
    "JPEG 30": lambda image: jpeg(image, 30),
    "a quarter": lambda image: image.resize((160, 120), Image.Resampling.BICUBIC),
    "messenger": lambda image: jpeg(image.resize((400, 300)), 60),
}
EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "cropped": lambda image: image.crop((60, 30, 640, 440)),
    "turned": lambda image: image.rotate(90, expand=True),
    "upside down": lambda image: image.rotate(180),
    "mirrored": ImageOps.mirror,
    "tilted": lambda image: image.rotate(5, Image.Resampling.BICUBIC, expand=True),
    "mirrored and cropped": lambda image: ImageOps.mirror(image).crop((60, 30, 640, 440)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
    "contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.7),
    "colour": lambda image: ImageEnhance.Color(image).enhance(1.4),
    "grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(3)),
    "stretched": lambda image: image.resize((560, 480)),
    "vignette": darkened_to_the_corners,
    "text": captioned,
    "text on a bar": with_bar,
    "text on a crop": lambda image: captioned(image.crop((30, 20, 640, 480))),
    "border": lambda image: ImageOps.expand(image, 30, "white"),
    "screenshot": on_a_screen,
}


@pytest.mark.parametrize("edit", COPIES.values(), ids=COPIES)
def test_copies_are_the_same(edit: Callable[[Image.Image], Image.Image]) -> None:
    original = scene(1)
    assert compare(original, edit(original)).tier is Tier.SAME
    assert compare(edit(original), original).tier is Tier.SAME


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_edits_are_edited(edit: Callable[[Image.Image], Image.Image]) -> None:
    original = scene(2)
    match = compare(original, jpeg(edit(original), 85))
    assert match.tier is Tier.EDITED
    assert match.evidence["change"]
    assert compare(edit(original), original).tier is Tier.EDITED


def test_the_change_is_named() -> None:
    original = scene(3)
    names = ("mirrored", "grey", "text", "stretched", "vignette")
    told = [compare(original, EDITS[name](original)).evidence["change"] for name in names]
    assert told == ["mirrored", "colours", "lettering", "stretched", "light"]


@pytest.mark.parametrize("name", ["turned", "mirrored and cropped", "stretched", "border", "grey"])
def test_the_verdict_is_the_same_in_either_order(name: str) -> None:
    one, other = scene(2), jpeg(EDITS[name](scene(2)), 85)
    forth, back = compare(one, other), compare(other, one)
    assert (back.tier, back.similarity) == (forth.tier, forth.similarity)
    assert back.evidence["covers_first"] == forth.evidence["covers_second"]
    assert back.evidence["correlation"] == forth.evidence["correlation"]
    onto = [np.vstack([np.reshape(match.placement, (2, 3)), [0, 0, 1]]) for match in (forth, back)]
    assert onto[0] @ onto[1] == pytest.approx(np.eye(3), abs=1e-3)
    turned = {"turned right": "turned left", "turned left": "turned right"}
    assert back.evidence["how"] == turned.get(str(forth.evidence["how"]), forth.evidence["how"])


def test_other_pictures_are_not() -> None:
    assert compare(scene(4), scene(5)).tier is Tier.NONE


def test_a_moved_part_is_another_picture() -> None:
    first = scene(6)
    second = first.copy()
    second.paste(first.crop((200, 150, 330, 330)), (235, 160))
    assert compare(grainy(first, 1), grainy(second, 2)).tier is Tier.NONE
    assert compare(first, darkened_to_the_corners(second)).tier is Tier.NONE


def grainy(image: Image.Image, seed: int) -> Image.Image:
    """As another exposure has it."""
    noise = np.random.default_rng(seed).normal(0, 5, (image.height, image.width, 3))
    return Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))


def test_a_moved_camera_is_another_picture() -> None:
    whole = scene(7, (800, 600))
    match = compare(whole.crop((0, 0, 700, 520)), whole.crop((20, 15, 720, 535)))
    assert match.tier is Tier.NONE
    assert match.evidence["change"] == "each shows what the other does not"


def page(*lines: str) -> Image.Image:
    image = Image.new("RGB", (1000, 1400), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((80, 90 + 40 * number), line, "black", ImageFont.load_default(26))
    return image


def test_pages_that_differ_in_a_line_are_different() -> None:
    lines = [f"Line {number}: the quick brown fox jumps over the lazy dog" for number in range(28)]
    other = [*lines[:12], "Line 12: amount due 4,750.00 until the end of the month", *lines[13:]]
    assert compare(page(*lines), page(*other)).tier is Tier.NONE
    assert compare(page(*lines), jpeg(page(*lines).resize((500, 700)), 70)).tier is Tier.SAME


@pytest.mark.parametrize("level", [3, 128, 250])
def test_blank_pictures_are_never_the_same(level: int) -> None:
    rng = np.random.default_rng(8)
    pictures = [(level + rng.normal(0, 2, (300, 400, 3))).clip(0, 255).astype(np.uint8) for _ in range(2)]
    match = compare(*(Image.fromarray(pixels) for pixels in pictures))
    assert match.tier is Tier.NONE


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (20, 20)])
def test_tiny_pictures_do_not_fail(size: tuple[int, int]) -> None:
    assert compare(Image.new("RGB", size), scene(9)).tier is Tier.NONE
    assert compare(Image.new("RGB", size), Image.new("RGB", size)).tier is Tier.NONE


def app(picture: Image.Image) -> Image.Image:
    """A screenshot of an app that shows the picture between its bars."""
    screen = Image.new("RGB", (360, 720), "black")
    screen.paste(picture.resize((360, 270)), (0, 225))
    draw = ImageDraw.Draw(screen)
    draw.text((12, 8), "12:47", "white")
    for number in range(4):
        draw.ellipse((34 + 90 * number, 640, 56 + 90 * number, 662), outline="white", width=2)
    return screen


@pytest.mark.parametrize("other", range(2, 8))
def test_screenshots_of_one_app_are_different_pictures(other: int) -> None:
    """What they have in common is the app's and blank; that the rest is of two colours in one of them says nothing."""
    one, another = (matching.prepare(app(scene(seed))) for seed in (1, other))
    assert matching.compare(one, another).tier is matching.Tier.NONE


def test_screens_of_text_that_differ_in_a_line_are_different() -> None:
    screens = []
    for words in ("Auckland 2024-04-14 08:34:30", "London 2024-04-13 21:36:30"):
        screen = Image.new("RGB", (720, 1440), "black")
        draw = ImageDraw.Draw(screen)
        font = ImageFont.load_default(28)
        draw.text((90, 600), words, "#ffc020", font)
        draw.text((90, 650), "UTC: 2024-04-13 20:34:30Z", "#ffc020", font)
        for number in range(4):
            draw.ellipse((68 + 180 * number, 1200, 112 + 180 * number, 1244), outline="white", width=4)
        screens.append(matching.prepare(screen))
    assert matching.compare(*screens).tier is matching.Tier.NONE


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_small_poor_copy_that_lost_its_fine_texture_is_the_same(seed: int) -> None:
    """Shrunk to a third, without smoothing, and compressed: only what is coarse is left."""
    noise = np.random.default_rng(seed).normal(0, 14, (288, 432, 3))
    picture = Image.fromarray((np.asarray(scene(seed, (432, 288))) + noise).clip(0, 255).astype(np.uint8))
    assert compare(picture, jpeg(picture.resize((144, 96), Image.Resampling.NEAREST), 60)).tier is not Tier.NONE


def test_what_has_moved_is_no_lost_texture() -> None:
    grain = np.random.default_rng(2).normal(0, 40, (96, 144, 3))
    smooth = Image.fromarray((128 + grain).clip(0, 255).astype(np.uint8)).resize((432, 288), Image.Resampling.BICUBIC)
    moved = smooth.copy()
    moved.paste(smooth.crop((150, 80, 250, 180)), (154, 83))
    assert compare(smooth, jpeg(moved.resize((144, 96)), 60)).tier is Tier.NONE


@pytest.mark.parametrize("colour", ["white", "black"])
def test_borders_place_a_picture_that_has_few_features(colour: str) -> None:
    plain = Image.new("RGB", (600, 400), "#e0b020")
    plain.paste("#606060", (220, 180, 330, 392))
    plain.paste("#202020", (260, 60, 300, 100))
    plain.paste(scene(3, (60, 50)), (520, 300))
    shown = ImageOps.expand(plain, 60, colour)
    boxes = [matching.prepare(image).within for image in (plain, shown)]
    placed = alignment.by_borders(matching.prepare(plain).grey, boxes[0], matching.prepare(shown).grey, boxes[1])
    assert placed is not None
    assert compare(plain, shown).tier is Tier.EDITED


@pytest.mark.parametrize("edit", [*EDITS.values(), *COPIES.values()], ids=[*EDITS, *COPIES])
def test_sketches_change_no_verdict(edit: Callable[[Image.Image], Image.Image]) -> None:
    pair = [matching.prepare(image, sketches.read(sketches.draw(image))) for image in (scene(2), edit(scene(2)))]
    bare = [matching.prepare(image) for image in (scene(2), edit(scene(2)))]
    assert matching.compare(*pair).tier is matching.compare(*bare).tier


def test_a_crop_that_sketches_place_needs_no_features(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(grey: object) -> None:
        raise AssertionError("features were looked for")

    monkeypatch.setattr(matching.alignment, "features", search)
    crop = scene(2).crop((80, 60, 560, 420))
    pair = [matching.prepare(image, sketches.read(sketches.draw(image))) for image in (scene(2), crop)]
    assert matching.compare(*pair).tier is Tier.EDITED
