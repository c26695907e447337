"""A caption band over a picture is taken off before both are compared; margins and bars of pages are none."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from vision import matching
from vision.copies import bands
from vision.matching import Match, Tier
from vision.tests.test_matching import jpeg, scene


def banded(image: Image.Image, paper: str, ink: str, *, upper: bool = False) -> Image.Image:
    image = image.copy()
    height = image.height // 7
    top = 0 if upper else image.height - height
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, top, image.width, top + height), fill=paper)
    draw.text((20, top + height * 0.1), "Grandma is 80", ink, ImageFont.load_default(height * 0.6))
    return jpeg(image, 85)


def compared(one: Image.Image, other: Image.Image) -> Match:
    return matching.compare(matching.prepare(one), matching.prepare(other))


def snow() -> Image.Image:
    """Nearly of one colour, as snow is, with somebody on it."""
    noise = np.random.default_rng(4).normal(0, 9, (60, 80))
    light = Image.fromarray((205 + noise).clip(0, 255).astype(np.uint8)).resize((640, 480), Image.Resampling.BICUBIC)
    hill = light.filter(ImageFilter.GaussianBlur(2)).convert("RGB")
    hill.paste(scene(1, (160, 180)), (300, 120))
    return hill


@pytest.mark.parametrize("upper", [True, False])
@pytest.mark.parametrize(("paper", "ink"), [("black", "white"), ("white", "black"), ("#1d3f72", "white")])
def test_a_picture_with_a_caption_band_is_edited(paper: str, ink: str, upper: bool) -> None:
    for picture in (scene(1), snow()):
        match = compared(picture, banded(picture, paper, ink, upper=upper))
        assert (match.tier, match.evidence["change"]) == (Tier.EDITED, "lettering")


def test_another_picture_with_the_same_band_is_another_picture() -> None:
    assert compared(scene(2), banded(scene(1), "black", "white")).tier is Tier.NONE


def test_a_page_that_ends_in_other_words_is_another_page() -> None:
    pages = []
    for last in ("", "Total: 480"):
        page = Image.new("RGB", (500, 640), "white")
        draw = ImageDraw.Draw(page)
        for line in range(12):
            draw.text((40, 30 + 42 * line), f"{line} apples for {line * 3}", "black", ImageFont.load_default(30))
        draw.rectangle((0, 560, 500, 640), fill="black" if last else "white")
        draw.text((40, 575), last, "white", ImageFont.load_default(40))
        pages.append(page)
    assert compared(*pages).tier is Tier.NONE


def test_the_height_of_a_band() -> None:
    picture = np.asarray(banded(scene(1, (640, 490)), "black", "white", upper=True), np.float32)
    assert bands.height_of_band(picture) == pytest.approx(70, abs=2)
    assert bands.height_of_band(picture[::-1]) == 0


def test_what_is_left_keeps_its_place() -> None:
    picture = scene(1, (640, 490))
    one, other = next(
        bands.without(*(np.asarray(image, np.float32) for image in (picture, banded(picture, "black", "white"))))
    )
    assert one.shape == other.shape
    assert np.abs(one - np.asarray(picture, np.float32)[: len(one)]).max() == 0
