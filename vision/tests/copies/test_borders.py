"""What lies within the borders of a picture."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from vision.copies import borders
from vision.tests.test_matching import captioned, on_a_screen, scene


def bars(image: Image.Image) -> Image.Image:
    """Captions on bars above and below, as memes have them."""
    return captioned(ImageOps.expand(image, (0, 90), "black"))


@pytest.mark.parametrize(
    "framed",
    [on_a_screen, lambda image: ImageOps.expand(image, 60, "white"), bars],
    ids=["screen", "frame", "bars"],
)
def test_borders_are_removed(framed: Callable[[Image.Image], Image.Image]) -> None:
    original = scene(1)
    inner = borders.within(framed(original))
    assert inner is not None
    assert abs(inner.width / inner.height - original.width / original.height) < 0.08
    again = np.asarray(inner.resize((64, 48)), np.float32)
    assert np.abs(again - np.asarray(original.resize((64, 48)), np.float32)).mean() < 12


def test_a_picture_without_borders_stays_whole() -> None:
    assert borders.within(scene(2)) is None


@pytest.mark.parametrize(
    "image", [Image.new("RGB", (640, 480), "white"), Image.new("RGB", (1, 1)), Image.new("RGB", (3, 900))]
)
def test_nothing_is_left_of_a_blank_picture(image: Image.Image) -> None:
    assert borders.within(image) is None


def test_a_speck_on_a_page_is_no_picture() -> None:
    page = Image.new("RGB", (640, 480), "white")
    page.paste("black", (300, 200, 330, 230))
    assert borders.within(page) is None
