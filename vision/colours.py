"""The colours of pictures: how strong they are, which are most common, and whether a picture is a page or a drawing.

Pure. Colours are RGB, 0 to 255.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision import tones
from vision.tones import Array, Mask


@dataclass(frozen=True)
class Limits:
    """When colours are evidence."""

    fewest_different: int = 20
    """Pixels that must differ for their colours to tell something."""
    least_chroma: float = 1.2
    """Mean change of colours’ strength: less may be compression’s."""
    unusual: float = 3.0
    """Multiples of the median: pixels that differ by more have had something laid over."""
    least_unusual: float = 6.0
    """Of 255: pixels that differ by less have not."""
    blank: float = 0.75
    """Share of one colour that makes a page: thin letters have no colour of their own."""
    drawn: float = 0.85
    """Share of two colours that makes a page or a drawing."""
    contrasting: float = 100.0
    """Distance in RGB of the two colours of a page."""
    near: float = 45.0
    """Distance in RGB within which a colour counts as another."""
    clearly: float = 1.3
    """Multiple by which the one picture changes more sharply at the edge of what was laid over it."""
    hole: int = 25
    """Pixels: gaps in what differs that are no wider are closed."""
    narrow: int = 16
    """Of 255, in every channel: the same, of what is flat but for compression."""
    broad: int = 21
    """Pixels: what is as wide as this is no stroke of a letter."""
    least_broad: float = 0.005
    """Share of the whole area that broad parts must have to tell something."""
    filled: float = 4.5
    """Mean distance of 255 from its commonest colour of a fill. Bands and discs have 3 at most, a sky 7."""
    of_sticker: int = 4
    """Colours that lettering, a bar or a sticker has."""


LIMITS = Limits()


def saturation_change(one: Array, other: Array, common: Mask) -> float:
    """How much stronger or weaker colours are: 0 for none, 1 if one picture is grey and the other is not.

    Seen from the picture with a coloured disc on it, the disc can outweigh the rest. From the other it is left out.
    """
    first, second = (np.ascontiguousarray(chroma(image)[common][::5].T) for image in (one, other))
    return min(_saturation_change(first, second), _saturation_change(second, first))


def _saturation_change(first: Array, second: Array) -> float:
    both, alone = (first * second).sum(axis=0), (first**2).sum(axis=0)
    usual = np.ones(len(both), bool)
    for _ in range(3):  # coloured lettering on a part does not make the rest more colourful
        slope = float(both[usual].sum()) / max(float(alone[usual].sum()), 1e-3)
        left = np.maximum(*np.abs(second - np.float32(slope) * first))
        usual = left <= max(LIMITS.unusual * float(np.median(left)), LIMITS.least_unusual)
    first, second = first[:, usual], second[:, usual]
    strengths = float((first**2).mean()), float((second**2).mean())
    change = abs(1 - float((first * second).mean()) / max(*strengths, 1e-3))
    return change if change * max(strengths) ** 0.5 >= LIMITS.least_chroma else 0.0


def chroma(rgb: Array) -> Array:
    """Blue and red minus grey, smoothed as compression smooths them."""
    soft = cv2.GaussianBlur(rgb, (0, 0), 3)
    grey = tones.luma(soft)
    return np.stack([soft[..., 2] - grey, soft[..., 0] - grey], axis=2)


def colours_where_wrong(one: Array, other: Array, error: Array, wrong: Mask, cell: int) -> tuple[float, float, float]:
    """Where the pictures disagree: the share that two colours cover in one picture, and in the other.

    Also how much of the whole area is pictured there: pixels with none of its few most common colours.

    Lettering and bars have two colours at most, and are new. If things have moved, or a line on a page differs, both
    pictures show what otherwise only one would.
    """
    area = np.kron(wrong, np.ones((cell, cell), bool))
    differing = np.zeros(error.shape, bool)
    differing[: area.shape[0], : area.shape[1]] = area
    differing &= np.abs(error) > tones.LIMITS.different
    if differing.sum() < LIMITS.fewest_different:
        return 0.0, 1.0, 0.0
    if is_drawn(one) and is_drawn(other):
        return 0.0, 1.0, 0.0  # on a page or a chart, lettering is a difference, not an addition
    first, second = one[differing], other[differing]
    ways = []
    for covered, covering in ((first, second), (second, first)):
        colours = commonest_colours(covering)
        ways.append((share_of(colours, covering), share_of(colours, covered)))
    return *max(ways, key=lambda way: way[0] - way[1]), pictured_where_wrong(one, other, differing)


def pictured_where_wrong(one: Array, other: Array, differing: Mask) -> float:
    """The share of the whole area in which a picture was laid over the other one: neither lettering nor flat colours.

    An overlay changes sharply at its edge. If both pictures do, the flatter one counts.
    """
    solid = cv2.morphologyEx(differing.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)) > 0
    steep = steepness_around(one, solid), steepness_around(other, solid)
    laid_over = [
        rgb
        for rgb, own, of_other in ((one, steep[0], steep[1]), (other, steep[1], steep[0]))
        if of_other <= LIMITS.clearly * own
    ]
    return min(max(blobs_beyond_commonest(rgb, solid), shaded(rgb, solid)) for rgb in laid_over) / differing.size


def shaded(rgb: Array, area: Mask) -> int:
    """How many pixels the broad part of an area has, if its commonest colour is no fill but goes over into others: a
    sky has few colours too. Strokes of letters have no broad part.
    """
    broad = cv2.erode(area.astype(np.uint8), np.ones((LIMITS.broad, LIMITS.broad), np.uint8), borderValue=0) > 0
    if broad.mean() < LIMITS.least_broad:
        return 0
    pixels = rgb[broad]
    bins = binned(pixels)
    away = tones.largest(np.abs(pixels - np.median(pixels[bins == np.bincount(bins).argmax()], axis=0)))
    return int(broad.sum()) if float(away[away <= LIMITS.narrow].mean()) > LIMITS.filled else 0


def blobs_beyond_commonest(rgb: Array, area: Mask) -> int:
    """How many pixels of an area have none of its few most common colours, without the seams between those."""
    left = np.zeros(area.shape, np.uint8)
    left[area] = beyond_commonest(rgb[area], LIMITS.of_sticker)
    return int(cv2.morphologyEx(left, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)).sum())


def steepness_around(rgb: Array, area: Mask) -> float:
    """How sharply a picture changes at the edge of an area, in the channel that tells most.

    Holes are closed: where both pictures are of one grey, what lies over the other goes on.
    """
    square = np.ones((3, 3), np.uint8)
    mask = cv2.morphologyEx(area.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((LIMITS.hole, LIMITS.hole), np.uint8))
    edge = cv2.dilate(mask, square) != cv2.erode(mask, square)
    if not edge.any():
        return 0.0
    soft = np.ascontiguousarray(rgb, np.float32)
    steep = cv2.magnitude(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))
    return float(tones.largest(steep[edge]).mean())


def is_drawn(rgb: Array) -> bool:
    """Whether one colour, or two that contrast, cover nearly all of a picture."""
    pixels = rgb[::3, ::3].reshape(-1, 3)
    colours = commonest_colours(pixels)
    if share_of(colours[:1], pixels) > LIMITS.blank:
        return True
    contrast = np.linalg.norm(colours[0] - colours[-1])
    return bool(contrast > LIMITS.contrasting and share_of(colours, pixels) > LIMITS.drawn)


def beyond_commonest(pixels: Array, count: int) -> Mask:
    """Pixels with none of the most common colours, each matched narrowly."""
    left = np.ones(len(pixels), bool)
    for _ in range(count):
        if left.any():
            bins = binned(pixels[left])
            colour = np.median(pixels[left][bins == np.bincount(bins).argmax()], axis=0)
            left &= tones.largest(np.abs(pixels - colour)) > LIMITS.narrow
    return left


def commonest_colours(pixels: Array, count: int = 2) -> list[Array]:
    """The colours that most pixels have."""
    colours: list[Array] = []
    left = pixels
    while len(left) and len(colours) < count:
        red, green, blue = (np.clip(left, 0, 255).astype(np.uint8) // 43).astype(np.intp).T
        bins = red * 36 + green * 6 + blue
        colours.append(np.median(left[bins == np.bincount(bins).argmax()], axis=0))
        left = left[~is_near(left, colours[-1])]
    return colours


def share_of(colours: list[Array], pixels: Array) -> float:
    """The share of the pixels that have one of these colours."""
    near = np.zeros(len(pixels), bool)
    for colour in colours:
        near |= is_near(pixels, colour)
    return float(near.mean())


def is_near(pixels: Array, colour: Array) -> Mask:
    """Which pixels count as having this colour."""
    red, green, blue = (pixels - colour).T
    return np.asarray(red * red + green * green + blue * blue <= LIMITS.near**2)


def binned(pixels: Array) -> NDArray[np.int_]:
    """A number for each pixel's colour, the same for near ones."""
    red, green, blue = (np.clip(pixels, 0, 255).astype(np.uint8) // LIMITS.narrow).astype(np.intp).T
    return red * 256 + green * 16 + blue
