"""What "Auto" suggests is calm, and makes dull pictures better."""

import numpy as np
from PIL import Image

from media.editing import auto, rendering
from media.editing.description import read
from media.editing.tones import LUMA
from media.tests.editing.pictures import smooth


def improved(picture: np.ndarray) -> np.ndarray:
    operations = auto.suggest(Image.fromarray(picture))
    return rendering.render(picture, read({"version": 1, "operations": operations}))


def test_a_dark_picture_becomes_brighter_and_a_flat_one_gets_contrast():
    picture = smooth(200, 150)
    dark, flat = (picture * 0.4).astype("u1"), (90 + picture * 0.3).astype("u1")
    assert improved(dark).mean() > dark.mean() + 15
    assert np.ptp(improved(flat) @ LUMA) > np.ptp(flat @ LUMA) + 10


def test_a_cast_becomes_weaker_and_does_not_turn_round():
    grey = np.repeat(np.linspace(60, 200, 100), 3).reshape(10, 10, 3)
    warm = (grey * [1.08, 1, 0.9]).astype("u1")
    made = improved(warm).reshape(-1, 3).mean(0)
    cast = warm.reshape(-1, 3).mean(0)
    assert 0 < made[0] / made[2] - 1 < cast[0] / cast[2] - 1


def test_amounts_are_small_whatever_the_picture():
    for value in (0, 3, 128, 255):
        for one in auto.suggest(Image.new("RGB", (50, 40), (value, value, value))):
            assert abs(one.get("amount", 0)) <= 0.4
