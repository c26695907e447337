"""How useful a face is for telling people apart, 0 to 1: its size, its sharpness, and how far it is turned away."""

import cv2
import numpy as np
from numpy.typing import NDArray

FULL_SIZE = 80.0  # pixels of the box's geometric mean side above which more add nothing
LEAST_SIZE = 16.0
FULL_SHARPNESS = 0.10  # of `sharpness`, measured on photos in focus
FULL_TURN = 1.2  # of `turn`: beyond a profile


def quality(
    box_side: float, crop: NDArray[np.uint8], points: NDArray[np.float64], score: float, certainty: float
) -> float:
    """The quality of a face. `box_side`: pixels before any enlargement; `crop`: aligned; `points`: its landmarks.

    `certainty`: the embedder's, 0 to 1. It says more than all the others together (docs/measured/people.md).
    """
    size = relative_size(box_side) ** 0.5
    sharp = np.clip(sharpness(crop) / FULL_SHARPNESS, 0, 1) ** 0.5
    facing = 1 - np.clip(turn(points) / FULL_TURN, 0, 1) ** 2
    return float(np.round(size * sharp * facing * np.clip(score, 0, 1) * certainty, 4))


def relative_size(box_side: float) -> float:
    """From 0 for a face that is too small to recognise, to 1 for one that more pixels would not improve."""
    return float(np.clip((box_side - LEAST_SIZE) / (FULL_SIZE - LEAST_SIZE), 0, 1))


def sharpness(crop: NDArray[np.uint8]) -> float:
    """The share of a face's contrast that is in fine detail: independent of light, 0 for a blur.

    The mean difference between the face and a blurred copy, divided by its contrast.
    """
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)[16:-8, 16:-16].astype(np.float32)
    contrast = float(grey.std())
    if contrast < 1:
        return 0.0
    return float(np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 2)).mean()) / contrast


def turn(points: NDArray[np.float64]) -> float:
    """How far a face is turned aside, up or down: 0 from the front, about 1 in profile; 0 without five points."""
    if len(points) < 5:
        return 0.0
    eye, other_eye, nose, mouth, other_mouth = points
    across, down = other_eye - eye, (mouth + other_mouth) / 2 - (eye + other_eye) / 2
    width, height = np.hypot(*across), np.hypot(*down)
    if width == 0 or height == 0:
        return 1.0
    middle = nose - (eye + other_eye) / 2
    aside = abs(float(middle @ across) / width**2) * 2  # 0 midway between the eyes, 1 below one of them
    level = float(middle @ down) / height**2  # how far below the eyes, on the way to the mouth: 0.5 from the front
    narrow = max(0.0, 1 - width / height / 0.6)  # in profile the eyes come together
    return float(min(1.5, max(aside, abs(level - 0.5) * 2, narrow)))
