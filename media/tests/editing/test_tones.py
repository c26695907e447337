"""Light and colour, number by number."""

import numpy as np
import pytest

from media.editing import tones
from media.editing.description import read
from media.editing.tones import LUMA, Tones


def colours(*values: tuple[float, float, float]) -> np.ndarray:
    return np.array([values], "f4")


def test_without_amounts_nothing_changes() -> None:
    assert Tones().change_nothing
    given = colours((0.1, 0.5, 0.9), (0, 1, 0))
    assert np.array_equal(tones.apply(given, Tones()), given)


def test_a_preset_adds_to_the_edit_by_its_strength_and_stays_in_bounds() -> None:
    operations = [{"op": "preset", "name": "noir", "strength": 0.5}, {"op": "contrast", "amount": 0.9}]
    found = tones.tones_of(read({"version": 1, "operations": operations}))
    assert (found.black_and_white, found.contrast, found.exposure) == pytest.approx((0.5, 1, -0.05))


def test_exposure_keeps_black_and_white_and_brightens_between() -> None:
    black, middle, white = tones.exposed(colours((0, 0, 0), (0.5, 0.5, 0.5), (1, 1, 1)), 0.5)[0, :, 0]
    assert (black, white) == pytest.approx((0, 1))
    assert middle > 0.55
    assert tones.exposed(colours((1, 1, 1)), -0.5)[0, 0, 0] == pytest.approx(2 ** (-1 / 2.2))


@pytest.mark.parametrize(("warmth", "tint"), [(1, 0), (-1, 0), (0, 1), (0, -1), (0.5, 0.5)])
def test_warmth_and_tint_leave_grey_as_bright_as_it_was(warmth: float, tint: float) -> None:
    assert tones.gains(warmth, tint) @ LUMA == pytest.approx(1)
    assert tones.gains(1, 0)[0] > tones.gains(1, 0)[2]
    assert tones.gains(0, 1)[1] < 1


def test_shadows_leave_highlights_and_highlights_leave_shadows() -> None:
    dark, light = colours((0.15,) * 3), colours((0.9,) * 3)
    assert tones.lifted(dark, 0, 1)[0, 0, 0] - 0.15 > 0.05
    assert abs(tones.lifted(light, 0, 1)[0, 0, 0] - 0.9) < 0.01
    assert 0.9 - tones.lifted(light, -1, 0)[0, 0, 0] > 0.05
    assert abs(tones.lifted(dark, -1, 0)[0, 0, 0] - 0.15) < 0.01


def test_vibrance_colours_pale_things_more_than_bright_ones() -> None:
    pale, bright = colours((0.5, 0.45, 0.45)), colours((0.9, 0.1, 0.1))
    spread = [np.ptp(tones.coloured(one, Tones(vibrance=1))) / np.ptp(one) for one in (pale, bright)]
    assert spread[0] > spread[1] > 1


def test_black_and_white_has_no_colour_left() -> None:
    assert np.ptp(tones.coloured(colours((0.9, 0.1, 0.4)), Tones(black_and_white=1))) < 1e-6
