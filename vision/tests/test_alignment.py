"""Where one picture lies over another: orientations, local features, and which placements are believed."""

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision import alignment
from vision.alignment import LIMITS, ORIENTATIONS, Placement
from vision.tests.test_matching import scene

Array = NDArray[Any]
STRAIGHT = np.array([[1.0, 0, 0], [0, 1, 0]])


def grey(seed: int = 1) -> Array:
    """640 × 480 pixels."""
    return np.asarray(scene(seed).convert("L"))


def found(first: Array, second: Array) -> Placement | None:
    return alignment.by_features(alignment.features(first), alignment.features(second), "upright")


def place(affine: Array, x: float, y: float) -> list[float]:
    return list(affine @ [x, y, 1])


# --- orientations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ORIENTATIONS)
def test_each_orientation_is_recognised_and_laid_back(how: str) -> None:
    first = grey()
    turned = first.T if how.startswith(("turned", "trans")) else first
    affine = alignment.whole_onto_whole(turned.shape, first.shape, ORIENTATIONS[how])
    second = cv2.warpAffine(first, affine, (turned.shape[1], turned.shape[0]))
    best = next(alignment.by_orientation(first, second))
    back = cv2.warpAffine(second, best.affine, (first.shape[1], first.shape[0]))
    assert np.abs(back.astype(int) - first)[2:-2, 2:-2].mean() < 1
    assert not best.is_stretched


@pytest.mark.parametrize("turn", ORIENTATIONS.values())
def test_whole_onto_whole_takes_corners_to_corners(turn: tuple[int, int, int, int]) -> None:
    """Centres of pixels: the second picture's lie half a pixel within its edges, as large as they are in the first."""
    affine = alignment.whole_onto_whole((300, 400), (30, 60), turn)
    edges = [(x, y) for x in (-0.5, 59.5) for y in (-0.5, 29.5)]
    corners = {(round(x, 6), round(y, 6)) for x, y in (place(affine, *edge) for edge in edges)}
    assert corners == {(x, y) for x in (-0.5, 399.5) for y in (-0.5, 299.5)}


@pytest.mark.parametrize(
    ("width", "tried"),
    [
        (640, ["upright"]),
        (655, ["upright"]),  # within what rounding may change
        (800, ["upright"]),  # stretched, but like itself
        (1000, []),  # by more than an edit stretches
    ],
)
def test_stretched_pictures(width: int, tried: list[str]) -> None:
    first = grey()
    second = cv2.resize(first, (width, 480), interpolation=cv2.INTER_AREA)
    placements = list(alignment.by_orientation(first, second))
    assert [placement.how for placement in placements] == tried
    assert [placement.is_stretched for placement in placements] == [width == 800] * len(tried)


def test_another_picture_is_tried_upright_unless_its_sides_differ() -> None:
    assert [placement.how for placement in alignment.by_orientation(grey(1), grey(2))] == ["upright"]
    assert list(alignment.by_orientation(grey(1), grey(2)[:, :500])) == []


# --- features ---------------------------------------------------------------------------------------------------------


def test_a_crop_is_found_where_it_was_cut_out() -> None:
    first = grey()
    placed = found(first, first[100:400, 150:550])
    assert placed is not None
    assert placed.inliers >= LIMITS.least_inliers
    assert placed.scale == pytest.approx(1, abs=0.01)
    assert place(placed.affine, 0, 0) == pytest.approx([150, 100], abs=1)


def test_a_smaller_copy_is_found_with_its_scale() -> None:
    first = grey()
    placed = found(first, cv2.resize(first, (320, 240), interpolation=cv2.INTER_AREA))
    assert placed is not None
    assert placed.scale == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("second", [grey(2), grey(1)[:, ::-1], np.full((480, 640), 128, np.uint8)])
def test_no_placement_of_another_a_mirrored_or_a_blank_picture(second: Array) -> None:
    assert found(grey(1), np.ascontiguousarray(second)) is None


def test_a_blank_picture_has_no_features() -> None:
    features = alignment.features(np.zeros((50, 50), np.uint8))
    assert (features.points.shape, features.descriptors.shape) == ((0, 2), (0, 128))


@pytest.mark.parametrize(
    ("linear", "plausible"),
    [
        ([[1, 0], [0, 1]], True),
        ([[0.6, -0.8], [0.8, 0.6]], True),  # turned
        ([[1.05, 0], [0, 1]], True),
        ([[1.07, 0], [0, 1]], False),  # stretched
        ([[1, 0.2], [0, 1]], False),  # sheared
        ([[7.9, 0], [0, 7.9]], True),
        ([[8.1, 0], [0, 8.1]], False),
        ([[0.11, 0], [0, 0.11]], False),
        ([[0, 0], [0, 0]], False),
    ],
)
def test_plausible_placements(linear: list[list[float]], plausible: bool) -> None:
    affine = np.column_stack([np.array(linear, float), [30, -20]])
    with np.errstate(invalid="ignore", divide="ignore"):
        assert alignment.is_plausible(affine) is plausible


# --- affine maps ------------------------------------------------------------------------------------------------------


def test_fractions_do_not_depend_on_pixels_and_have_an_inverse() -> None:
    crop = np.array([[0.5, 0, 100], [0, 0.5, 50]])  # 400 × 200 pixels onto 200 × 100 within 400 × 200
    there = alignment.in_fractions(crop, (200, 400, 3), (200, 400))
    assert there == [0.5, 0, 0.25, 0, 0.5, 0.25]
    assert alignment.in_fractions(crop @ np.diag([2.0, 2, 1]), (200, 400), (100, 200)) == there
    assert alignment.inverse(there) == [2, 0, -0.5, 0, 2, -0.5]
    assert alignment.inverse(alignment.inverse(there)) == there


def test_a_mirror_twice_is_none_and_the_inner_map_goes_first() -> None:
    mirror = alignment.mirror(10)
    assert place(mirror, 0, 4) == [9, 4]
    assert alignment.after(mirror, mirror) == pytest.approx(STRAIGHT)
    moved = np.array([[1.0, 0, 3], [0, 1, 0]])
    assert place(alignment.after(mirror, moved), 0, 0) == [6, 0]
    assert place(alignment.after(moved, mirror), 0, 0) == [12, 0]


# --- refining ---------------------------------------------------------------------------------------------------------


def test_a_placement_is_refined_to_fractions_of_a_pixel() -> None:
    first = grey()
    off = Placement(np.array([[1.0, 0, 1.6], [0, 1, -1.3]]), "upright", 20)
    refined = alignment.refine(first, first, off)
    assert refined.affine == pytest.approx(STRAIGHT, abs=0.05)
    assert (refined.how, refined.inliers) == ("upright", 20)


@pytest.mark.parametrize("second", [grey(2), np.zeros((480, 640), np.uint8)], ids=["another", "blank"])
def test_a_placement_hardly_moves_without_a_match(second: Array) -> None:
    placed = Placement(STRAIGHT, "upright")
    refined = alignment.refine(grey(1), second, placed)
    corners = np.array([[0, 0, 1], [640, 0, 1], [0, 480, 1], [640, 480, 1]]) @ (refined.affine - STRAIGHT).T
    assert np.abs(corners).max() <= LIMITS.refined
    assert alignment.is_plausible(refined.affine)


def test_features_of_a_mirrored_picture_are_those_of_the_picture() -> None:
    """So they are not looked for twice."""
    made = alignment.features(grey(3)).mirrored(640)
    searched = alignment.features(np.ascontiguousarray(grey(3)[:, ::-1]))
    placed = alignment.by_features(searched, made, "placed")
    assert placed is not None
    assert placed.affine == pytest.approx(np.eye(2, 3), abs=0.5)
    assert placed.inliers > 0.5 * min(len(searched.points), len(made.points))
