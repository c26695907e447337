"""What an edit shows, and where points of the picture lie in it."""

import math
import random

import numpy as np
import pytest

from media.editing import geometry
from media.editing.description import Edit, Refused, read
from media.metadata import orientations


def edit_of(*operations: dict) -> Edit:
    return read({"version": 1, "operations": list(operations)})


def random_edit(chance: random.Random) -> Edit:
    """Perspective, straightening, a crop inside, and a turn."""
    far = [(0, 0.2), (0.8, 1)]  # from each end of a side
    corners = [[chance.uniform(*far[x]), chance.uniform(*far[y])] for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    size = chance.uniform(0.05, 0.3)
    return edit_of(
        {"op": "perspective", "corners": corners},
        {"op": "straighten", "degrees": chance.uniform(-20, 20)},
        {"op": "crop", "x": 0.5 - size / 2, "y": 0.5 - size / 2, "width": size, "height": size},
        {"op": "turn", "by": chance.randint(1, 8)},
    )


def test_without_operations_all_is_shown():
    view = geometry.view_of(Edit(), 300, 200)
    assert np.allclose(view.matrix, np.eye(3))
    assert (view.width, view.height) == (300, 200)


@pytest.mark.parametrize("turn", range(1, 9))
def test_turns_move_points_as_orientations_do(turn: int) -> None:
    view = geometry.view_of(Edit().turned(turn), 300, 200)
    assert (view.width, view.height) == ((200, 300) if turn >= 5 else (300, 200))
    assert geometry.project(view.inverse, (0.1, 0.3)) == pytest.approx(orientations.moved(turn, 0.1, 0.3))


def test_a_crop_shows_its_box():
    view = geometry.view_of(edit_of({"op": "crop", "x": 0.25, "y": 0.5, "width": 0.5, "height": 0.25}), 400, 200)
    assert (view.width, view.height) == (200, 50)
    assert geometry.project(view.matrix, (0, 0)) == pytest.approx((0.25, 0.5))
    assert geometry.project(view.matrix, (1, 1)) == pytest.approx((0.75, 0.75))


@pytest.mark.parametrize("degrees", [-45, -10, 0.5, 30, 45])
@pytest.mark.parametrize("size", [(300, 200), (200, 300), (900, 100)])
def test_a_straightened_picture_shows_nothing_from_outside_and_keeps_its_shape(
    degrees: float, size: tuple[int, int]
) -> None:
    view = geometry.view_of(edit_of({"op": "straighten", "degrees": degrees}), *size)
    corners = [geometry.project(view.matrix, corner) for corner in ((0, 0), (1, 0), (0, 1), (1, 1))]
    assert all(-1e-6 <= side <= 1 + 1e-6 for corner in corners for side in corner)
    assert any(min(side, 1 - side) < 1e-6 for corner in corners for side in corner)  # and no more is cut than must be
    assert view.width / view.height == pytest.approx(size[0] / size[1], rel=0.05)


def test_positive_degrees_turn_the_picture_clockwise():
    view = geometry.view_of(edit_of({"op": "straighten", "degrees": 10}), 200, 200)
    x, y = geometry.project(view.inverse, (0.9, 0.5))
    assert x > 0.5
    assert y > 0.5


def test_a_crop_beyond_the_straightened_picture_is_refused():
    whole = {"op": "crop", "x": 0, "y": 0, "width": 1, "height": 1}
    with pytest.raises(Refused, match="beyond the straightened picture"):
        geometry.view_of(edit_of({"op": "straighten", "degrees": 10}, whole), 300, 200)


def test_four_corners_become_the_corners_of_the_picture():
    corners = [[0.1, 0.1], [0.9, 0.2], [0.8, 0.9], [0.2, 0.8]]
    view = geometry.view_of(edit_of({"op": "perspective", "corners": corners}), 400, 300)
    for corner, wanted in zip(((0, 0), (1, 0), (1, 1), (0, 1)), corners, strict=True):
        assert geometry.project(view.matrix, corner) == pytest.approx(tuple(wanted), abs=1e-6)
    top, bottom = math.dist((40, 30), (360, 60)), math.dist((320, 270), (80, 240))
    assert view.width == round((top + bottom) / 2)


@pytest.mark.parametrize("seed", range(40))
def test_points_go_and_come_back(seed: int) -> None:
    chance = random.Random(seed)
    view = geometry.view_of(random_edit(chance), 640, 480)
    point = chance.random(), chance.random()
    assert geometry.project(view.inverse, geometry.project(view.matrix, point)) == pytest.approx(point, abs=1e-6)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_shown_of_a_box_is_inside_the_picture(seed: int) -> None:
    chance = random.Random(seed)
    view = geometry.view_of(random_edit(chance), 640, 480)
    x, y = chance.uniform(0, 0.8), chance.uniform(0, 0.8)
    box = geometry.seen(view.inverse, (x, y, 0.2, 0.2))
    if box is not None:
        left, top, width, height = box
        assert min(left, top) >= 0
        assert max(left + width, top + height) <= 1 + 1e-9
        assert min(width, height) > 0


def test_a_box_that_was_cropped_away_is_not_seen():
    view = geometry.view_of(edit_of({"op": "crop", "x": 0, "y": 0, "width": 0.5, "height": 1}), 400, 400)
    assert geometry.seen(view.inverse, (0.6, 0.1, 0.2, 0.2)) is None
    assert geometry.seen(view.inverse, (0.45, 0.1, 0.3, 0.2)) is None  # a sixth is left
    assert geometry.seen(view.inverse, (0.1, 0.1, 0.2, 0.2)) == pytest.approx((0.2, 0.1, 0.4, 0.2))
    assert geometry.seen(view.inverse, (0.4, 0.1, 0.2, 0.2)) == pytest.approx((0.8, 0.1, 0.2, 0.2))
