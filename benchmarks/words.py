"""How well words find pictures: sentences, single words, names of things, and what is not there.

    python benchmarks/words.py DIR [--absent FILE] [--maps FILE] [--vectors DIR]

DIR holds pictures and texts.csv: file,kind,text, where kind is `caption` or `name` (or captions.csv: file,caption).
Printed are the share of captions whose picture is among the first 1, 5 and 10, and of pictures with one of their
captions there; mean average precision of single words and of names; how often what is there, and what is not, is said
to be absent; milliseconds a query and memory. --absent is a file of queries that nothing in DIR shows, one a line;
without it, absent is each name whose pictures are left out. Weights come from MIRAGE_MODELS.
"""

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.word_maps import data
from benchmarks.words_train import words_in
from vision.words import maps, query
from vision.words.library import Library

Vectors = NDArray[np.float32]
AMONG = (1, 5, 10)
FEWEST, LARGEST = 5, 0.3  # pictures that a word must be said of, and the share that may


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--absent", type=Path)
    parser.add_argument("--maps", type=Path, default=maps.FILE)
    parser.add_argument("--vectors", type=Path)
    options = parser.parse_args()
    data.set_up()
    encoder = data.TextCache(options.vectors)
    pictures = data.read(options.dir, options.vectors)
    known = maps.Maps.read(options.maps)
    library = Library.of(np.stack([shown.vector for shown in pictures]), known)
    print(f"{options.dir}: {len(pictures)} pictures")
    if any(shown.captions for shown in pictures):
        report_captions(library, pictures, encoder)
        report_things("words", library, words_of(pictures), encoder)
    if any(shown.names for shown in pictures):
        report_things("names", library, names_of(pictures), encoder)
        report_left_out(pictures, known, encoder)
    if options.absent:
        absent = [line for line in options.absent.read_text().splitlines() if line]
        told = [is_absent(library, said, encoder) for said in absent]
        print(f"  of {len(absent)} queries for what is not there {np.mean(told):.1%} are said to be absent")
    report_speed(library, known)
    encoder.save()


def scores_of(library: Library, said: str, encoder: query.Encoder) -> Vectors:
    return library.scores(query.read(said, library.known, encoder))


def is_absent(library: Library, said: str, encoder: query.Encoder) -> bool:
    asked = query.read(said, library.known, encoder)
    return library.is_absent(asked, library.scores(asked))


def report_captions(library: Library, pictures: Sequence[data.Shown], encoder: query.Encoder) -> None:
    """The right picture for a caption, the right captions for a picture, and which are said to be absent."""
    captions = [(said, place) for place, shown in enumerate(pictures) for said in shown.captions]
    owners = np.array([place for _, place in captions])
    scores = np.stack([scores_of(library, said, encoder) for said, _ in captions])
    ranks = (scores > scores[np.arange(len(owners)), owners][:, None]).sum(axis=1)
    order = np.argsort(-scores, axis=0, kind="stable")
    first = np.array(
        [(owners[order[:, place]] == place).argmax() for place in range(len(pictures)) if (owners == place).any()]
    )
    for title, found in (("captions find their picture", ranks), ("pictures find a caption", first)):
        print(f"  {title}, among the first {AMONG}: " + " ".join(f"{np.mean(found < k):.3f}" for k in AMONG))
    told = [is_absent(library, said, encoder) for said, _ in captions]
    print(f"  of {len(captions)} captions {np.mean(told):.1%} are said to be absent")


def words_of(pictures: Sequence[data.Shown]) -> dict[str, NDArray[np.bool_]]:
    """Words that enough captions say, and which pictures they are said of by two captions or more."""
    said = [Counter(word for caption in shown.captions for word in set(words_in(caption))) for shown in pictures]
    counts = Counter(word for words in said for word, count in words.items() if count > 1)
    return {
        word: np.array([words[word] > 1 for words in said])
        for word, count in sorted(counts.items())
        if FEWEST <= count <= LARGEST * len(pictures)
    }


def names_of(pictures: Sequence[data.Shown]) -> dict[str, NDArray[np.bool_]]:
    names = sorted({name for shown in pictures for name in shown.names})
    return {name: np.array([name in shown.names for shown in pictures]) for name in names}


def report_things(title: str, library: Library, things: dict[str, NDArray[np.bool_]], encoder: query.Encoder) -> None:
    """Mean average precision, the first answer, and whether what is there is said to be absent."""
    scores = {said: scores_of(library, said, encoder) for said in things}
    precisions = {said: average_precision(scores[said], shown) for said, shown in things.items()}
    first = np.mean([things[said][scores[said].argmax()] for said in things])
    told = np.mean([is_absent(library, said, encoder) for said in things])
    print(
        f"  {len(things)} {title}: mean average precision {np.mean(list(precisions.values())):.3f}, "
        f"first right {first:.2f}, {told:.1%} said to be absent"
    )
    best = sorted(precisions, key=lambda said: -precisions[said])
    print("    " + ", ".join(f"{said} {precisions[said]:.2f}" for said in (*best[:8], *best[-8:])))


def average_precision(scores: Vectors, shown: NDArray[np.bool_]) -> float:
    ordered = shown[np.argsort(-scores, kind="stable")]
    return float((ordered * np.cumsum(ordered) / np.arange(1, len(ordered) + 1)).sum() / ordered.sum())


def report_left_out(pictures: Sequence[data.Shown], known: maps.Maps, encoder: query.Encoder) -> None:
    """Leave out every second name's pictures: those names are absent, the others are not."""
    names = list(names_of(pictures))
    told: dict[tuple[str, bool], bool] = {}
    for absent, present in ((names[::2], names[1::2]), (names[1::2], names[::2])):
        left = [shown for shown in pictures if not set(shown.names) & set(absent)]
        library = Library.of(np.stack([shown.vector for shown in left]), known)
        told |= {(said, False): is_absent(library, said, encoder) for said in absent}
        told |= {(said, True): is_absent(library, said, encoder) for said in present}
    right, wrong = ([absent for (_, there), absent in told.items() if there is which] for which in (False, True))
    print(f"  names left out: {np.mean(right):.1%} are said to be absent, of those that are there {np.mean(wrong):.1%}")


def report_speed(library: Library, known: maps.Maps) -> None:
    """A query from its letters to the order of the pictures, the encoder warm; and what the process holds."""
    said = ["a dog on the beach", "okapi", "two children playing football in the snow", "red car"]
    query.read("warm", known)
    library.scores(query.read("okapi", known))
    times = []
    for text in said * 5:
        start = time.perf_counter()
        np.argsort(-library.scores(query.read(text, known)))
        times.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    median, slowest = np.median(times) * 1000, max(times) * 1000
    print(f"  a query: median {median:.0f} ms, slowest {slowest:.0f} ms; {memory:.0f} MB at most")


if __name__ == "__main__":
    main()
