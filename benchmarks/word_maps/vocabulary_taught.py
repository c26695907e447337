"""The vocabulary after more.py: known words find as many as before, and words that labels speak for are added.

    python benchmarks/word_maps/vocabulary_taught.py DIR [DIR ...] --start FILE [--vectors DIR] [--seed N]

The folders and --start are those of more.py. Each picture is placed by maps that did not learn from it, in folds.

For a word that the vocabulary has, the threshold becomes the score above which the new maps find as many pictures as
the old ones found, or fewer where captions say that fewer would be right. A word of vocabulary_words.txt is added if,
of one half of the pictures, a threshold finds FEWEST or more of which CHOSEN are right, and if it then holds on the
other half: FEWEST or more, PRECISION right. What is right, captions say: they leave out some that is there.
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

# Good enough by captions, but: there under another word, nothing that a machine should say of people, wrong elsewhere.
LEFT_OUT = frozenset(
    {
        *("mountain", "ocean", "waves", "swimmer", "man", "woman", "boy", "girl", "road"),
        *("fountain", "motocross", "playing in the snow", "night", "old car"),
    }
)
SLACK = 0.02  # less right than before is still as good


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
    asked, wished = (
        asked_for(vocabulary.FILE.with_suffix(".csv")),
        {word: about for word, about in read_words().items() if word not in LEFT_OUT},
    )
    folds = np.random.default_rng(options.seed).permutation(len(pictures)) % calibrate.FOLDS
    before, after = (np.empty((len(pictures), words), np.float32) for words in (len(asked), len(asked) + len(wished)))
    for fold in range(calibrate.FOLDS):
        own = folds == fold
        learnt = more.go_on(begun, of(pictures, ~own), encoder, options.seed)
        vectors = np.stack([shown.vector for shown in of(pictures, own)])
        before[own] = vocabulary.scores(Library.of(vectors, begun), known.queries)  # as the file asks with those maps
        after[own] = scores(learnt, vectors, [*asked.values(), *wished], encoder)
    texts, rows = [text_of(shown) for shown in pictures], []
    for at, (word, about) in enumerate(zip(known.words, known.about, strict=True)):
        right = np.array([is_said(word, text) for text in texts])
        found = before[:, at] >= known.thresholds[at]
        threshold = as_good(after[:, at], right, found, float(known.thresholds[at]))
        report(word, right[found], right[after[:, at] >= threshold])
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


def as_good(scores: Vectors, right: NDArray[np.bool_], found: NDArray[np.bool_], before: float) -> float:
    """The score above which as many are found as were found, or fewer where captions say that fewer would be right.

    Of a few finds the last one says little: the threshold is not lowered for them.
    """
    count = int(found.sum())
    if count < FEWEST:
        return max(before, float(np.sort(scores)[-count])) if count else before
    order = np.argsort(-scores, kind="stable")[:count]
    shares = np.cumsum(right[order]) / np.arange(1, count + 1)
    good = np.flatnonzero(shares >= right[found].mean() - SLACK)
    return float(scores[order[good[-1] if len(good) else 0]])


def report(word: str, old: NDArray[np.bool_], new: NDArray[np.bool_]) -> None:
    if len(old) and len(new):
        print(f"{word}: before {len(old)} found, {old.mean():.2f} right by captions; now {len(new)}, {new.mean():.2f}")


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
