"""Whether an animal that the object model named fits the picture as a whole.

YOLO11n calls dogs bears and bushes giraffes; a picture of a bear looks like the word, by the maps that find pictures
by words. Figures: docs/measured/objects-text-tags.md.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vision.coco import LABELS
from vision.words import maps, query

Vectors = NDArray[np.float32]
ANIMALS = frozenset(("bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"))
# Log odds that captions name the animal: a logistic model of 289 finds (benchmarks/animals.py --fit). Other things say
# little about the whole picture: half of what a rule like this refused was there.
SCORE, LIKENESS, CONSTANT = 4.61, 1.42, -5.44
CHANCE = 0.5  # below it the animal is not counted


def likeness(embeddings: Vectors) -> Vectors:
    """How much each picture looks like each of COCO's names: pictures × names, in standard deviations over the names.

    `embeddings`: rows of DINOv2's vectors. Raises inference.MissingWeights.
    """
    scores = maps.shipped().pictures(embeddings) @ _names().T
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / scores.std(axis=1, keepdims=True), np.float32)


@cache
def _names() -> Vectors:
    return np.stack([query.read(label).vector for label in LABELS])


def chance(score: float, alike: float) -> float:
    """The chance that an animal with this score of the object model is in a picture with this likeness to its name."""
    return float(1 / (1 + np.exp(-(SCORE * score + LIKENESS * alike + CONSTANT))))


def doubtful(found: Sequence[tuple[str, float]], embedding: Vectors) -> list[bool]:
    """Of each name and score found in one picture, whether it is an animal that the picture hardly shows."""
    if not any(label in ANIMALS for label, _ in found):
        return [False] * len(found)
    alike = likeness(embedding[None])[0]
    return [label in ANIMALS and chance(score, float(alike[LABELS.index(label)])) < CHANCE for label, score in found]
