"""What remains of the difference between two pictures once one lies over the other.

Pure. Place, tone and sharpness are brought into line; then the common area is judged in small cells.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.alignment import Affine, Placement

Array = NDArray[Any]  # float32; OpenCV's stubs are less exact
Mask = NDArray[Any]  # bool

_CELLS_ACROSS, _CELL = 24, (6, 12)  # cells along the long side, and their least and largest side in pixels
_LONG_SIDE = 420  # of the common area at most; compression shows less when it is small
_LEAST_SIDE = 32
_BLURS = (0.6, 1.0, 1.6, 2.5, 4.0, 6.0)
_SMOOTHING = 0.8
_UNCHANGED = 2.0  # greys, median: tones are the same, and a bar over a part must not bend them
_TONE_CHANGED = 5.0  # greys, from which on tones may have been driven to their ends
_RECOLOURED = 0.1  # share by which colours' strength changed, for the same
_DIFFERENT, _FEWEST_DIFFERENT = 30.0, 20  # greys, pixels
_LEAST_CHROMA = 1.2  # mean change of colours' strength below which it may be compression's
_UNUSUAL, _LEAST_UNUSUAL = 3.0, 6.0  # as a multiple of the median; of 255
_BLANK = 0.75  # share of one colour from which on it is a page: thin letters have no colour of their own
_DRAWN = 0.85  # share of two colours from which on a picture is a page or a drawing
_CONTRASTING = 100.0  # distance in RGB
_NEAR = 45.0  # distance in RGB within which a colour counts as another
_OF_ONE_COLOUR = 24  # of 255, in every channel
_RING = (7, 15)  # pixels, twice: the ring within a boundary that is compared with what lies outside
_SET_OFF = 0.3  # share of the ring
_BLACK, _WHITE = 6.0, 249.0  # beyond which tones are clipped and tell nothing
_LIGHTS = 48.0  # across the picture: how finely light may change
_LIGHT_RIDGE = 20.0  # greys squared, against flat places
_LIGHT_SLOPES = (0.45, 2.2)
# A cell disagrees when its error is above a floor (compression, noise) and a share of its own contrast.
_FLOOR, _SHARE = 7.0, 0.32
_TEXTURED = 6.0  # deviation of greys from which on a cell shows something


@dataclass(frozen=True)
class Agreement:
    """Shares are of the common area unless said otherwise."""

    covers_first: float  # share of the first picture that the second lies over
    covers_second: float
    blank_first: bool  # what of the first lies outside is of one colour: a border, a corner left by turning
    blank_second: bool
    set_off_first: bool  # whether the second ends visibly where it does in the first, as in a frame; a crop goes on
    set_off_second: bool
    correlation: float  # of the greys, tone and sharpness in line
    textured: int  # cells that show something
    disagreeing: float  # share of cells
    textured_disagreeing: float  # share of the textured cells
    clean_elsewhere: float  # like `worst`, of the cells that do not border on disagreeing ones
    flat: float  # of where they disagree, the share that has two colours only in the one picture
    shared: float  # the share that has those colours in the other one
    tone_change: float  # greys by which tones differ
    saturation_change: float  # 0 for none, 1 where one picture is grey and the other is not
    blur: float  # pixels by which one is blurred more
    worst: float  # the error of the third worst cell, as a multiple of what is allowed
    side: int  # long side of the common area as it was compared
    worst_evened: float  # like `worst`, once light and contrast are brought into line place by place
    correlation_evened: float
    drawn: bool  # both are pages or drawings


def measure(first: Array, second: Array, placement: Placement) -> Agreement | None:
    """Compare RGB pictures where they lie over each other; None where that is too little to tell."""
    mask = overlap(first, second, placement.affine)
    mask_second = overlap(second, first, cv2.invertAffineTransform(placement.affine))
    one, other, common = common_area(first, second, placement)
    if min(common.shape) < _LEAST_SIDE or common.mean() < 0.3:
        return None
    saturation = saturation_change(one, other, common)
    recoloured = saturation > _RECOLOURED
    forth, back = in_line(one, other, common, recoloured), in_line(other, one, common, recoloured)
    source, target, blur, tone = min(forth, back, key=lambda pair: residual_share(pair[0], pair[1], common))
    error = cv2.GaussianBlur(source, (0, 0), _SMOOTHING) - cv2.GaussianBlur(target, (0, 0), _SMOOTHING)
    if recoloured or tone > _TONE_CHANGED:
        error[clipped(one) | clipped(other)] = 0
    cell = int(np.clip(max(common.shape) // _CELLS_ACROSS, *_CELL))
    deviations = deviation(source, cell), deviation(target, cell)
    cells = in_cells(common.astype(np.float32), cell) > 0.9
    allowed = _FLOOR + _SHARE * np.maximum(*deviations)
    excess = np.where(cells, np.sqrt(in_cells(error**2, cell)) / allowed, 0)
    wrong = excess > 1
    textured = (np.minimum(*deviations) > _TEXTURED) & cells
    flat, shared = colours_where_wrong(one, other, error, wrong, cell)
    light = evened(source, target, common)
    error = cv2.GaussianBlur(light, (0, 0), _SMOOTHING) - cv2.GaussianBlur(target, (0, 0), _SMOOTHING)
    error[clipped(one) | clipped(other)] = 0
    excess_evened = np.where(cells, np.sqrt(in_cells(error**2, cell)) / allowed, 0)
    return Agreement(
        covers_first=float(mask.mean()),
        covers_second=float(mask_second.mean()),
        blank_first=is_blank(first, ~mask),
        blank_second=is_blank(second, ~mask_second),
        set_off_first=is_set_off(first, ~mask),
        set_off_second=is_set_off(second, ~mask_second),
        correlation=correlation(source[common], target[common]),
        textured=int(textured.sum()),
        disagreeing=float(wrong.sum() / max(cells.sum(), 1)),
        textured_disagreeing=float((wrong & textured).sum() / max(textured.sum(), 1)),
        worst=worst_of(excess),
        clean_elsewhere=worst_of(np.where(cv2.dilate(wrong.astype(np.uint8), np.ones((3, 3))) > 0, 0, excess)),
        flat=flat,
        shared=shared,
        tone_change=tone,
        saturation_change=saturation,
        blur=blur,
        side=max(common.shape),
        worst_evened=worst_of(excess_evened),
        correlation_evened=correlation(light[common], target[common]),
        drawn=is_drawn(one) and is_drawn(other),
    )


def overlap(first: Array, second: Array, affine: Affine) -> Mask:
    """Where in the first picture the second lies."""
    whole = np.full(second.shape[:2], 255, np.uint8)
    return cv2.warpAffine(whole, affine, (first.shape[1], first.shape[0]), flags=cv2.INTER_NEAREST) > 0


def common_area(first: Array, second: Array, placement: Placement) -> tuple[Array, Array, Mask]:
    """Both pictures in the pixels of the coarser one, cut to their common area and made no larger than need be."""
    affine, scale = placement.affine, placement.scale
    if scale >= 1:  # the second is the coarser one
        first, second, affine, scale = second, first, cv2.invertAffineTransform(affine), 1 / scale
        swapped = True
    else:
        swapped = False
    size = (first.shape[1], first.shape[0])
    soft = cv2.GaussianBlur(second, (0, 0), max(0.45 * (1 / scale - 1), 0.01)) if scale < 0.95 else second
    warped = cv2.warpAffine(soft, affine, size, flags=cv2.INTER_CUBIC)
    mask = overlap(first, second, affine)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return first[:0, :0], first[:0, :0], mask[:0, :0]
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    one, other, common = first[box], warped[box], mask[box]
    shrink = _LONG_SIDE / max(common.shape)
    if shrink < 1:
        small = (max(round(common.shape[1] * shrink), 1), max(round(common.shape[0] * shrink), 1))
        one, other = (cv2.resize(image, small, interpolation=cv2.INTER_AREA) for image in (one, other))
        common = cv2.resize(common.astype(np.uint8), small, interpolation=cv2.INTER_AREA) > 0
    # at its edge the common area may already show a bit of what lies around it
    common = cv2.erode(common.astype(np.uint8), np.ones((7, 7), np.uint8), borderValue=0) > 0
    return (other, one, common) if swapped else (one, other, common)


# --- tone and sharpness -----------------------------------------------------------------------------------------------


def in_line(one: Array, other: Array, common: Mask, recoloured: bool) -> tuple[Array, Array, float, float]:
    """The first picture's colours turned into the second's greys, both as sharp as the less sharp one.

    Also the blur that took, in pixels, and the mean change of grey.
    """
    target = luma(other)
    source = with_tones_of(one, target, common, recoloured)
    tone = float(np.abs(source - luma(one))[common].mean())
    source, target, blur = equally_sharp(source, target, common)
    return source, target, blur, tone


def evened(source: Array, target: Array, common: Mask) -> Array:
    """The source with the light and the contrast that the target has around each place.

    A vignette and the tone mapping of a phone change both softly across the picture. What has moved stays apart: a
    straight line between greys, whose slope is bounded, fits it nowhere.
    """
    sigma = max(common.shape) / _LIGHTS
    weight = common.astype(np.float32)
    total = np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma), 1e-3)

    def around(values: Array) -> Array:
        return cv2.GaussianBlur(values * weight, (0, 0), sigma) / total

    mean_source, mean_target = around(source), around(target)
    spread = around(source**2) - mean_source**2
    together = around(source * target) - mean_source * mean_target
    slope = ((together + _LIGHT_RIDGE) / (spread + _LIGHT_RIDGE)).clip(*_LIGHT_SLOPES)
    return np.asarray(around(slope) * source + around(mean_target - slope * mean_source), np.float32)


def luma(rgb: Array) -> Array:
    return rgb @ np.array([0.299, 0.587, 0.114], np.float32)


def with_tones_of(rgb: Array, target: Array, common: Mask, recoloured: bool) -> Array:
    """Map colours to the greys they have in the target, by a quadratic that outliers do not move."""
    inputs = tone_terms(cv2.GaussianBlur(rgb, (0, 0), 1.5)[::3, ::3])
    greys = cv2.GaussianBlur(target, (0, 0), 1.5)[::3, ::3].ravel()
    chosen = (common[::3, ::3].ravel()) & (greys > _BLACK) & (greys < _WHITE)
    if chosen.sum() < 50:
        return luma(rgb)
    as_it_is = cv2.GaussianBlur(luma(rgb), (0, 0), 1.5)[::3, ::3].ravel()
    if not recoloured and float(np.median(np.abs(as_it_is - greys)[chosen])) < _UNCHANGED:
        return luma(rgb)
    ridge = np.eye(inputs.shape[1]) * 0.02 * chosen.sum()
    ridge[0, 0] = 0
    start = np.zeros(inputs.shape[1])
    start[1:4] = 0.299 * 255, 0.587 * 255, 0.114 * 255  # without evidence tones stay as they are
    weights = chosen.astype(np.float64)
    for _ in range(4):
        weighted = inputs * weights[:, None]
        terms = np.linalg.solve(weighted.T @ inputs + ridge * 0.01, weighted.T @ greys + ridge @ start * 0.01)
        errors = np.abs(inputs @ terms - greys)
        scale = max(1.4826 * float(np.median(errors[chosen])), 2.0)
        weights = chosen / (1 + (errors / (2 * scale)) ** 4)
    return (tone_terms(rgb) @ terms).reshape(target.shape).clip(0, 255).astype(np.float32)


def tone_terms(rgb: Array) -> NDArray[np.float64]:
    flat = rgb.reshape(-1, 3).astype(np.float64) / 255
    return np.column_stack([np.ones(len(flat)), flat, flat**2])


def equally_sharp(one: Array, other: Array, common: Mask) -> tuple[Array, Array, float]:
    """Blur the sharper one until it has no more detail than the other. How much, in pixels."""
    alike = common & (cv2.GaussianBlur(np.abs(one - other), (0, 0), 2) < _DIFFERENT)  # what was laid over is sharp
    common = alike if alike.sum() > 0.3 * common.sum() else common
    detail_one, detail_other = detail(one, common), detail(other, common)
    if detail_one < detail_other:
        sharp, goal = other, detail_one
    else:
        sharp, goal = one, detail_other
    blur = 0.0
    blurred = sharp
    for sigma in _BLURS:
        if detail(blurred, common) <= 1.05 * goal + 0.05:
            break
        blur, blurred = sigma, cv2.GaussianBlur(sharp, (0, 0), sigma)
    return (one, blurred, blur) if detail_one < detail_other else (blurred, other, blur)


def detail(grey: Array, common: Mask) -> float:
    """The mean steepness."""
    return float(cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))[common].mean())


def residual_share(source: Array, target: Array, common: Mask) -> float:
    """What of the target's variance the source does not explain."""
    return float(((source - target)[common] ** 2).mean() / max(float(target[common].var()), 1.0))


def correlation(one: Array, other: Array) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float((one * other).mean() / max(float(one.std() * other.std()), 1e-3))


# --- cells ------------------------------------------------------------------------------------------------------------


def in_cells(values: Array, cell: int) -> Array:
    """The mean of each cell; what is left over at the right and lower edges joins no cell."""
    height, width = (side // cell * cell for side in values.shape)
    return values[:height, :width].reshape(height // cell, cell, width // cell, cell).mean(axis=(1, 3))


def deviation(grey: Array, cell: int) -> Array:
    return np.sqrt(np.maximum(in_cells(grey**2, cell) - in_cells(grey, cell) ** 2, 0))


def clipped(rgb: Array) -> Mask:
    """Where a colour is at its end: what was brighter or darker there cannot be known."""
    ends: Mask = (rgb <= 2) | (rgb >= 253)
    return np.asarray(ends.any(axis=2))


def saturation_change(one: Array, other: Array, common: Mask) -> float:
    """How far colours are stronger or weaker: 0 for none, 1 where one picture is grey and the other is not."""
    first, second = (chroma(image)[common][::5] for image in (one, other))
    usual = np.ones(len(first), bool)
    for _ in range(3):  # coloured lettering over a part does not make the rest more colourful
        slope = float((first * second)[usual].sum()) / max(float((first**2)[usual].sum()), 1e-3)
        left = np.abs(second - slope * first).max(axis=1)
        usual = left <= max(_UNUSUAL * float(np.median(left)), _LEAST_UNUSUAL)
    first, second = first[usual], second[usual]
    strengths = float((first**2).mean()), float((second**2).mean())
    change = abs(1 - float((first * second).mean()) / max(*strengths, 1e-3))
    return change if change * max(strengths) ** 0.5 >= _LEAST_CHROMA else 0.0


def chroma(rgb: Array) -> Array:
    """Blue and red less grey, softened as compression softens them."""
    soft = cv2.GaussianBlur(rgb, (0, 0), 3)
    return np.stack([soft[..., 2] - luma(soft), soft[..., 0] - luma(soft)], axis=2)


def is_blank(rgb: Array, outside: Mask) -> bool:
    """Whether what lies outside is of one colour, or next to nothing."""
    if outside.mean() < 0.01:
        return True
    inner = cv2.erode(outside.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0
    values = rgb[inner]
    if len(values) < 20:
        return True
    typical = np.median(values, axis=0)
    return bool((np.abs(values - typical).max(axis=1) < _OF_ONE_COLOUR).mean() > 0.9)


def is_set_off(rgb: Array, outside: Mask) -> bool:
    """Whether what lies just within has other colours than what lies outside: a border was added, none cut off."""
    near, wide = (cv2.dilate(outside.astype(np.uint8), np.ones((size, size), np.uint8)) > 0 for size in _RING)
    ring, around = rgb[wide & ~near], rgb[outside]
    if len(ring) < 20 or len(around) < 20:
        return False
    typical = np.median(around, axis=0)
    return bool((np.abs(ring - typical).max(axis=1) >= _OF_ONE_COLOUR).mean() > _SET_OFF)


def worst_of(excess: Array) -> float:
    """The third largest: a cell or two may be off by chance."""
    return float(np.sort(excess, axis=None)[-3:][0]) if excess.size else 0.0


def colours_where_wrong(one: Array, other: Array, error: Array, wrong: Mask, cell: int) -> tuple[float, float]:
    """Where the pictures disagree: what share of it two colours make up in the one, and in the other.

    Lettering and bars are of two colours at most, and new. Where things have moved, or a line of a page is another,
    both pictures show what only one would.
    """
    area = np.kron(wrong, np.ones((cell, cell), bool))
    differing = np.zeros(error.shape, bool)
    differing[: area.shape[0], : area.shape[1]] = area
    differing &= np.abs(error) > _DIFFERENT
    if differing.sum() < _FEWEST_DIFFERENT:
        return 0.0, 1.0
    if is_drawn(one) and is_drawn(other):
        return 0.0, 1.0  # on a page or a chart lettering is what differs, not what was added
    first, second = one[differing], other[differing]
    ways = []
    for covered, covering in ((first, second), (second, first)):
        colours = commonest_colours(covering)
        ways.append((share_of(colours, covering), share_of(colours, covered)))
    return max(ways, key=lambda way: way[0] - way[1])


def is_drawn(rgb: Array) -> bool:
    """Whether one colour, or two that contrast, make up nearly all of a picture."""
    pixels = rgb[::3, ::3].reshape(-1, 3)
    colours = commonest_colours(pixels)
    if share_of(colours[:1], pixels) > _BLANK:
        return True
    contrast = np.linalg.norm(colours[0] - colours[-1])
    return bool(contrast > _CONTRASTING and share_of(colours, pixels) > _DRAWN)


def commonest_colours(pixels: Array, count: int = 2) -> list[Array]:
    """The colours most pixels have."""
    colours: list[Array] = []
    left = pixels
    while len(left) and len(colours) < count:
        bins = (np.clip(left, 0, 255) // 43).astype(int) @ np.array([36, 6, 1])
        colours.append(np.median(left[bins == np.bincount(bins).argmax()], axis=0))
        left = left[np.linalg.norm(left - colours[-1], axis=1) > _NEAR]
    return colours


def share_of(colours: list[Array], pixels: Array) -> float:
    """The share of the pixels that have one of these colours."""
    near = np.zeros(len(pixels), bool)
    for colour in colours:
        near |= np.linalg.norm(pixels - colour, axis=1) <= _NEAR
    return float(near.mean())
