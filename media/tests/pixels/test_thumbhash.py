"""thumbhash: bytes that any ThumbHash decoder reads."""

import numpy as np
import pytest
from PIL import Image

from media.pixels import thumbhash


def gradient(width: int, height: int) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    channels = (x * 255 // width, y * 255 // height, x * y % 256)
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        # Made by another implementation (thumbhash-python 1.0), but for the last digit: that term is zero, which lies
        # between two steps, and there rounding errors made it a 7.
        ((100, 100), "1f080a371a70767770777777776777777777070888808f08"),
        ((100, 20), "5d080e219a70767770776887b0910cf888"),
    ],
)
def test_equals_another_implementation(size, expected):
    assert thumbhash.encode(gradient(*size)).hex() == expected


def test_rounding_errors_make_no_difference():
    values = np.array([0.5, 0.25, 0.1])
    noise = np.array([1e-14, -1e-14, 1e-14])
    assert thumbhash._nibbles(values + noise) == thumbhash._nibbles(values - noise) == thumbhash._nibbles(values)


def test_large_pictures_hash_as_their_small_selves():
    large = gradient(100, 75).resize((1600, 1200), Image.Resampling.BICUBIC)
    one, other = thumbhash.encode(large), thumbhash.encode(gradient(100, 75))
    assert one[:2] == other[:2]


@pytest.mark.parametrize("colour", ["red", "white", "black", (12, 200, 77)])
def test_one_colour_comes_back(colour):
    hashed = thumbhash.encode(Image.new("RGB", (60, 40), colour))
    assert _mean(hashed) == pytest.approx(Image.new("RGB", (1, 1), colour).getpixel((0, 0)), abs=8)


def test_shape_is_told():
    landscape, portrait = (thumbhash.encode(gradient(*size)) for size in ((90, 60), (60, 90)))
    assert landscape[4] & 0x80
    assert not portrait[4] & 0x80


def test_transparency_is_told():
    image = gradient(40, 40).convert("RGBA")
    assert not thumbhash.encode(image)[2] & 0x80
    image.putalpha(Image.linear_gradient("L").resize((40, 40)))
    assert thumbhash.encode(image)[2] & 0x80


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (3000, 2)])
def test_any_shape_gives_a_few_bytes(size):
    assert 5 < len(thumbhash.encode(Image.new("RGB", size, "teal"))) <= 26


def _mean(hashed: bytes) -> tuple[float, float, float]:
    """The average colour, as the reference's thumbHashToAverageRGBA has it."""
    header = int.from_bytes(hashed[:3], "little")
    light = (header & 63) / 63
    yellow_blue = (header >> 6 & 63) / 31.5 - 1
    red_green = (header >> 12 & 63) / 31.5 - 1
    blue = light - 2 / 3 * yellow_blue
    red = (3 * light - blue + red_green) / 2
    return red * 255, (red - red_green) * 255, blue * 255
