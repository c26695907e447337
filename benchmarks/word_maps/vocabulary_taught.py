"""The vocabulary after more.py: known words find as many as before, and words that labels speak for are added.

    python benchmarks/word_maps/vocabulary_taught.py DIR [DIR ...] --start FILE [--vectors DIR] [--seed N]

The folders and --start are those of more.py. Each picture is placed by maps that did not learn from it, in folds. For a
word that the vocabulary has, the threshold becomes the score above which the new maps find as many pictures as the old
ones found. A word of vocabulary_words.txt is added if, of one half of the pictures, a threshold finds FEWEST or more of
which CHOSEN are right, and if it then holds on the other half: FEWEST or more, PRECISION right. What is right, captions
say: they leave out some that is there.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.word_maps import calibrate, data, more
from benchmarks.word_maps.vocabulary import FEWEST, PRECISION, Row, store
from benchmarks.word_maps.vocabulary_labelled import is_said, read_words, text_of
from vision.words import maps, query, vocabulary
from vision.words.library import Library

Vectors = NDArray[np.float32]
CHOSEN = 0.87  # more than PRECISION, as a threshold suits the pictures that it was chosen by


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    data.set_up()
    encoder, begun, known = data.TextCache(options.vectors), maps.Maps.read(options.start), vocabulary.shipped()
    pictures = [shown for folder in options.dirs for shown in data.read(folder, options.vectors)]
    asked, wished = asked_for(vocabulary.FILE.with_suffix(".csv")), read_words()
    folds = np.random.default_rng(options.seed).permutation(len(pictures)) % calibrate.FOLDS
    before, after = (np.empty((len(pictures), words), np.float32) for words in (len(asked), len(asked) + len(wished)))
    for fold in range(calibrate.FOLDS):
        own = folds == fold
        learnt = more.go_on(begun, of(pictures, ~own), encoder, options.seed)
        vectors = np.stack([shown.vector for shown in of(pictures, own)])
        before[own] = scores(begun, vectors, list(asked.values()), encoder)
        after[own] = scores(learnt, vectors, [*asked.values(), *wished], encoder)
    texts, rows = [text_of(shown) for shown in pictures], []
    for at, (word, about) in enumerate(zip(known.words, known.about, strict=True)):
        count = int((before[:, at] >= known.thresholds[at]).sum())
        threshold = float(np.sort(after[:, at])[-count]) if count >= FEWEST else float(known.thresholds[at])
        right = np.array([is_said(word, text) for text in texts])
        report(word, count, right[before[:, at] >= known.thresholds[at]], right[after[:, at] >= threshold])
        rows.append(Row(word, about, asked[word], threshold, 0.0, 0))
    added = []
    for at, (word, about) in enumerate(wished.items(), len(asked)):
        right = np.array([is_said(word, text) for text in texts])
        if found := holds(after[:, at], right, folds % 2 == 0):
            threshold, precision, count = found
            print(f"added {word}: {precision:.2f} of {count} above {threshold:.2f}")
            added.append(Row(word, about, word, threshold, precision, count))
    save(rows, added, encoder)
    encoder.save()


def of(pictures: Sequence[data.Shown], places: NDArray[np.bool_]) -> list[data.Shown]:
    return [pictures[place] for place in np.flatnonzero(places).tolist()]


def asked_for(table: Path) -> dict[str, str]:
    """What the model is asked for each word."""
    with table.open(newline="", encoding="utf-8") as rows:
        return {row["word"]: row["asked"] for row in csv.DictReader(rows)}


def scores(known: maps.Maps, vectors: Vectors, asked: Sequence[str], encoder: query.Encoder) -> Vectors:
    return vocabulary.scores(Library.of(vectors, known), [query.read(said, known, encoder) for said in asked])


def report(word: str, count: int, old: NDArray[np.bool_], new: NDArray[np.bool_]) -> None:
    if count:
        print(f"{word}: {count} found; by captions right before {old.mean():.2f}, now {new.mean():.2f}")


def holds(found: Vectors, right: NDArray[np.bool_], chosen_by: NDArray[np.bool_]) -> tuple[float, float, int] | None:
    """A threshold chosen by some pictures, its precision and finds on the others; None if it does not hold there."""
    order = np.flatnonzero(chosen_by)[np.argsort(-found[chosen_by], kind="stable")]
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = [at for at, share in enumerate(shares) if share >= CHOSEN and right[order[at]]]
    if not good or good[-1] + 1 < FEWEST:
        return None
    threshold = float(found[order[good[-1]]])
    others = right[~chosen_by & (found >= threshold)]
    if len(others) < FEWEST or others.mean() < PRECISION:
        return None
    return threshold, float(others.mean()), len(others)


def save(rows: Sequence[Row], added: Sequence[Row], encoder: query.Encoder) -> None:
    """Both files: known words with their new thresholds and what was measured of them before, and the added ones."""
    table = vocabulary.FILE.with_suffix(".csv")
    with table.open(newline="", encoding="utf-8") as file:
        measured = {row["word"]: (float(row["precision"]), int(row["down to rank"])) for row in csv.DictReader(file)}
    rows = [row._replace(precision=measured[row.word][0], rank=measured[row.word][1]) for row in rows]
    kept = [*rows, *added]
    store(kept, [query.read(row.asked, encoder=encoder) for row in kept], without=None)


if __name__ == "__main__":
    main()
