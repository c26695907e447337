"""Which words can be trusted, and above which score: writes vision/words/vocabulary.npz and vocabulary.csv.

    python benchmarks/word_maps/vocabulary.py DIR [DIR ...] --unseen DIR [DIR ...] [--vectors DIR] [--without PREFIX]
        [--sheets DIR] [--judged FILE --add]

The folders are those of words_train.py. Pictures that the maps learnt from are placed by maps that never saw them, in
folds; those of --unseen, which nothing learnt from, by the maps that are shipped. For each word all of them are put in
order, and somebody looked at those at RANKS (--sheets draws them) and said which show it: vocabulary_judged.csv. A word
is kept down to the last rank at which the share of right pictures is PRECISION, each standing for those before it.

--judged is another table of that kind. With --add, its words go behind those that the files have: so
vocabulary_judged_more.csv, whose words were judged on `captioned` and `scenes` alone. Its column `again` says how many
of further pictures above the threshold, at ranks that had not been looked at, were right: below PRECISION, a word is
left out.
"""

import argparse
import csv
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import words_train
from benchmarks.word_maps import calibrate, data
from vision.words import maps, query, vocabulary
from vision.words.library import Library

Vectors = NDArray[np.float32]
JUDGED = Path(__file__).with_name("vocabulary_judged.csv")
RANKS = (1, 2, 4, 6, 9, 12, 16, 21, 29, 41, 61, 91)
PRECISION = 0.8
FEWEST = 6  # pictures that are found at least
TILE = (98, 82)  # pixels


@dataclass(frozen=True)
class Entry:
    """A word, what it is about, what the model is asked for it, and whether the pictures at RANKS show it."""

    word: str
    about: str
    asked: str
    judged: tuple[bool, ...]


@dataclass(frozen=True)
class Trusted:
    """An entry, down to which rank it can be trusted, the score there, and the share that is right."""

    entry: Entry
    rank: int
    threshold: float
    precision: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--unseen", type=Path, nargs="+", default=[], metavar="DIR")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--without", default="")
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--judged", type=Path, default=JUDGED)
    parser.add_argument("--add", action="store_true")
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    data.set_up()
    encoder, entries = data.TextCache(options.vectors), read_judged(options.judged)
    files: list[Path] = []
    scores: list[Vectors] = []
    for known, some in placed(options, encoder):
        asked = [query.read(entry.asked, known, encoder) for entry in entries]
        library = Library.of(np.stack([shown.vector for _, shown in some]), known)
        scores.append(vocabulary.scores(library, asked))
        files += [folder / shown.file for folder, shown in some]
    ranked = np.concatenate(scores)
    if options.sheets:
        for at, entry in enumerate(entries):
            draw(options.sheets / f"{entry.word}.png", [files[place] for place in np.argsort(-ranked[:, at])])
    kept = trusted(entries, ranked)
    write(kept, [query.read(one.entry.asked, encoder=encoder) for one in kept], options.add)
    encoder.save()
    found = sum(one.rank for one in kept)
    right = sum(one.rank * one.precision for one in kept)
    print(f"{len(files)} pictures; {len(kept)} of {len(entries)} words are kept; {right / found:.3f} of {found} right")


def read_judged(path: Path = JUDGED) -> list[Entry]:
    with path.open(newline="", encoding="utf-8") as rows:
        return [
            Entry(row["word"], row["about"], row["asked"], tuple(sign == "1" for sign in row["judged"]))
            for row in csv.DictReader(rows)
            if holds(row.get("again") or "1/1")
        ]


def holds(again: str) -> bool:
    """Whether a second look, "9/12", found enough of them right."""
    right, _, count = again.partition("/")
    return int(right) >= PRECISION * int(count)


Placed = list[tuple[Path, data.Shown]]


def placed(options: argparse.Namespace, encoder: query.Encoder) -> Iterator[tuple[maps.Maps, Placed]]:
    """Pictures with their folders, and maps that did not see them."""
    learnt, unseen = (
        [(folder, shown) for folder in folders for shown in data.read(folder, options.vectors)]
        for folders in (options.dirs, options.unseen)
    )
    if options.without:
        unseen += [pair for pair in learnt if pair[1].file.startswith(options.without)]
        learnt = [pair for pair in learnt if not pair[1].file.startswith(options.without)]
    fold_of = np.random.default_rng(options.seed).permutation(len(learnt)) % calibrate.FOLDS
    for fold in range(calibrate.FOLDS):
        rest = [shown for (_, shown), at in zip(learnt, fold_of, strict=True) if at != fold]
        known = words_train.learn(rest, encoder, options.seed)
        yield known, [pair for pair, at in zip(learnt, fold_of, strict=True) if at == fold]
    if unseen:
        yield maps.shipped(), unseen


def trusted(entries: Sequence[Entry], scores: Vectors) -> list[Trusted]:
    """The entries that can be trusted for some ranks, each down to the last of them."""
    kept = []
    shares = np.diff(RANKS, prepend=0)
    for at, entry in enumerate(entries):
        precisions = np.cumsum(shares * np.array(entry.judged)) / np.array(RANKS)
        good = [place for place, share in enumerate(precisions) if share >= PRECISION and entry.judged[place]]
        if good and RANKS[good[-1]] >= FEWEST:
            rank = RANKS[good[-1]]
            threshold = float(np.sort(scores[:, at])[-rank])
            kept.append(Trusted(entry, rank, threshold, float(precisions[good[-1]])))
    return kept


def draw(path: Path, order: Sequence[Path]) -> None:
    """The pictures at RANKS in a row."""
    sheet = Image.new("RGB", (len(RANKS) * TILE[0], TILE[1]), "white")
    for at, rank in enumerate(RANKS):
        image = data.opened(order[rank - 1])
        image.thumbnail(TILE)
        sheet.paste(image, (at * TILE[0], 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def write(kept: Sequence[Trusted], asked: Sequence[query.Query], add: bool = False) -> None:
    """The file that Mirage reads, and the table that people read; in place of what was there, or behind it."""
    rows = [
        Row(one.entry.word, one.entry.about, one.entry.asked, one.threshold, one.precision, one.rank) for one in kept
    ]
    store(rows, asked, without={row.word for row in rows} if add else None)


class Row(NamedTuple):
    """A line of the table."""

    word: str
    about: str
    asked: str
    threshold: float
    precision: float
    rank: int


def store(rows: Sequence[Row], asked: Sequence[query.Query], without: Collection[str] | None) -> None:
    """Write both files: these words, behind those that are there but for some; `without` None keeps none of them."""
    known, table = vocabulary.shipped(), vocabulary.FILE.with_suffix(".csv")
    with table.open(newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    stay = [at for at, word in enumerate(known.words) if without is not None and word not in without]
    queries = [*(known.queries[at] for at in stay), *asked]
    abouts = [*(known.about[at] for at in stay), *(row.about for row in rows)]
    with vocabulary.FILE.open("wb") as file:
        np.savez(
            file,
            allow_pickle=False,
            words=np.frombuffer(
                "\n".join([*(known.words[at] for at in stay), *(row.word for row in rows)]).encode(), np.uint8
            ),
            about=np.array([vocabulary.ABOUT.index(about) for about in abouts], np.uint8),
            vectors=np.stack([one.vector for one in queries]).astype(np.float16),
            names=np.array([one.names for one in queries], np.float32),
            thresholds=np.array([*known.thresholds[stay], *(row.threshold for row in rows)], np.float32),
        )
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *(lines[at] for at in stay)])
        for row in rows:
            writer.writerow([*row[:3], f"{row.threshold:.2f}", f"{row.precision:.2f}", row.rank])


if __name__ == "__main__":
    main()
