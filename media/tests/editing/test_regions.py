"""Parts that are covered, blurred or mended: where they are, how their edges are, and what stays."""

import numpy as np
import pytest

from media.editing import regions

COVER = {"op": "cover", "x": 0.25, "y": 0.5, "width": 0.5, "height": 0.25, "shape": "box"}


def white(height: int = 40, width: int = 80, dtype: str = "u1") -> np.ndarray:
    return np.full((height, width, 3), np.iinfo(dtype).max, dtype)


def test_a_box_is_covered_to_its_edges_and_no_further() -> None:
    picture = white()
    regions.apply(picture, COVER, 255)
    assert (picture[20:30, 20:60] == 0).all()
    picture[20:30, 20:60] = 255
    assert (picture == 255).all()


def test_an_edge_between_pixels_covers_its_share() -> None:
    picture = white(10, 10)
    regions.apply(picture, {**COVER, "x": 0.05, "y": 0, "width": 0.5, "height": 1}, 255)
    assert picture[5, :, 0].tolist() == [128, 0, 0, 0, 0, 128, 255, 255, 255, 255]


def test_an_oval_leaves_its_corners() -> None:
    picture = white(100, 100)
    regions.apply(picture, {**COVER, "x": 0, "y": 0, "width": 1, "height": 1, "shape": "oval"}, 255)
    assert picture[0, 0, 0] == picture[99, 99, 0] == 255
    assert picture[50, 2, 0] == picture[50, 50, 0] == 0
    assert (picture == 0).all(-1).mean() == pytest.approx(np.pi / 4, abs=0.02)


def test_blur_keeps_the_mean_and_sixteen_bits() -> None:
    picture = np.random.default_rng(2).integers(0, 65535, (64, 64, 3)).astype("u2")
    before = picture.mean()
    regions.apply(picture, {**COVER, "op": "blur", "x": 0, "y": 0, "width": 1, "height": 1}, 65535)
    assert picture.dtype == np.uint16
    assert picture.mean() == pytest.approx(before, rel=0.02)
    assert picture.std() < 6000


def test_a_long_region_has_cells_along_its_longer_side_only() -> None:
    picture = np.zeros((8, 80, 3), "u1")
    picture[:, 40:] = 200
    regions.apply(picture, {**COVER, "op": "blur", "x": 0, "y": 0, "width": 1, "height": 1}, 255)
    assert np.ptp(picture[:, 5]) <= 1  # nothing changes across
    assert picture[4, 2, 0] < 20
    assert picture[4, 77, 0] > 180


def test_a_region_at_the_edge_reaches_no_further_than_the_picture() -> None:
    picture = white()
    regions.apply(picture, {"op": "red_eye", "x": 0, "y": 0, "radius": 0.2}, 255)
    assert picture.shape == (40, 80, 3)
    regions.apply(picture, {**COVER, "x": 0.99, "y": 0.99, "width": 0.001, "height": 0.001}, 255)


def test_only_red_is_mended() -> None:
    picture = np.full((20, 20, 3), (200, 40, 40), "u1")
    blue = np.full((20, 20, 3), (40, 40, 200), "u1")
    for one in (picture, blue):
        regions.apply(one, {"op": "red_eye", "x": 0.5, "y": 0.5, "radius": 0.2}, 255)
    assert picture[10, 10, 0] < 60
    assert picture[0, 0, 0] == 200
    assert (blue == (40, 40, 200)).all()
