"""The differences between two pictures that lie over each other."""

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision import agreement
from vision.agreement import LIMITS, Agreement
from vision.alignment import Placement
from vision.tests.test_matching import scene

Array = NDArray[Any]


def rgb(seed: int = 1) -> Array:
    """640 × 480 pixels."""
    return np.asarray(scene(seed))


def at(x: float = 0, y: float = 0, scale: float = 1) -> Placement:
    return Placement(np.array([[scale, 0, x], [0, scale, y]], float), "upright")


def measured(first: Array, second: Array, placement: Placement) -> Agreement:
    told = agreement.measure(first, second, placement)
    assert told is not None
    return told


# --- the whole --------------------------------------------------------------------------------------------------------


def test_a_picture_agrees_with_itself() -> None:
    told = measured(rgb(), rgb(), at())
    assert (told.covers_first, told.covers_second) == (1, 1)
    assert (told.blank_first, told.blank_second, told.set_off_first, told.set_off_second) == (True, True, False, False)
    assert told.correlation == pytest.approx(1, abs=1e-4)
    assert (told.disagreeing, told.textured_disagreeing) == (0, 0)
    assert told.worst < 0.05
    assert told.tone_change == pytest.approx(0, abs=0.5)
    assert told.side == LIMITS.long_side
    assert told.textured > 100
    assert not told.drawn


def test_what_is_told_in_brief_is_told_alike() -> None:
    told = measured(rgb(1), rgb(2), at())
    brief = told.in_brief()
    assert set(brief) == {"correlation", "tone_change", "saturation_change"}
    assert brief.items() <= told.told().items()


def test_pictures_that_differ_disagree_nearly_everywhere() -> None:
    told = measured(rgb(1), rgb(2), at())
    assert told.disagreeing > 0.7
    assert told.correlation < 0.5
    assert told.worst > 2


def test_a_patch_disagrees_and_the_rest_does_not() -> None:
    second = rgb().copy()
    second[200:280, 300:400] = rgb(2)[200:280, 300:400]
    told = measured(rgb(), second, at())
    assert 0.01 < told.disagreeing < 0.1
    assert told.worst > 1
    assert told.clean_elsewhere < 0.3


def test_other_light_is_matched() -> None:
    told = measured(rgb(), (rgb() * 0.8).astype(np.uint8), at())
    assert told.tone_change > LIMITS.tone_changed
    assert told.disagreeing == 0
    assert told.worst_evened < 1


@pytest.mark.parametrize("swapped", [False, True])
def test_a_crop_is_compared_at_its_place_in_either_order(swapped: bool) -> None:
    crop = rgb()[60:420, 80:560]
    pair, placement = ((crop, rgb()), at(-80, -60)) if swapped else ((rgb(), crop), at(80, 60))
    told = measured(*pair, placement)
    covers = (told.covers_first, told.covers_second)
    assert sorted(covers) == pytest.approx([480 * 360 / (640 * 480), 1])
    assert covers.index(1) == (0 if swapped else 1)
    assert told.disagreeing == 0
    assert not (told.blank_second if swapped else told.blank_first)


def test_a_smaller_copy_is_compared_in_its_own_pixels() -> None:
    small = cv2.resize(rgb(), (200, 150), interpolation=cv2.INTER_AREA)
    told = measured(rgb(), small, at(1.1, 1.1, 3.2))  # centres of pixels
    assert told.side == 200
    assert told.disagreeing == 0


def test_a_border_is_blank_and_set_off() -> None:
    framed = np.full((560, 720, 3), 255, np.uint8)
    framed[40:520, 40:680] = rgb()
    told = measured(framed, rgb(), at(40, 40))
    assert (told.blank_first, told.set_off_first) == (True, True)
    assert (told.covers_second, told.disagreeing) == (1, 0)


@pytest.mark.parametrize("placement", [at(640, 0), at(620, 0), at(0, 470), at(-1000, -1000)])
def test_too_little_in_common_gives_no_result(placement: Placement) -> None:
    assert agreement.measure(rgb(), rgb(), placement) is None


@pytest.mark.parametrize(("side", "told"), [(LIMITS.least_side - 1, False), (LIMITS.least_side, True)])
def test_the_least_side_of_the_common_area(side: int, told: bool) -> None:
    strip = rgb()[:side, :400]  # not made smaller
    assert (agreement.measure(strip, strip, at()) is not None) is told


# --- the common area --------------------------------------------------------------------------------------------------


def test_no_common_area_is_empty() -> None:
    one, other, common = agreement.common_area(rgb(), rgb(), at(5000, 0))
    assert one.shape[:2] == other.shape[:2] == common.shape == (0, 0)


def test_the_common_area_keeps_the_order_of_the_pictures_and_leaves_its_edge_out() -> None:
    dark, light = np.full((100, 100, 3), 10, np.uint8), np.full((50, 50, 3), 240, np.uint8)
    for first, second, placement in ((dark, light, at(0, 0, 2)), (light, dark, at(0, 0, 0.5))):
        one, other, common = agreement.common_area(first, second, placement)
        assert one.shape == other.shape == (*common.shape, 3)
        assert max(common.shape) <= 50
        assert (np.median(one), np.median(other)) == (np.median(first), np.median(second))
        assert not common[:3].any()
        assert common[5:-5, 5:-5].all()


# --- cells ------------------------------------------------------------------------------------------------------------


def test_pixels_left_over_at_the_edges_are_in_no_cell() -> None:
    values = np.arange(35, dtype=np.float32).reshape(5, 7)
    assert agreement.in_cells(values, 2) == pytest.approx(np.array([[4, 6, 8], [18, 20, 22]]))
    assert agreement.in_cells(values, 6).size == 0
    assert agreement.deviation(np.tile(np.float32([3, 5]), (4, 2)), 2) == pytest.approx(np.ones((2, 2)))


@pytest.mark.parametrize(("side", "cell"), [(40, 6), (240, 10), (420, 12)])
def test_cells_grow_with_the_common_area_within_limits(side: int, cell: int) -> None:
    blank = np.zeros((side, side), np.float32)
    assert agreement.grid_of(blank, blank, np.ones((side, side), bool)).cell == cell


def test_textured_cells_may_be_off_by_more_and_cells_outside_do_not_count() -> None:
    checked = (np.indices((48, 48)).sum(axis=0) % 2 * 100).astype(np.float32)
    common = np.ones((48, 48), bool)
    common[:, 40:] = False
    flat = agreement.grid_of(np.zeros_like(checked), checked, common)
    grid = agreement.grid_of(checked, checked, common)
    assert not flat.textured.any()  # a cell must show something in both
    assert grid.textured[:, :6].all()
    assert not grid.counts[:, 6:].any()
    error = np.full((48, 48), LIMITS.floor + LIMITS.share * 50, np.float32)
    assert grid.excess(error)[:, :6] == pytest.approx(1)
    assert not grid.excess(error)[:, 6:].any()


@pytest.mark.parametrize(
    ("excess", "worst"),
    [([], 0), ([5.0], 5), ([1.0, 9.0], 1), ([9.0, 8.0, 3.0, 1.0], 3)],
)
def test_two_cells_may_be_off_by_chance(excess: list[float], worst: float) -> None:
    assert agreement.worst_of(np.array(excess)) == worst
