"""Alignment puts the five points where the template has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.faces.alignment import TEMPLATE, align, points_of_box, similarity


@given(angle=st.floats(-3, 3), scale=st.floats(0.05, 20), x=st.floats(-1000, 1000), y=st.floats(-1000, 1000))
def test_a_turned_scaled_and_shifted_face_is_aligned(angle: float, scale: float, x: float, y: float) -> None:
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = TEMPLATE @ turn.T + (x, y)
    matrix = similarity(moved, TEMPLATE)
    assert moved @ matrix[:, :2].T + matrix[:, 2] == pytest.approx(TEMPLATE, abs=1e-6)


def test_no_mirror_image_is_made() -> None:
    mirrored = TEMPLATE * (-1, 1)
    assert np.linalg.det(similarity(mirrored, TEMPLATE)[:, :2]) > 0


def test_two_eyes_are_enough() -> None:
    matrix = similarity(TEMPLATE[:2] * 3 + 7, TEMPLATE[:2])
    assert (TEMPLATE * 3 + 7) @ matrix[:, :2].T + matrix[:, 2] == pytest.approx(TEMPLATE, abs=1e-6)


def test_equal_points_are_refused() -> None:
    with pytest.raises(ValueError, match="the same"):
        similarity(np.ones((5, 2)), TEMPLATE)


@pytest.mark.parametrize("factor", [0.3, 1, 7])
def test_the_crop_shows_the_face_in_its_place_whatever_its_size(factor: float) -> None:
    image = np.zeros((round(300 * factor), round(300 * factor), 3), np.uint8)
    points = (TEMPLATE + 90) * factor
    for x, y in points[:2]:
        image[round(y - 4 * factor) : round(y + 4 * factor), round(x - 4 * factor) : round(x + 4 * factor)] = 255
    crop = align(image, points)
    assert crop.shape == (112, 112, 3)
    for x, y in TEMPLATE[:2]:
        assert crop[round(y), round(x), 0] > 200
    assert crop[80:, :, 0].max() < 30


def test_a_box_has_eyes_above_the_mouth() -> None:
    eye, other_eye, nose, mouth, _ = points_of_box(10, 20, 100, 120)
    assert 10 < eye[0] < nose[0] < other_eye[0] < 110
    assert 20 < eye[1] < nose[1] < mouth[1] < 140
