"""Which words of vocabulary.txt can be trusted, and above which score: writes vision/words/vocabulary.npz and .csv.

    python benchmarks/words_vocabulary.py DIR [DIR ...] --unseen DIR [DIR ...] [--vectors DIR] [--without PREFIX]

The folders are those of words_train.py. Pictures that the maps learnt from are placed by maps that never saw them, in
folds; those of --unseen, which nothing learnt from, by the maps that are shipped. A picture shows a word if one of its
captions or its name says it, or the dictionary says that what it is named for is of that kind. Whatever else is found
counts as wrong, so that precision is rather higher than said. Of one half of the pictures a threshold is chosen, on the
other it is measured, and the other way round: a word is kept if both together reach PRECISION.
"""

import argparse
import csv
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import words_calibrate, words_data, words_train
from vision.words import maps, query, things, vocabulary
from vision.words.library import Library

Vectors = NDArray[np.float32]
Flags = NDArray[np.bool_]
LIST = Path(__file__).with_name("vocabulary.txt")
PRECISION = 0.75
FEWEST = 5  # pictures that a threshold finds
MANY = 3  # captions of a picture, below which what they do not say may be there


@dataclass(frozen=True)
class Entry:
    """A word or phrase, what it is about, and what says the same."""

    said: str
    about: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Trusted:
    """An entry, the score from which a picture counts as showing it, and how it fared."""

    entry: Entry
    threshold: float
    precision: float
    found: int
    shown: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--unseen", type=Path, nargs="+", default=[], metavar="DIR")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--without", default="")
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    words_data.set_up()
    encoder = words_data.TextCache(options.vectors)
    learnt, unseen = (
        [shown for folder in folders for shown in words_data.read(folder, options.vectors)]
        for folders in (options.dirs, options.unseen)
    )
    entries = read_list()
    said = [query.read(entry.said, encoder=encoder) for entry in entries]
    scores, pictures = [], []
    for known, some in placed(learnt, unseen, options.without, encoder, options.seed):
        asked = [query.read(entry.said, known, encoder) for entry in entries]
        clear = [one for one in some if one.names or len(one.captions) >= MANY]
        scores.append(vocabulary.scores(Library.of(np.stack([one.vector for one in clear]), known), asked))
        pictures += clear
    encoder.save()
    kept = [*trusted(entries, np.concatenate(scores), pictures, options.seed)]
    write(kept, dict(zip([entry.said for entry in entries], said, strict=True)))
    found = sum(one.found for one in kept)
    print(f"{len(pictures)} pictures; {len(kept)} of {len(entries)} words are kept")
    print(f"together {sum(one.precision * one.found for one in kept) / found:.3f} of {found} finds are right")


def read_list(path: Path = LIST) -> list[Entry]:
    """The entries of the list, each word once."""
    entries: dict[str, Entry] = {}
    about = ""
    for line in path.read_text().splitlines():
        if line.startswith("["):
            about = line.strip("[]")
        elif line and not line.startswith("#"):
            said, _, others = line.partition("=")
            forms = (said.strip(), *(form.strip() for form in others.split(",") if form.strip()))
            entries.setdefault(forms[0], Entry(forms[0], about, forms))
    return list(entries.values())


def placed(
    learnt: Sequence[words_data.Shown],
    unseen: Sequence[words_data.Shown],
    without: str,
    encoder: query.Encoder,
    seed: int,
) -> Iterator[tuple[maps.Maps, list[words_data.Shown]]]:
    """Pictures with maps that did not see them."""
    if without:
        unseen = [*unseen, *(shown for shown in learnt if shown.file.startswith(without))]
        learnt = [shown for shown in learnt if not shown.file.startswith(without)]
    fold_of = np.random.default_rng(seed).permutation(len(learnt)) % words_calibrate.FOLDS
    for fold in range(words_calibrate.FOLDS):
        rest = [shown for shown, at in zip(learnt, fold_of, strict=True) if at != fold]
        known = words_train.learn(rest, encoder, seed)
        yield known, [shown for shown, at in zip(learnt, fold_of, strict=True) if at == fold]
    if unseen:
        yield maps.shipped(), list(unseen)


def trusted(
    entries: Sequence[Entry], scores: Vectors, pictures: Sequence[words_data.Shown], seed: int
) -> Iterator[Trusted]:
    """The entries that are right often enough on pictures that their thresholds were not chosen by."""
    texts = [told_of(shown) for shown in pictures]
    half = np.random.default_rng(seed).permutation(len(pictures)) % 2 == 0
    for at, entry in enumerate(entries):
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, entry.forms))})(?:s|es)?\b")
        shows = np.array([bool(pattern.search(text)) for text in texts])
        own = scores[:, at]
        right = found = 0
        for chosen, other in ((half, ~half), (~half, half)):
            threshold = lowest(own[chosen], shows[chosen])
            right += int((shows[other] & (own[other] >= threshold)).sum())
            found += int((own[other] >= threshold).sum())
        threshold = lowest(own, shows)
        if found >= FEWEST and right / found >= PRECISION and np.isfinite(threshold):
            yield Trusted(entry, threshold, right / found, found, int(shows.sum()))


def told_of(shown: words_data.Shown) -> str:
    """Everything that is said of a picture, and what kind of things it is named for."""
    kinds = [kind for name in shown.names for thing in things.shipped().called(name)[:1] for kind in thing.kinds]
    return " . ".join((*shown.captions, *shown.names, *kinds)).lower().replace("_", " ")


def lowest(scores: Vectors, shows: Flags) -> float:
    """The lowest score from which on enough of what is found is right; infinite where there is none."""
    order = np.argsort(-scores)
    found = np.arange(1, len(order) + 1)
    enough = (np.cumsum(shows[order]) + 1) / (found + 2) >= PRECISION
    usable = np.flatnonzero(enough & (found >= FEWEST))
    return float(scores[order[usable[-1]]]) if len(usable) else np.inf


def write(kept: Sequence[Trusted], asked: dict[str, query.Query]) -> None:
    """The file that Mirage reads, and the table that people read."""
    with vocabulary.FILE.open("wb") as file:
        np.savez(
            file,
            allow_pickle=False,
            words=np.frombuffer("\n".join(one.entry.said for one in kept).encode(), np.uint8),
            about=np.array([vocabulary.ABOUT.index(one.entry.about) for one in kept], np.uint8),
            vectors=np.stack([asked[one.entry.said].vector for one in kept]).astype(np.float16),
            names=np.array([asked[one.entry.said].names for one in kept], np.float32),
            thresholds=np.array([one.threshold for one in kept], np.float32),
        )
    with vocabulary.FILE.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["word", "about", "threshold", "precision", "found", "shown"])
        for one in kept:
            rows.writerow(
                [one.entry.said, one.entry.about, f"{one.threshold:.2f}", f"{one.precision:.2f}", one.found, one.shown]
            )


if __name__ == "__main__":
    main()
