"""Which part of the upright picture an edit shows, how large, and where points of one lie in the other.

A frame is the picture after perspective. Straightening turns the picture in the frame, the crop cuts a box out of it,
and the turn comes last. All of it is one homography between fractions.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.editing.description import Edit, Refused
from media.metadata import orientations
from media.sentences import english

Matrix = NDArray[Any]
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # x, y, width, height in fractions
SLACK = 0.003  # of a fraction: a crop may reach so far beyond a straightened picture
LEAST_SEEN = 0.25  # of a box: less than that is outside the edited picture


@dataclass(frozen=True)
class View:
    """`matrix` takes fractions of the edited picture to fractions of the upright one. `width`, `height`: in pixels."""

    matrix: Matrix
    width: int
    height: int

    @property
    def inverse(self) -> Matrix:
        return np.linalg.inv(self.matrix)


def view_of(edit: Edit, width: float, height: float) -> View:
    """What the edit shows of an upright picture of that size. Raises Refused if its crop does not fit."""
    frame_width, frame_height = frame_size(edit, width, height)
    crop = crop_of(edit, frame_width, frame_height)
    straighten = straightening(edit, frame_width, frame_height)
    for point in ((crop[0], crop[1]), (crop[0] + crop[2], crop[1] + crop[3]),
                  (crop[0] + crop[2], crop[1]), (crop[0], crop[1] + crop[3])):  # fmt: skip
        if not all(-SLACK <= side <= 1 + SLACK for side in project(straighten, point)):
            raise Refused(english("The crop reaches beyond the straightened picture."))
    matrix = perspective(edit) @ straighten @ box_matrix(crop) @ turning(edit.turn)
    size = max(1, round(crop[2] * frame_width)), max(1, round(crop[3] * frame_height))
    return View(matrix / matrix[2, 2], *(size[::-1] if edit.turn >= 5 else size))


def frame_size(edit: Edit, width: float, height: float) -> tuple[float, float]:
    """The picture's size after perspective: opposite sides of the four corners, averaged."""
    found = edit.find("perspective")
    if not found:
        return width, height
    points = [(x * width, y * height) for x, y in found["corners"]]
    top, right, bottom, left = (math.dist(points[one], points[(one + 1) % 4]) for one in range(4))
    return (top + bottom) / 2, (left + right) / 2


def crop_of(edit: Edit, width: float, height: float) -> Box:
    """The crop in fractions of the frame. Without one, the largest of the same shape inside the turned picture."""
    crop, found = edit.find("crop"), edit.find("straighten")
    if crop:
        return crop["x"], crop["y"], crop["width"], crop["height"]
    part = inside_part(found["degrees"], width, height) if found else 1.0
    return (1 - part) / 2, (1 - part) / 2, part, part


def inside_part(degrees: float, width: float, height: float) -> float:
    """How much of both sides stays if a picture is turned by that and cropped to its own shape."""
    cos, sin = math.cos(math.radians(degrees)), abs(math.sin(math.radians(degrees)))
    return 1 / max(cos + sin * height / width, cos + sin * width / height)


def straightening(edit: Edit, width: float, height: float) -> Matrix:
    """From fractions of the frame to those of the picture that is turned in it, clockwise for positive degrees."""
    found = edit.find("straighten")
    if not found:
        return np.eye(3)
    angle = math.radians(found["degrees"])
    cos, sin = math.cos(angle), math.sin(angle)
    to_pixels = np.array([[width, 0, -width / 2], [0, height, -height / 2], [0, 0, 1]])
    turn = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    return np.linalg.inv(to_pixels) @ turn @ to_pixels


def perspective(edit: Edit) -> Matrix:
    """From fractions of the frame to those of the picture whose four corners fill it."""
    found = edit.find("perspective")
    if not found:
        return np.eye(3)
    rows, targets = [], []
    for (u, v), (x, y) in zip(((0, 0), (1, 0), (1, 1), (0, 1)), found["corners"], strict=True):
        rows += [[u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]]
        targets += [x, y]
    return np.append(np.linalg.solve(np.array(rows, "f8"), np.array(targets, "f8")), 1.0).reshape(3, 3)


def box_matrix(box: Box) -> Matrix:
    """From fractions of the box to those of what it is in."""
    x, y, width, height = box
    return np.array([[width, 0, x], [0, height, y], [0, 0, 1]], "f8")


def turning(turn: int) -> Matrix:
    """From fractions of the turned picture to those of the picture before."""
    back = orientations.back(turn)
    (x, y), (rx, ry), (dx, dy) = (orientations.moved(back, *point) for point in ((0, 0), (1, 0), (0, 1)))
    return np.array([[rx - x, dx - x, x], [ry - y, dy - y, y], [0, 0, 1]], "f8")


def turning_inverse(turn: int) -> Matrix:
    """From fractions of the picture before to those of the turned one."""
    return np.linalg.inv(turning(turn))


def project(matrix: Matrix, point: Point) -> Point:
    """The point through the matrix."""
    x, y, scale = matrix @ np.array([*point, 1.0])
    return float(x / scale), float(y / scale)


def box_through(matrix: Matrix, box: Box) -> Box:
    """The upright box around what a box becomes."""
    x, y, width, height = box
    corners = [project(matrix, point) for point in ((x, y), (x + width, y), (x, y + height), (x + width, y + height))]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    return left, top, max(x for x, _ in corners) - left, max(y for _, y in corners) - top


def seen(matrix: Matrix, box: Box) -> Box | None:
    """The part of a box of the original that the edited picture shows. None if less than a quarter of it is left.

    `matrix` takes fractions of the original to those of the edited picture: `View.inverse`.
    """
    x, y, width, height = box_through(matrix, box)
    left, top = max(0.0, x), max(0.0, y)
    right, bottom = min(1.0, x + width), min(1.0, y + height)
    if right <= left or bottom <= top or (right - left) * (bottom - top) < LEAST_SEEN * width * height:
        return None
    return left, top, right - left, bottom - top
