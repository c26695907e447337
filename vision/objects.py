"""Objects in pictures: what they are, by COCO's eighty names, and where.

The model is YOLO11n (Jocher et al., Ultralytics, 2024). It sees the picture scaled to SIDE pixels; overlapping
detections of one name are one object (non-maximum suppression for each name).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vision import inference
from vision.coco import LABELS

MODEL = "yolo11n"  # in models.toml
SIDE = 640  # pixels, long side of the model's input
AT_ONCE = 4
STRIDE = 32
OVERLAP = 0.5  # intersection over union above which two detections of one name are one object
MOST = 60  # objects in one picture
_GREY = 114  # grey around the picture, as in the model's training

# Detection thresholds, judged by eye for every name: names in _CLEAR are right at low scores already, names in
# _CONFUSED are often given to other things of that shape (docs/measured/objects-text-tags.md).
THRESHOLD, THRESHOLD_CLEAR, THRESHOLD_CONFUSED = 0.3, 0.2, 0.4
_CLEAR = frozenset(
    ("bed", "bird", "boat", "book", "cat", "cell phone", "couch", "dining table", "dog", "donut", "keyboard", "laptop",
     "microwave", "oven", "person", "pizza", "sandwich", "scissors", "sheep", "sink", "skateboard", "skis",
     "surfboard", "toothbrush")
)  # fmt: skip
_CONFUSED = frozenset(
    ("backpack", "baseball glove", "bench", "cow", "handbag", "mouse", "orange", "remote", "snowboard", "sports ball",
     "tie", "toilet", "traffic light")
)  # fmt: skip


def detection_threshold(label: str) -> float:
    """The detection threshold for this name."""
    return THRESHOLD_CLEAR if label in _CLEAR else THRESHOLD_CONFUSED if label in _CONFUSED else THRESHOLD


_THRESHOLDS = np.array([detection_threshold(label) for label in LABELS], np.float32)


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object in a picture; the box is in fractions: left, top, width, height."""

    label: str
    score: float
    box: tuple[float, float, float, float]


def detect(images: Sequence[Image.Image]) -> list[list[FoundObject]]:
    """The objects in each upright picture, highest score first. Raises inference.MissingWeights."""
    model = inference.session(MODEL)
    found: list[list[FoundObject]] = [[] for _ in images]
    for shape, numbers in _by_shape(images).items():
        for first in range(0, len(numbers), AT_ONCE):
            some = numbers[first : first + AT_ONCE]
            batch = np.stack([letterbox(images[number], shape) for number in some])
            for number, raw in zip(some, model.run(None, {"images": batch})[0], strict=True):
                found[number] = objects_in(raw, images[number].size, shape)
    return found


def _by_shape(images: Sequence[Image.Image]) -> dict[tuple[int, int], list[int]]:
    """Which pictures share a batch: those whose canvas has the same shape."""
    groups: dict[tuple[int, int], list[int]] = {}
    for number, image in enumerate(images):
        groups.setdefault(canvas(image.size), []).append(number)
    return groups


def canvas(size: tuple[int, int]) -> tuple[int, int]:
    """Height and width, multiples of STRIDE, that fit a picture of this width and height scaled to SIDE."""
    width, height = (-(-round(length * SIDE / max(size)) // STRIDE) * STRIDE for length in size)
    return max(height, STRIDE), max(width, STRIDE)


def letterbox(image: Image.Image, shape: tuple[int, int]) -> NDArray[np.float32]:
    """The picture in the middle of a grey canvas of this height and width: 3 × height × width, 0 to 1."""
    factor, left, top = _placed(image.size, shape)
    width, height = (max(round(length * factor), 1) for length in image.size)
    shrunk = np.asarray(image.convert("RGB").resize((width, height), Image.Resampling.BILINEAR))
    drawn = np.full((*shape, 3), _GREY, np.uint8)
    drawn[top : top + height, left : left + width] = shrunk
    return drawn.transpose(2, 0, 1).astype(np.float32) / np.float32(255)


def _placed(size: tuple[int, int], shape: tuple[int, int]) -> tuple[float, int, int]:
    """How a picture is placed on its canvas: factor, left, top."""
    factor = SIDE / max(size)
    width, height = (max(round(length * factor), 1) for length in size)
    return factor, (shape[1] - width) // 2, (shape[0] - height) // 2


def objects_in(raw: NDArray[np.float32], size: tuple[int, int], shape: tuple[int, int]) -> list[FoundObject]:
    """The objects in the model's output for one picture (4 + names × anchors).

    `size`: width and height of the picture; `shape`: height and width of its canvas.
    """
    scores = raw[4:]
    labels, anchors = np.nonzero(scores >= _THRESHOLDS[:, None])
    factor, left, top = _placed(size, shape)
    centres, sizes = raw[:2, anchors].T, raw[2:4, anchors].T
    whole = np.array(size, np.float32)
    corners = np.clip(np.concatenate([centres - sizes / 2, centres + sizes / 2], 1) - [left, top, left, top], 0, None)
    corners = np.clip(corners / factor / np.tile(whole, 2), 0, 1)
    boxes = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], 1)
    kept = []
    for label in np.unique(labels):
        own = np.flatnonzero((labels == label) & (boxes[:, 2:] > 0).all(axis=1))
        chosen = cv2.dnn.NMSBoxes(boxes[own].tolist(), scores[label, anchors[own]].tolist(), 0.0, OVERLAP)
        kept += [
            FoundObject(LABELS[label], round(float(scores[label, anchors[own[place]]]), 4), _box(boxes[own[place]]))
            for place in np.ravel(np.asarray(chosen, np.intp))
        ]
    return sorted(kept, key=lambda thing: -thing.score)[:MOST]


def _box(row: NDArray[np.float32]) -> tuple[float, float, float, float]:
    x, y, width, height = (round(float(value), 5) for value in row)
    return x, y, max(width, 1e-5), max(height, 1e-5)
