"""Bringing pictures into line: tones, sharpness, light."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from vision import tones
from vision.tests.test_matching import scene
from vision.tones import Array, Mask


@pytest.fixture
def rgb() -> Array:
    return np.asarray(scene(7, (160, 120)), np.float32).clip(20, 200)


@pytest.fixture
def everywhere(rgb: Array) -> Mask:
    return np.ones(rgb.shape[:2], bool)


def apart(one: Array, other: Array) -> float:
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize("changed", [lambda rgb: rgb * 0.7 + 30, lambda rgb: 255 * (rgb / 255) ** 1.4])
def test_changed_tones_are_matched(changed: Callable[[Array], Array], rgb: Array, everywhere: Mask) -> None:
    other = changed(rgb).astype(np.float32)
    source, target, blur, tone = tones.in_line(rgb, other, everywhere, recoloured=False)
    before = apart(tones.luma(rgb), tones.luma(other))
    assert apart(source, target) < before / 8
    assert blur == 0
    assert tone == pytest.approx(before, abs=1)


def test_colours_become_the_greys_that_they_are_in_the_other(rgb: Array, everywhere: Mask) -> None:
    reds = np.repeat(rgb[..., :1], 3, axis=2)  # as through a red filter
    source, target, _, _ = tones.in_line(rgb, reds, everywhere, recoloured=True)
    assert apart(source, target) < apart(tones.luma(rgb), target) / 8


def test_a_bar_over_a_part_does_not_bend_the_tones_of_the_rest(rgb: Array, everywhere: Mask) -> None:
    barred = rgb.copy()
    barred[:20] = 255
    assert np.array_equal(tones.with_tones_of(rgb, tones.luma(barred), everywhere, False), tones.luma(rgb))


def test_tones_stay_if_nearly_everything_is_clipped(rgb: Array, everywhere: Mask) -> None:
    assert np.array_equal(tones.with_tones_of(rgb, np.zeros_like(rgb[..., 0]), everywhere, True), tones.luma(rgb))


@pytest.mark.parametrize("sigma", [1.0, 2.5])
def test_the_sharper_picture_is_blurred_as_much_as_the_other(sigma: float, rgb: Array, everywhere: Mask) -> None:
    sharp = tones.luma(rgb)
    soft = cv2.GaussianBlur(sharp, (0, 0), sigma)
    one, other, blur = tones.equally_sharp(sharp, soft, everywhere)
    assert (apart(one, soft) < apart(sharp, soft) / 4, np.array_equal(other, soft), blur) == (True, True, sigma)
    one, other, blur = tones.equally_sharp(soft, sharp, everywhere)
    assert (np.array_equal(one, soft), apart(other, soft) < apart(sharp, soft) / 4, blur) == (True, True, sigma)


def test_pictures_as_sharp_as_each_other_stay(rgb: Array, everywhere: Mask) -> None:
    grey = tones.luma(rgb)
    assert tones.equally_sharp(grey, grey, everywhere)[2] == 0


def test_light_is_matched_and_movement_is_not(rgb: Array, everywhere: Mask) -> None:
    grey = tones.luma(rgb)
    y, x = np.mgrid[-1 : 1 : grey.shape[0] * 1j, -1 : 1 : grey.shape[1] * 1j]
    darker = (grey * (1 - 0.4 * np.hypot(x, y).clip(0, 1))).astype(np.float32)
    assert apart(tones.evened(darker, grey, everywhere), grey) < apart(darker, grey) / 5
    moved = np.roll(grey, 9, axis=1)
    assert apart(tones.evened(moved, grey, everywhere), grey) > apart(moved, grey) / 4


def test_correlation_and_residual(rgb: Array, everywhere: Mask) -> None:
    grey = tones.luma(rgb)
    assert tones.correlation(grey, 2 * grey + 5) == pytest.approx(1, abs=1e-4)
    assert tones.correlation(grey, -grey) == pytest.approx(-1, abs=1e-4)
    assert tones.residual_share(grey, grey, everywhere) == 0
    assert tones.residual_share(np.full_like(grey, grey.mean()), grey, everywhere) == pytest.approx(1, abs=1e-3)


def test_a_colour_at_its_end_is_clipped() -> None:
    pixels = np.array([[[0, 99, 99], [99, 255, 99], [3, 99, 252]]], np.float32)
    assert tones.clipped(pixels).tolist() == [[True, True, False]]
