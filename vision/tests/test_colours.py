"""What colours are evidence of."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vision import colours, tones
from vision.tests.test_matching import scene
from vision.tones import Array

CELL = 6


@pytest.fixture
def rgb() -> Array:
    return np.asarray(scene(7, (240, 180)), np.float32).clip(20, 200)


def faded(rgb: Array, share: float) -> Array:
    """With less colour, the greys as they are."""
    grey = tones.luma(rgb)[..., None]
    return (grey + (rgb - grey) * share).astype(np.float32)


def page(colour: str = "white", ink: str = "black") -> Array:
    image = Image.new("RGB", (240, 180), colour)
    for line in range(20, 170, 12):
        ImageDraw.Draw(image).text((10, line), "What is written on a page of a book", ink)
    return np.asarray(image, np.float32)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.8, 1.0])
def test_the_strength_of_colours_is_compared(share: float, rgb: Array) -> None:
    common = np.ones(rgb.shape[:2], bool)
    for one, other in ((rgb, faded(rgb, share)), (faded(rgb, share), rgb)):
        assert colours.saturation_change(one, other, common) == pytest.approx(1 - share, abs=0.02)


def test_coloured_lettering_over_a_part_does_not_change_the_rest(rgb: Array) -> None:
    lettered = rgb.copy()
    lettered[:40, :80] = (255, 0, 0)
    assert colours.saturation_change(rgb, lettered, np.ones(rgb.shape[:2], bool)) < 0.03


def test_a_coloured_disc_on_a_pale_picture_does_not_change_the_rest_in_either_order(rgb: Array) -> None:
    pale = faded(rgb, 0.15)
    lettered = pale.copy()
    lettered[60:120, 60:130] = (255, 230, 0)
    common = np.ones(rgb.shape[:2], bool)
    assert colours.saturation_change(pale, lettered, common) < 0.03
    assert colours.saturation_change(lettered, pale, common) < 0.03


def test_a_band_as_grey_as_what_it_hides_is_what_lies_over() -> None:
    """A red band over a dark, busy picture: in greys the picture has the sharper edges, in colours the band has."""
    greys = np.random.default_rng(1).uniform(10, 170, (12, 16, 1)) * (0.6, 1, 1)
    busy = np.kron(greys, np.ones((15, 15, 1))).astype(np.float32)
    lettered = busy.copy()
    lettered[60:105] = (190, 30, 60)
    differing = np.abs(tones.luma(busy) - tones.luma(lettered)) > 8
    assert 0.2 < differing[60:105].mean() < 1
    assert colours.pictured_where_wrong(busy, lettered, differing) < 0.002
    assert colours.pictured_where_wrong(lettered, busy, differing) < 0.002


def test_a_sky_in_the_corner_is_a_picture_though_it_has_few_colours(rgb: Array) -> None:
    night = rgb * 0.1
    with_sky, with_band = night.copy(), night.copy()
    down, right = np.mgrid[0:60, 0:90]
    with_sky[110:170, 140:230] = np.stack([60 + right / 3 + down / 8, 110 + right / 3, 190 + down / 6], axis=2)
    with_band[110:170, 140:230] = (75, 118, 195)
    for other, least, most in ((with_sky, 0.05, 0.2), (with_band, 0, 0.002)):
        differing = np.abs(tones.luma(night) - tones.luma(other)) > 8
        assert least <= colours.pictured_where_wrong(night, other.astype(np.float32), differing) <= most


def test_pages_and_drawings_are_told_from_photos(rgb: Array) -> None:
    two = np.zeros((60, 60, 3), np.float32)
    two[:, 30:] = (250, 240, 60)
    assert colours.is_drawn(page())
    assert colours.is_drawn(two)
    assert not colours.is_drawn(rgb)
    two[:, 30:] = 50  # dark and darker: a photo at night
    assert not colours.is_drawn(two)


def test_the_commonest_colours_come_first() -> None:
    pixels = np.array([[250, 0, 0]] * 5 + [[0, 0, 250]] * 3 + [[0, 250, 0]], np.float32)
    found = colours.commonest_colours(pixels)
    assert [colour.tolist() for colour in found] == [[250, 0, 0], [0, 0, 250]]
    assert colours.share_of(found, pixels) == pytest.approx(8 / 9)
    assert colours.share_of(found[:1], pixels) == pytest.approx(5 / 9)


def where_wrong(one: Array, other: Array) -> tuple[float, float, float]:
    error = tones.luma(one) - tones.luma(other)
    high, wide = error.shape[0] // CELL, error.shape[1] // CELL
    cells = np.abs(error[: high * CELL, : wide * CELL]).reshape(high, CELL, wide, CELL).max(axis=(1, 3)) > 30
    return colours.colours_where_wrong(one, other, error, cells, CELL)


def test_lettering_has_two_colours_and_is_new(rgb: Array) -> None:
    lettered = rgb.copy()
    lettered[60:90] = 255
    lettered[70:80, ::7] = 0
    for one, other in ((rgb, lettered), (lettered, rgb)):
        flat, shared, pictured = where_wrong(one, other)
        assert pictured == 0
        assert flat > 0.95
        assert shared < 0.3


def test_a_picture_laid_over_a_flat_place_is_no_lettering(rgb: Array) -> None:
    """Whichever comes first: that the place is flat in one of them says nothing."""
    plain = rgb.copy()
    plain[50:130, 60:160] = 20
    pasted = plain.copy()
    across, down = np.meshgrid(np.linspace(60, 250, 80), np.linspace(60, 250, 60))
    pasted[60:120, 70:150] = np.stack([across, down, (across + down) / 2], axis=2)
    assert where_wrong(plain, pasted)[2] > 0.05
    assert where_wrong(pasted, plain)[2] > 0.05


def test_moved_things_have_many_colours(rgb: Array) -> None:
    flat, shared, _ = where_wrong(rgb, np.roll(rgb, 25, axis=1))
    assert flat - shared < 0.3


def test_small_differences_and_pages_are_no_overlay(rgb: Array) -> None:
    dotted = rgb.copy()
    dotted[50:53, 50:53] = 255
    assert where_wrong(rgb, dotted) == (0.0, 1.0, 0.0)
    assert where_wrong(page(), page(ink="red")) == (0.0, 1.0, 0.0)
