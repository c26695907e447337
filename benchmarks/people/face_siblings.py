"""Siblings, imitated: people whose mean vectors were moved until they have a given cosine, for benchmarks/faces.py."""

from contextlib import nullcontext
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from benchmarks.people.face_rules import Labels, bcubed

FEWEST = 8  # pictures of each of two siblings
COSINES = (0.45, 0.50, 0.55, 0.60, 0.65)
DRAWS = 6
Rows = NDArray[np.float32]


def imitate_siblings(faces: list[Any], other_faces: list[Any]) -> None:
    """How many pairs are joined, without and with a look at camps, and what the people as they are lose by it.

    `other_faces` are those that nobody labelled.
    """
    from people.detection import vectors
    from people.grouping import camps
    from vision.faces import calibration

    everyone = [*faces, *other_faces]
    raw = vectors.from_bytes([bytes(face.vector) for face in everyone])
    fitted = calibration.of(everyone[0].model, raw)
    rows, truth = fitted.centred(raw), np.array([face.identity for face in faces])
    told: dict[str, Any] = {
        "without": lambda: mock.patch.multiple(camps, are_apart=lambda *_: False, divided=lambda *_: None),
        "with": nullcontext,
    }
    for name, patch in told.items():
        with patch():
            print("{:8} as they are: precision {:.4f} recall {:.4f}".format(
                name, *bcubed(truth, grouped(rows, everyone, fitted)[0][: len(truth)])
            ))  # fmt: skip
    names, counts = np.unique(truth, return_counts=True)
    many = names[counts >= FEWEST]
    print(
        f"{len(many)} people with {FEWEST} or more, paired {DRAWS} times\ncosine   pairs   joined: wrong pairs, asked"
    )
    for cosine in COSINES:
        for name, patch in told.items():
            with patch():
                tally = np.sum([draw(rows, everyone, truth, many, cosine, seed) for seed in range(DRAWS)], axis=0)
            print(f"{cosine:.2f} {name:8} {tally[0]:5} {tally[1]:5} {tally[2]:6} {tally[3]:5}")


def draw(rows: Rows, faces: list[Any], truth: Labels, many: Labels, cosine: float, seed: int) -> list[int]:
    """Pairs, pairs with faces together, such pairs of faces, and pairs that are asked about."""
    from vision.faces import calibration

    order = np.random.default_rng(seed).permutation(many)
    pairs = list(zip(order[0::2], order[1::2], strict=False))
    moved = rows.copy()
    for one, other in pairs:
        theirs = np.flatnonzero(truth == other)
        moved[theirs] = moved_towards(rows[np.flatnonzero(truth == one)], rows[theirs], cosine)
    found, asked = grouped(moved, faces, calibration.measured("SFace"))
    labelled = found[: len(truth)]
    wrong = [int((labelled[truth == one][:, None] == labelled[truth == other]).sum()) for one, other in pairs]
    mostly = [{mode(labelled[truth == one]), mode(labelled[truth == other])} for one, other in pairs]
    return [len(pairs), sum(count > 0 for count in wrong), sum(wrong), sum(pair in asked for pair in mostly)]


def mode(labels: Labels) -> int:
    values, counts = np.unique(labels, return_counts=True)
    return int(values[counts.argmax()])


def moved_towards(own: Rows, other: Rows, cosine: float) -> Rows:
    """The other's pictures, each moved the same way, until the two means have this cosine."""
    goal, low, high = unit(own.mean(axis=0)), -3.0, 3.0
    for _ in range(40):
        middle = (low + high) / 2
        if float(unit(unit(other + middle * goal).mean(axis=0)) @ goal) < cosine:
            low = middle
        else:
            high = middle
    return unit(other + low * goal)


def unit(rows: Rows) -> Rows:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def grouped(rows: Rows, faces: list[Any], fitted: Any) -> tuple[Labels, list[set[int]]]:
    """The group of each face, and the pairs of groups that are asked about."""
    from people.grouping import clusters
    from people.grouping.neighbours import edges
    from people.grouping.units import FOUNDING_QUALITY, Library

    count = len(rows)
    library = Library(
        vectors=rows,
        sound=np.array([face.quality for face in faces]) >= FOUNDING_QUALITY,
        photo=np.array([face.photo_id for face in faces]),
        day=np.zeros(count, np.int64),
        person=np.full(count, -1, np.int64),
        decided=np.zeros(0, bool),
        born=np.zeros(0, np.int64),
    )
    found = clusters.group(library, edges(rows, np.arange(count), fitted.near), fitted)
    asked = [{first, second} for first, second, _ in found.people]
    return np.where(found.person < 0, -np.arange(1, count + 1), found.person), asked
