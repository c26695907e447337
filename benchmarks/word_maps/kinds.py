"""Learns the kinds of pictures and writes vision/kinds.npz.

    python benchmarks/word_maps/kinds.py DIR --others DIR [DIR ...] [--vectors DIR] [--unseen DIR] [--unseen-others DIR]

DIR has a folder of pictures for each of vision.kinds.NAMES; a receipt counts as a document too. --others are folders of
pictures that are of none (with a texts.csv or captions.csv). What stands before the first `_` of a file's name is its
source: a source is either learnt from or measured on, in folds. The threshold of a kind is the log odds that only
SPARED of the other pictures reach, placed by models that never saw them. --unseen and --unseen-others are measured on
only.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.word_maps import data
from vision import kinds

Vectors = NDArray[np.float32]
FOLDS = 5
SPARED = 0.001  # share of the pictures of other kinds that may count as of a kind
STRENGTH = 30.0  # inverse of the regularisation: embeddings are of length one
ALSO = {"receipt": "document"}  # what a picture of the first kind counts as too
AMBIGUOUS = {"web site", "website", "menu", "comic book", "book jacket", "crossword puzzle"}  # names left out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path, metavar="DIR")
    parser.add_argument("--others", type=Path, nargs="+", required=True, metavar="DIR")
    parser.add_argument("--unseen", type=Path)
    parser.add_argument("--unseen-others", type=Path, nargs="*", default=[], metavar="DIR")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--out", type=Path, default=kinds.FILE)
    options = parser.parse_args()
    data.set_up()
    vectors, sources, of_kind = read(options.dir, options.others, options.vectors)
    weights, thresholds = [], []
    for name in kinds.NAMES:
        shown = np.isin(of_kind, [name, *(one for one, other in ALSO.items() if other == name)])
        odds = held_out(vectors, shown, sources)
        threshold = float(np.quantile(odds[~shown], 1 - SPARED, method="higher"))
        report(name, odds >= threshold, shown)
        weights.append(fit(vectors, shown))
        thresholds.append(threshold)
    np.savez(
        options.out, weights=np.stack(weights).astype(np.float16), thresholds=np.array(thresholds, np.float32)
    )  # allow_pickle does not matter: both are numbers
    if options.unseen:
        report_unseen(options)


def read(folder: Path, others: list[Path], cache: Path | None) -> tuple[Vectors, NDArray[np.str_], NDArray[np.str_]]:
    """The embeddings of all pictures, the source of each, and its kind, empty for none."""
    rows, sources, of_kind = [], [], []
    for name in kinds.NAMES:
        if (folder / name).is_dir():
            files = sorted(path.name for path in (folder / name).iterdir())
            rows.append(data.vectors_of(folder / name, files, cache))
            sources += [f"{name}/{file.split('_')[0]}" if name == "screenshot" else file for file in files]
            of_kind += [name] * len(files)
    for other in others:
        shown = [one for one in data.read(other, cache) if not AMBIGUOUS & {name.lower() for name in one.names}]
        rows.append(np.stack([one.vector for one in shown]))
        sources += [one.file for one in shown]
        of_kind += [""] * len(shown)
    return np.concatenate(rows), np.array(sources), np.array(of_kind)


def fit(vectors: Vectors, shown: NDArray[np.bool_]) -> Vectors:
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=3000).fit(vectors, shown)
    return np.concatenate([model.coef_[0], model.intercept_]).astype(np.float32)


def held_out(vectors: Vectors, shown: NDArray[np.bool_], sources: NDArray[np.str_]) -> Vectors:
    """The log odds of each picture by a model that saw nothing of its source."""
    names, source = np.unique(sources, return_inverse=True)
    fold = (np.random.default_rng(17).permutation(len(names)) % FOLDS)[source]
    odds = np.empty(len(vectors), np.float32)
    for at in range(FOLDS):
        weights = fit(vectors[fold != at], shown[fold != at])
        odds[fold == at] = vectors[fold == at] @ weights[:-1] + weights[-1]
    return odds


def report(name: str, found: NDArray[np.bool_], shown: NDArray[np.bool_]) -> None:
    right = np.count_nonzero(found & shown)
    print(
        f"  {name}: {right} of {shown.sum()} found ({right / max(shown.sum(), 1):.2f}), "
        f"{np.count_nonzero(found & ~shown)} of {np.count_nonzero(~shown)} others"
    )


def report_unseen(options: argparse.Namespace) -> None:
    """How many pictures that nothing learnt from are found, of each kind in turn."""
    print(f"{options.unseen}, which nothing learnt from:")
    vectors, _, of_kind = read(options.unseen, options.unseen_others, options.vectors)
    found = kinds.Models.read(options.out).likely(vectors)
    for name in kinds.NAMES:
        shown = np.isin(of_kind, [name, *(one for one, other in ALSO.items() if other == name)])
        report(name, found & kinds.bit(name) > 0, shown)


if __name__ == "__main__":
    main()
