"""How often an animal that the object model names is named by captions too, without and with a look at the picture.

    python benchmarks/animals.py DIR… [--vectors DIR] [--fit]

Each DIR holds pictures and texts.csv or captions.csv, as for benchmarks/words.py. --fit prints the weights of
vision/words/plausibility.py, learnt anew. Weights come from MIRAGE_MODELS.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.word_maps import data
from photos.gallery import labels
from vision import objects
from vision.coco import LABELS
from vision.words.plausibility import ANIMALS, CHANCE, chance, likeness

AT_ONCE = 32
FOLDS = 10


@dataclass(frozen=True)
class Find:
    """The highest score of an animal in a picture."""

    picture: str
    label: str
    score: float
    alike: float
    is_said: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    data.set_up()
    finds: list[Find] = []
    for folder in options.dirs:
        some = finds_in(folder, options.vectors)
        report(str(folder), some)
        finds += some
    if options.fit:
        fit(finds)


def finds_in(folder: Path, cache: Path | None) -> list[Find]:
    shown = [each for each in data.read(folder, cache) if each.captions]
    alike = likeness(np.stack([each.vector for each in shown]))
    finds = []
    for first in range(0, len(shown), AT_ONCE):
        some = shown[first : first + AT_ONCE]
        detected = objects.detect([data.opened(folder / each.file) for each in some])
        for place, (each, things) in enumerate(zip(some, detected, strict=True), first):
            said = said_of(each)
            best = {thing.label: thing.score for thing in reversed(things) if thing.label in ANIMALS}
            finds += [
                Find(each.file, label, score, float(alike[place, LABELS.index(label)]), label in said)
                for label, score in best.items()
            ]
    return finds


def said_of(shown: data.Shown) -> set[str]:
    """The labels that the captions of a picture name."""
    words = re.findall(r"[a-z]+", " ".join(shown.captions).lower())
    said = {*words, *(" ".join(pair) for pair in pairwise(words))}
    return {label for word in said for label in labels.meant(word)}


def report(title: str, finds: Sequence[Find]) -> None:
    for when, some in (
        ("all", list(finds)),
        ("that the picture supports", [find for find in finds if chance(find.score, find.alike) >= CHANCE]),
    ):
        right = sum(find.is_said for find in some)
        print(f"{title}: animals {when}: {len(some)}, of which captions name {right} ({right / max(len(some), 1):.3f})")


def fit(finds: Sequence[Find]) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    known = np.array([[find.score, find.alike] for find in finds])
    right = np.array([find.is_said for find in finds])
    model = LogisticRegression(C=1e6)
    told = cross_val_predict(model, known, right, cv=FOLDS, method="predict_proba")[:, 1] >= CHANCE
    print(f"in {FOLDS} folds: {(told & right).sum()} of {right.sum()} right ones kept, {(told & ~right).sum()} of "
          f"{(~right).sum()} wrong ones")  # fmt: skip
    model.fit(known, right)
    print("score, likeness, constant:", *np.round([*model.coef_[0], model.intercept_[0]], 2))


if __name__ == "__main__":
    main()
