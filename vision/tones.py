"""Matching two pictures that lie over each other: their tones, their sharpness, and their light.

Pure. Greys are 0 to 255.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]  # float32; OpenCV's stubs are less exact
Mask = NDArray[Any]  # bool


@dataclass(frozen=True)
class Limits:
    """How far two pictures may be matched."""

    different: float = 30.0
    """Greys: what differs by more was laid over, or moved."""
    blurs: tuple[float, ...] = (0.6, 1.0, 1.6, 2.5, 4.0, 6.0)
    """Pixels by which the sharper picture may be blurred."""
    unchanged: float = 2.0
    """Greys, median: tones are the same, and a bar over a part must not bend them."""
    black: float = 6.0
    """Greys: below, tones are clipped and tell nothing."""
    white: float = 249.0
    """Greys: above, tones are clipped and tell nothing."""
    lights: float = 48.0
    """Across the picture: how finely light may change."""
    light_ridge: float = 20.0
    """Greys squared: keeps flat places as they are."""
    light_slopes: tuple[float, float] = (0.45, 2.2)
    """The least and the most by which contrast may change with the light."""


LIMITS = Limits()


class Lined(NamedTuple):
    """Two greys with matched tones and sharpness."""

    source: Array
    target: Array
    blur: float  # that was needed, in pixels
    tone: float  # mean change of grey


def in_line(one: Array, other: Array, common: Mask, recoloured: bool) -> Lined:
    """The first picture's colours mapped to the second's greys, both as sharp as the less sharp one."""
    target = luma(other)
    source = with_tones_of(one, target, common, recoloured)
    tone = float(np.abs(source - luma(one))[common].mean())
    source, target, blur = equally_sharp(source, target, common)
    return Lined(source, target, blur, tone)


def evened(source: Array, target: Array, common: Mask) -> Array:
    """The source with the light and contrast that the target has around each place.

    A vignette and a phone's tone mapping change both gradually across the picture. What has moved still differs: no
    line between greys with a bounded slope fits it.
    """
    sigma = max(common.shape) / LIMITS.lights
    weight = common.astype(np.float32)
    total = np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma), 1e-3)

    def around(values: Array) -> Array:
        return cv2.GaussianBlur(values * weight, (0, 0), sigma) / total

    mean_source, mean_target = around(source), around(target)
    spread = around(source**2) - mean_source**2
    together = around(source * target) - mean_source * mean_target
    slope = ((together + LIMITS.light_ridge) / (spread + LIMITS.light_ridge)).clip(*LIMITS.light_slopes)
    return np.asarray(around(slope) * source + around(mean_target - slope * mean_source), np.float32)


def luma(rgb: Array) -> Array:
    return weighted(rgb, np.array([0.299, 0.587, 0.114]))


def weighted(rgb: Array, weights: Array) -> Array:
    """The sum of a picture's three channels with these weights."""
    return np.asarray(cv2.transform(np.asarray(rgb, np.float32), weights.astype(np.float32)[None]))


def largest(values: Array) -> Array:
    """The largest of the channels of each pixel. NumPy takes ten times as long for the max of so short an axis."""
    return reduce(np.maximum, np.moveaxis(values, -1, 0))


def with_tones_of(rgb: Array, target: Array, common: Mask, recoloured: bool) -> Array:
    """Map colours to the greys of the target by a quadratic that ignores outliers."""
    soft = np.ascontiguousarray(cv2.GaussianBlur(rgb, (0, 0), 1.5)[::3, ::3])
    greys = cv2.GaussianBlur(target, (0, 0), 1.5)[::3, ::3].ravel()
    chosen = (common[::3, ::3].ravel()) & (greys > LIMITS.black) & (greys < LIMITS.white)
    if chosen.sum() < 50:
        return luma(rgb)
    if not recoloured and float(np.median(np.abs(luma(soft).ravel() - greys)[chosen])) < LIMITS.unchanged:
        return luma(rgb)
    inputs = tone_terms(soft)
    ridge = np.eye(inputs.shape[1]) * 0.02 * chosen.sum()
    ridge[0, 0] = 0
    start = np.zeros(inputs.shape[1])
    start[1:4] = 0.299 * 255, 0.587 * 255, 0.114 * 255  # without evidence tones stay as they are
    weights = chosen.astype(np.float64)
    for _ in range(4):
        counting = inputs * weights[:, None]
        terms = np.linalg.solve(counting.T @ inputs + ridge * 0.01, counting.T @ greys + ridge @ start * 0.01)
        errors = np.abs(inputs @ terms - greys)
        scale = max(1.4826 * float(np.median(errors[chosen])), 2.0)
        weights = chosen / (1 + (errors / (2 * scale)) ** 4)
    scaled = np.asarray(rgb, np.float32) / np.float32(255)
    toned = terms[0] + weighted(scaled, terms[1:4]) + weighted(scaled * scaled, terms[4:])
    return toned.clip(0, 255).astype(np.float32)


def tone_terms(rgb: Array) -> NDArray[np.float64]:
    flat = rgb.reshape(-1, 3).astype(np.float64) / 255
    return np.column_stack([np.ones(len(flat)), flat, flat**2])


def equally_sharp(one: Array, other: Array, common: Mask) -> tuple[Array, Array, float]:
    """Blur the sharper one until it has no more detail than the other. Returns the blur in pixels."""
    alike = common & (cv2.GaussianBlur(np.abs(one - other), (0, 0), 2) < LIMITS.different)  # overlays are sharp
    common = alike if alike.sum() > 0.3 * common.sum() else common
    detail_one, detail_other = detail(one, common), detail(other, common)
    if detail_one < detail_other:
        sharp, goal = other, detail_one
    else:
        sharp, goal = one, detail_other
    blur = 0.0
    blurred = sharp
    for sigma in LIMITS.blurs:
        if detail(blurred, common) <= 1.05 * goal + 0.05:
            break
        blur, blurred = sigma, cv2.GaussianBlur(sharp, (0, 0), sigma)
    return (one, blurred, blur) if detail_one < detail_other else (blurred, other, blur)


def detail(grey: Array, common: Mask) -> float:
    """The mean gradient."""
    return float(cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))[common].mean())


def residual_share(source: Array, target: Array, common: Mask) -> float:
    """The share of the target's variance that the source does not explain."""
    return float(((source - target)[common] ** 2).mean() / max(float(target[common].var()), 1.0))


def correlation(one: Array, other: Array) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).mean() / max(float(one.std() * other.std()), 1e-3))


def clipped(rgb: Array) -> Mask:
    """Where a colour is clipped: what was brighter or darker cannot be known."""
    return np.asarray((largest(rgb) >= 253) | (largest(-np.asarray(rgb, np.float32)) >= -2))
