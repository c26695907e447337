"""How well words find pictures: sentences, single words, names of things, and what is not there.

    python benchmarks/words.py DIR [DIR ...] [--absent FILE] [--objects] [--maps FILE] [--vectors DIR]

DIR holds pictures and texts.csv: file,kind,text, where kind is `caption` or `name` (or captions.csv: file,caption).
Printed are the share of captions whose picture is among the first 1, 5 and 10, and of pictures with one of their
captions there; mean average precision of single words and of names; how often what is there, and what is not, is said
to be absent; milliseconds a query and memory. --absent is a file of queries that nothing in DIR shows, one a line;
without it, absent is each name whose pictures are left out. --objects asks for the words of the vocabulary and for the
labels of the object model, as a search does: by looks, by labels, and by both lists merged. Weights come from
MIRAGE_MODELS.
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
from photos.gallery import labels
from vision import objects
from vision.coco import LABELS
from vision.words import maps, query, vocabulary
from vision.words.library import Library

Vectors = NDArray[np.float32]
AMONG = (1, 5, 10)
AT_ONCE = 32  # pictures that the object model sees at a time
FUSION = 60
FEWEST, LARGEST = 5, 0.3  # pictures that a word must be said of, and the share that may


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--absent", type=Path)
    parser.add_argument("--objects", action="store_true")
    parser.add_argument("--maps", type=Path, default=maps.FILE)
    parser.add_argument("--vectors", type=Path)
    options = parser.parse_args()
    data.set_up()
    encoder = data.TextCache(options.vectors)
    pictures = [shown for folder in options.dirs for shown in data.read(folder, options.vectors)]
    known = maps.Maps.read(options.maps)
    library = Library.of(np.stack([shown.vector for shown in pictures]), known)
    print(f"{', '.join(map(str, options.dirs))}: {len(pictures)} pictures")
    if any(shown.captions for shown in pictures):
        report_captions(library, pictures, encoder)
        report_things("words", library, words_of(pictures), encoder)
    if any(shown.names for shown in pictures):
        report_things("names", library, names_of(pictures), encoder)
        report_left_out(pictures, known, encoder)
    if options.objects:
        seen = [each for folder in options.dirs for each in objects_in(folder, options.vectors)]
        report_nouns(library, pictures, seen, encoder)
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


def objects_in(folder: Path, cache: Path | None) -> list[dict[str, float]]:
    """For each picture, the highest score of each label that the object model finds."""
    found: list[dict[str, float]] = []
    files = [shown.file for shown in data.read(folder, cache)]
    for first in range(0, len(files), AT_ONCE):
        detected = objects.detect([data.opened(folder / file) for file in files[first : first + AT_ONCE]])
        found += [{thing.label: thing.score for thing in sorted(some, key=lambda one: one.score)} for some in detected]
    return found


def report_nouns(
    library: Library, pictures: Sequence[data.Shown], seen: Sequence[dict[str, float]], encoder: query.Encoder
) -> None:
    """Mean average precision of words of the vocabulary and labels. A picture shows one that any caption says."""
    nouns = {*vocabulary.shipped().words, *LABELS}
    said = [{singular(word) for text in shown.captions for word in words_in(text)} for shown in pictures]
    counts = Counter(word for words in said for word in words if {word, f"{word}s"} & nouns)
    asked = sorted(word for word, count in counts.items() if FEWEST <= count <= LARGEST * len(pictures))
    by_looks, merged = [], []
    for word in asked:
        shown = np.array([word in words for words in said])
        query_of = query.read(word, library.known, encoder)
        scores = library.scores(query_of)
        names = labels.meant(word)
        sure = np.array([max((one.get(name, 0) * share for name, share in names.items()), default=0) for one in seen])
        lists = [np.flatnonzero(sure > 0)[np.argsort(-sure[sure > 0], kind="stable")], library.answer(query_of)]
        by_looks.append(average_precision(scores, shown))
        merged.append(average_precision(fused(lists, len(pictures)) + scores / 1e6, shown))
    print(
        f"  {len(asked)} words of the vocabulary, as any caption says: mean average precision {np.mean(by_looks):.3f} "
        f"by looks, {np.mean(merged):.3f} merged with the labels of objects"
    )


def singular(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word


def fused(lists: Sequence[NDArray[np.int_]], count: int) -> Vectors:
    """Scores by reciprocal rank fusion, as search/results/ranking.py merges lists."""
    scores = np.zeros(count, np.float32)
    for places in lists:
        scores[places] += 1 / (FUSION + 1 + np.arange(len(places), dtype=np.float32))
    return scores


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
