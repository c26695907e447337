"""Text in pictures: where it is, and what it says.

The models are those of PP-OCRv6 (PaddleOCR, 2026), small. The first predicts for every pixel whether it belongs to a
line of text; a line is the smallest rectangle around such pixels, grown by what the model shrank it to separate lines
(Liao et al., Real-time Scene Text Detection with Differentiable Binarization, 2020). It glances at a small copy of the
picture, and looks closely only where that shows a hint of text, unless the lines seen there can be read already, or
cannot be text. The second reads a line that was cut out and turned upright, one character per step (Graves et al.,
Connectionist Temporal Classification, 2006).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision import inference

DETECTOR, READER = "ppocr-detector", "ppocr-reader"  # in models.toml
MODEL = "pp-ocrv6-small"
SIDE = 1600  # pixels, long side of the detector's input: the size of a thumbnail
GLANCE = 800  # pixels, long side, at which is looked for anything like text; most photos have none
HINT = 0.1  # threshold for a pixel of that glance, far below what counts as text
TRIED = 8  # lines of a place that are read as the glance shows them; where there are more, there is text
UNREADABLE, CLEAR = 0.3, 0.95  # scores: none of a place's lines has more and it is texture; all have and it is read
AROUND = 0.06  # of the long side, added around a hint on each side
MOST_IN_WINDOWS = 0.6  # share of the picture; if the windows cover more, the whole picture is looked at
STRIDE = 32
HEIGHT = 48  # pixels of a line in the reader's input
LONGEST = 40  # times its height; longer lines are squeezed
STEPS_AT_ONCE = 2_400  # pixels of width in one batch of the reader, with padding
LIKELY, SURE = 0.3, 0.5  # thresholds: for a pixel; for a line, on the mean of its pixels
GROWN = 1.6
SMALLEST = 3.0  # pixels of a rectangle's short side
MOST_LINES = 200
LEAST_SCORE = 0.6  # threshold for a line that was read; below it is texture more often than text

Pixels = NDArray[np.uint8]
Window = tuple[int, int, int, int]  # left, top, right, bottom
Points = NDArray[np.float32]  # of a line: upper left, upper right, lower right, lower left


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; the box is in fractions of the picture: left, top, width, height."""

    text: str
    score: float
    box: tuple[float, float, float, float]


def read(image: Image.Image) -> list[Line]:
    """The lines of text in an upright picture, from top to bottom. Raises inference.MissingWeights."""
    pixels = np.asarray(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)
    found = detect(pixels)
    told = read_cuts([cut(pixels, points) for points in found])
    lines = [
        Line(text, score, _box(points, image.size))
        for points, (text, score) in zip(found, told, strict=True)
        if score >= LEAST_SCORE and any(letter.isalnum() for letter in text)
    ]
    return in_reading_order(lines)


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Row by row, from left to right. A line belongs to a row if its middle is within the row's height."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3] / 2):
        middle = line.box[1] + line.box[3] / 2
        last = rows[-1][0].box if rows else (0.0, 0.0, 0.0, -1.0)
        if last[1] <= middle <= last[1] + last[3] and line.box[3] < 2 * last[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box[0])]


# --- detection --------------------------------------------------------------------------------------------------------


def detect(pixels: Pixels) -> list[Points]:
    """The corners of the lines in a picture (height × width × 3, BGR), in its pixels.

    A glance at a small copy tells where to look closely; closely, a whole picture takes three to four times as long.
    """
    whole = (0, 0, pixels.shape[1], pixels.shape[0])
    scale = scale_of(pixels)
    glance = likely(pixels, min(GLANCE / max(pixels.shape[:2]), scale))
    waiting, found = settled(glance, places(glance, pixels), pixels)
    while waiting:
        if _share([*waiting, *found], pixels) > MOST_IN_WINDOWS:
            return closely(pixels, whole, scale)
        window = waiting.pop()
        inside = closely(pixels, window, scale)
        if not any(_is_cut(points, window, pixels) for points in inside):
            found[window] = inside
            continue
        larger = _larger(window, whole)  # the line goes on where there was no hint of it
        while touched := [one for one in [*waiting, *found] if _overlap(one, larger)]:
            larger = _around([larger, *touched])
            waiting = [one for one in waiting if one not in touched]
            found = {one: lines for one, lines in found.items() if one not in touched}
        waiting.append(larger)
    return [points for lines in found.values() for points in lines][:MOST_LINES]


def scale_of(pixels: Pixels) -> float:
    """By how much a picture is scaled to be looked at closely; a small one is enlarged, but not to a blur."""
    return min(SIDE / max(pixels.shape[:2]), 2.0)


def likely(pixels: Pixels, scale: float) -> NDArray[np.float32]:
    """How likely each pixel of the picture, scaled, is part of a line of text."""
    height, width = pixels.shape[:2]
    wide, high = (max(round(length * scale / STRIDE), 1) * STRIDE for length in (width, height))
    seen = cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    answer = inference.session(DETECTOR, keep_memory=False).run(None, {"x": _scaled(seen)[None]})[0]
    return np.asarray(answer[0, 0], np.float32)


def places(glance: NDArray[np.float32], pixels: Pixels) -> list[Window]:
    """Parts of the picture that hold every hint of text, with room around them; none overlap."""
    height, width = pixels.shape[:2]
    reach = max(round(AROUND * max(glance.shape)), 1)
    mask = cv2.dilate((glance > HINT).astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    while True:  # boxes around what hangs together may overlap still: fill them, until none do
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        filled = mask.copy()
        for left, top, wide, high, _ in stats[1:count]:
            filled[top : top + high, left : left + wide] = 1
        if (filled == mask).all():
            break
        mask = filled
    x, y = width / glance.shape[1], height / glance.shape[0]
    return [
        (
            int(left * x),
            int(top * y),
            min(int(np.ceil((left + wide) * x)), width),
            min(int(np.ceil((top + high) * y)), height),
        )
        for left, top, wide, high, _ in stats[1:count].tolist()
    ]


def settled(
    glance: NDArray[np.float32], windows: Sequence[Window], pixels: Pixels
) -> tuple[list[Window], dict[Window, list[Points]]]:
    """The windows that are worth a closer look, and the lines of those that the glance shows well enough.

    Where there are lines of which none can be read, and no other hint of text, there is nothing to be found.
    """
    edge = (pixels.shape[1] - 1, pixels.shape[0] - 1)
    back = np.array([pixels.shape[1] / glance.shape[1], pixels.shape[0] / glance.shape[0]], np.float32)
    lines = [np.clip(points * back, 0, edge) for points in rectangles(glance)]
    waiting, clear = [], {}
    for window in windows:
        inside = [points for points in lines if _is_within(points.mean(axis=0), window)]
        if 0 < len(inside) <= TRIED:
            scores = [score for _, score in read_cuts([cut(pixels, points) for points in inside])]
            is_settled = max(scores) < UNREADABLE or min(scores) >= CLEAR
            if is_settled and not _hints_beside(glance, window, inside, back):
                if min(scores) >= CLEAR:
                    clear[window] = inside
                continue
        waiting.append(window)
    return waiting, clear


def _is_within(point: NDArray[np.float32], window: Window) -> bool:
    return bool(window[0] <= point[0] < window[2] and window[1] <= point[1] < window[3])


def _part(glance: NDArray[Any], window: Window, back: NDArray[np.float32]) -> NDArray[Any]:
    left, top, right, bottom = window
    across, down = back
    return glance[int(top / down) : int(np.ceil(bottom / down)), int(left / across) : int(np.ceil(right / across))]


def _hints_beside(
    glance: NDArray[np.float32], window: Window, lines: Sequence[Points], back: NDArray[np.float32]
) -> bool:
    """Whether the window shows hints of text that are no part of these lines."""
    rest = (glance > HINT).astype(np.uint8)
    for points in lines:
        cv2.fillPoly(rest, [(points / back).astype(np.int32)], (0,))
        cv2.polylines(rest, [(points / back).astype(np.int32)], True, (0,), 9)  # and what blurs around them
    return bool(_part(rest, window, back).any())


def _larger(window: Window, whole: Window) -> Window:
    """Twice as wide and high, within the picture."""
    left, top, right, bottom = window
    across, down = (right - left + 1) // 2, (bottom - top + 1) // 2
    return max(left - across, 0), max(top - down, 0), min(right + across, whole[2]), min(bottom + down, whole[3])


def _overlap(one: Window, other: Window) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _around(windows: Sequence[Window]) -> Window:
    """The rectangle around these."""
    left, top, right, bottom = zip(*windows, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _share(windows: Sequence[Window], pixels: Pixels) -> float:
    covered = sum((right - left) * (bottom - top) for left, top, right, bottom in windows)
    return covered / (pixels.shape[0] * pixels.shape[1])


def closely(pixels: Pixels, window: Window, scale: float) -> list[Points]:
    """The lines in a part of the picture, in pixels of the whole."""
    left, top, right, bottom = window
    part = np.ascontiguousarray(pixels[top:bottom, left:right])
    seen = likely(part, scale)
    back = np.array([part.shape[1] / seen.shape[1], part.shape[0] / seen.shape[0]], np.float32)
    limit = (part.shape[1] - 1, part.shape[0] - 1)
    offset = np.array([left, top], np.float32)
    return [np.clip(points * back, 0, limit) + offset for points in rectangles(seen)]


def _is_cut(points: Points, window: Window, pixels: Pixels) -> bool:
    """Whether a line reaches an edge of the window that is none of the picture."""
    height, width = pixels.shape[:2]
    (low_x, low_y), (high_x, high_y) = points.min(axis=0), points.max(axis=0)
    left, top, right, bottom = window
    return bool(
        (left > 0 and low_x <= left + 1)
        or (top > 0 and low_y <= top + 1)
        or (right < width and high_x >= right - 2)
        or (bottom < height and high_y >= bottom - 2)
    )


def rectangles(likely: NDArray[np.float32]) -> list[Points]:
    """The rectangles around likely text (height × width, 0 to 1), largest first."""
    mask = cv2.dilate((likely > LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[tuple[float, Points]] = []
    for contour in contours:
        centre, size, angle = cv2.minAreaRect(contour)
        if min(size) < SMALLEST or _mean_inside(likely, cv2.boxPoints((centre, size, angle))) < SURE:
            continue
        growth = 2 * size[0] * size[1] * GROWN / (2 * (size[0] + size[1]))
        grown = (size[0] + growth, size[1] + growth)
        corners = np.asarray(cv2.boxPoints((centre, grown, angle)), np.float32)
        found.append((grown[0] * grown[1], _in_order(corners)))
    found.sort(key=lambda each: -each[0])
    return [corners for _, corners in found[:MOST_LINES]]


def _mean_inside(values: NDArray[np.float32], corners: NDArray[Any]) -> float:
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, values.shape[::-1])
    window = values[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(window.shape, np.uint8)
    cv2.fillPoly(mask, [(corners - low).astype(np.int32)], (1,))
    return float(window[mask > 0].mean()) if mask.any() else 0.0


def _in_order(corners: Points) -> Points:
    """Upper left, upper right, lower right, lower left: the upper of the two left ones, and so on."""
    by_side = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_side[:2], by_side[2:]
    left, right = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
    return np.stack([left[0], right[0], right[1], left[1]])


def _box(points: Points, size: tuple[int, int]) -> tuple[float, float, float, float]:
    low, high = points.min(axis=0) / size, points.max(axis=0) / size
    x, y, width, height = (round(float(value), 4) for value in (*low, *(high - low)))
    return x, y, width, height


# --- reading ----------------------------------------------------------------------------------------------------------


def cut(pixels: Pixels, points: Points) -> Pixels:
    """The line within these corners, made straight."""
    sides = np.linalg.norm(points - np.roll(points, -1, axis=0), axis=1)  # upper, right, lower, left
    size = (max(round(float(max(sides[0], sides[2]))), 1), max(round(float(max(sides[1], sides[3]))), 1))
    target = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(points.astype(np.float32), target)
    line = cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(line, np.uint8)


def read_cuts(lines: Sequence[Pixels]) -> list[tuple[str, float]]:
    """The text of each line and its score. A vertical line is read in both directions, and the higher score counts."""
    upright = [np.rot90(line) if stands(line) else line for line in lines]
    turned = [number for number, line in enumerate(lines) if stands(line)]
    told = recognise([*upright, *(np.rot90(lines[number], -1) for number in turned)])
    for number, other in zip(turned, told[len(lines) :], strict=True):
        told[number] = max(told[number], other, key=lambda each: each[1])
    return told[: len(lines)]


def stands(line: Pixels) -> bool:
    """Whether the line is vertical."""
    return line.shape[0] >= 1.5 * line.shape[1]


def recognise(lines: Sequence[Pixels]) -> list[tuple[str, float]]:
    """The text of each line and its score, 0 to 1. Lines of similar length are read together."""
    widths = [_width(line) for line in lines]
    told: list[tuple[str, float]] = [("", 0.0)] * len(lines)
    for numbers in _batches(widths):
        widest = max(widths[number] for number in numbers)
        batch = np.zeros((len(numbers), 3, HEIGHT, widest), np.float32)
        for place, number in enumerate(numbers):
            line = np.ascontiguousarray(lines[number])
            batch[place, :, :, : widths[number]] = _scaled(cv2.resize(line, (widths[number], HEIGHT)))
        model = inference.session(READER, keep_memory=False)
        for number, chances in zip(numbers, model.run(None, {"x": batch})[0], strict=True):
            told[number] = decode(chances, characters())
    return told


def _width(line: Pixels) -> int:
    return int(np.clip(round(HEIGHT * line.shape[1] / line.shape[0]), 16, HEIGHT * LONGEST))


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Which lines are read together: neighbours by width, as many as fit in STEPS_AT_ONCE."""
    batch: list[int] = []
    for number in sorted(range(len(widths)), key=widths.__getitem__):
        if batch and (len(batch) + 1) * widths[number] > STEPS_AT_ONCE:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def decode(chances: NDArray[np.float32], letters: Sequence[str]) -> tuple[str, float]:
    """The most likely text: the best character of each step (steps × characters), without repeats and blanks (0)."""
    best = chances.argmax(axis=1)
    kept = (best != 0) & (best != np.concatenate([[0], best[:-1]]))
    sure = chances[np.arange(len(best)), best][kept]
    text = "".join(letters[place] for place in best[kept]).strip()
    return text, round(float(sure.mean()), 4) if len(sure) else 0.0


@cache
def characters() -> tuple[str, ...]:
    """The reader's characters: the blank, its alphabet, and the space."""
    listed = inference.session(READER, keep_memory=False).get_modelmeta().custom_metadata_map["character"]
    return ("", *listed.split("\n"), " ")


def _scaled(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Pixels as both models expect them: 3 × height × width, -1 to 1."""
    return pixels.transpose(2, 0, 1).astype(np.float32) / np.float32(127.5) - np.float32(1)
