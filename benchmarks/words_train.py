"""Learns the maps that bring pictures and words together, and writes vision/words/maps.npz.

    python benchmarks/words_train.py DIR [DIR ...] [--out FILE] [--vectors DIR] [--without PREFIX] [--seed N]
        [--calibrate]

Each DIR holds pictures and texts.csv: file,kind,text. A `caption` is a sentence about the picture, a `name` says what
it shows. Weights come from MIRAGE_MODELS. --vectors keeps the pictures' and texts' vectors for the next run. The same
folders, in the same order, with the same seed give the same file, bit for bit. --calibrate leaves the maps of the file
as they are and learns only what their scores are worth.

Two pairs of maps are learnt by regularised canonical correlation (Hotelling, 1936; in closed form), one with little
weight on names and one with much. Then the pictures are divided into folds, and each fold's pictures, placed by maps
that never saw them, calibrate what a score is worth: words and names that are left out of a library on purpose teach
what absence looks like. docs/measured/words.md says what was tried and what helped.
"""

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.word_maps import calibrate, data
from vision.words import library, maps, query, things

Vectors = NDArray[np.float32]
Exact = NDArray[np.float64]
HALF = 128  # dimensions of each of the two halves
RIDGE = 0.5  # as a share of the mean variance
NAMES_IN_SENTENCES, NAMES_IN_NAMES = 0.1, 6.0  # the weight of a named picture, where a captioned one has about 2
WORDS, AVERAGE = 0.5, 0.5  # the weight of single words, and of the captions' mean, where all captions together have 1
MANY_CAPTIONS = 5  # a picture with fewer weighs less, in proportion
AGREED = 2  # captions of a picture that must say a word
FEWEST_PICTURES = 3  # that must be said to show a word before it counts as known
RANDOM_TEXTS = 800


@dataclass(frozen=True)
class Pairs:
    """Vectors of pictures and texts that belong together, row by row."""

    pictures: Vectors
    texts: Vectors
    weights: Vectors
    named: NDArray[np.bool_]

    def weighted(self, names: float) -> Vectors:
        """The weights, those of names so many times."""
        return np.where(self.named, names * self.weights, self.weights)


@dataclass
class Rows:
    """Pairs while they are collected."""

    pictures: list[Vectors] = field(default_factory=list)
    texts: list[Vectors] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    named: list[bool] = field(default_factory=list)

    def add(self, picture: Vectors, text: Vectors, weight: float, named: bool) -> None:
        self.pictures.append(picture)
        self.texts.append(text)
        self.weights.append(weight)
        self.named.append(named)

    def stacked(self) -> Pairs:
        return Pairs(
            np.stack(self.pictures), np.stack(self.texts), np.array(self.weights, np.float32), np.array(self.named)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--out", type=Path, default=maps.FILE)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--without", default="", metavar="PREFIX", help="leave out files whose names begin so")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--calibrate", action="store_true")
    options = parser.parse_args()
    data.set_up()
    encoder = data.TextCache(options.vectors)
    pictures = [shown for folder in options.dirs for shown in data.read(folder, options.vectors)]
    if options.without:
        pictures = [shown for shown in pictures if not shown.file.startswith(options.without)]
    encoder.prepare(texts_of(pictures))
    learnt = maps.Maps.read(options.out) if options.calibrate else learn(pictures, encoder, options.seed)

    def relearn(some: Sequence[data.Shown]) -> maps.Maps:
        return learn(some, encoder, options.seed)

    calibrated = calibrate.calibrate(pictures, encoder, relearn, words_of, options.seed)
    encoder.save()
    write(options.out, weighted(learnt, *calibrated))
    digest = hashlib.sha256(options.out.read_bytes()).hexdigest()
    print(f"{options.out}: {options.out.stat().st_size:,} bytes, sha256 {digest}")


def texts_of(pictures: Sequence[data.Shown]) -> Iterator[str]:
    """Every text that is going to be encoded."""
    dictionary = things.shipped()
    for shown in pictures:
        yield from shown.captions
        yield from shown.names
        for name in shown.names:
            yield from (text for thing in dictionary.called(name) for text in thing.texts)
        yield from words_of(shown)


def words_of(shown: data.Shown) -> list[str]:
    """What a picture's captions agree on, word by word."""
    said = Counter(word for caption in shown.captions for word in set(words_in(caption)))
    agreed = min(AGREED, len(shown.captions))
    return sorted(word for word, count in said.items() if count >= agreed)


def words_in(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in data.EMPTY_WORDS]


def known_words(pictures: Sequence[data.Shown]) -> list[str]:
    """Words that captions say of enough pictures."""
    counts = Counter(word for shown in pictures for word in words_of(shown))
    return sorted(word for word, count in counts.items() if count >= FEWEST_PICTURES)


# --- learning ---------------------------------------------------------------------------------------------------------


def learn(pictures: Sequence[data.Shown], encoder: query.Encoder, seed: int) -> maps.Maps:
    """Maps from these pictures, not calibrated yet."""
    pairs = pairs_of(pictures, encoder)
    pictures_1, texts_1 = correlate(pairs, pairs.weighted(NAMES_IN_SENTENCES))
    pictures_2, texts_2 = correlate(pairs, pairs.weighted(NAMES_IN_NAMES))
    random = np.random.default_rng(seed)
    drawn = [
        random.choice(len(pairs.texts), RANDOM_TEXTS // 2, replace=False, p=weights / weights.sum())
        for weights in (pairs.weighted(share).astype(np.float64) for share in (NAMES_IN_SENTENCES, NAMES_IN_NAMES))
    ]
    texts = pairs.texts[np.concatenate(drawn)]
    measure = maps.Measure(
        np.concatenate([texts_1(texts), texts_2(texts)], axis=1),
        np.zeros(len(library.EVIDENCE), np.float32),
        np.zeros(len(library.SIGNS), np.float32),
    )
    return rounded(
        maps.Maps(
            picture_sentences=pictures_1,
            picture_names=pictures_2,
            text_sentences=texts_1,
            text_names=texts_2,
            of_names=measure,
            of_others=measure,
            known_words=frozenset(known_words(pictures)),
        )
    )


def pairs_of(pictures: Sequence[data.Shown], encoder: query.Encoder) -> Pairs:
    """Each picture with its captions, their mean, their words; or with its name and what a dictionary says of it."""
    dictionary, rows = things.shipped(), Rows()
    of_one_name = Counter(name for shown in pictures for name in shown.names)
    for shown in pictures:
        if shown.captions:
            share = len(shown.captions) / MANY_CAPTIONS
            vectors = encoder(shown.captions)
            for vector in vectors:
                rows.add(shown.vector, vector, share / len(vectors), False)
            rows.add(shown.vector, mean_of(vectors), share * AVERAGE, False)
            words = words_of(shown)
            for vector in encoder(words):
                rows.add(shown.vector, vector, share * WORDS / len(words), False)
        for name in shown.names:
            weight = of_one_name[name] ** -0.5
            explained = query.encode(name, dictionary.called(name), encoder)
            rows.add(shown.vector, explained, weight, True)
    return rows.stacked()


def mean_of(vectors: Vectors) -> Vectors:
    mean = vectors.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def correlate(pairs: Pairs, weights: Vectors) -> tuple[maps.Map, maps.Map]:
    """The directions of pictures and of texts that go together best, each as long as its correlation."""
    shares = (weights / weights.sum()).astype(np.float64)
    picture_mean, text_mean = shares @ pairs.pictures, shares @ pairs.texts
    pictures, texts = pairs.pictures - picture_mean, pairs.texts - text_mean
    whiten_pictures = inverse_root(covariance(pictures, pictures, shares))
    whiten_texts = inverse_root(covariance(texts, texts, shares))
    left, strengths, right = np.linalg.svd(whiten_pictures @ covariance(pictures, texts, shares) @ whiten_texts)
    kept = strengths[:HALF]
    return (
        maps.Map(picture_mean.astype(np.float32), (whiten_pictures @ left[:, :HALF] * kept).astype(np.float32)),
        maps.Map(text_mean.astype(np.float32), (whiten_texts @ right[:HALF].T * kept).astype(np.float32)),
    )


def covariance(
    one: NDArray[np.float64], other: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.asarray((one * shares[:, None]).T @ other, np.float64)


def inverse_root(matrix: Exact) -> Exact:
    """The inverse square root of a covariance with RIDGE of its mean variance added."""
    values, vectors = np.linalg.eigh(matrix + np.eye(len(matrix)) * RIDGE * np.trace(matrix) / len(matrix))
    return np.asarray((vectors / np.sqrt(values)) @ vectors.T, np.float64)


# --- the file ---------------------------------------------------------------------------------------------------------


def rounded(learnt: maps.Maps) -> maps.Maps:
    """The maps as their file will hold them, so that what is calibrated is what is shipped."""
    return replace(
        learnt,
        picture_sentences=halved(learnt.picture_sentences),
        picture_names=halved(learnt.picture_names),
        text_sentences=halved(learnt.text_sentences),
        text_names=halved(learnt.text_names),
        of_names=replace(learnt.of_names, null_texts=half(learnt.of_names.null_texts)),
        of_others=replace(learnt.of_others, null_texts=half(learnt.of_others.null_texts)),
    )


def halved(side: maps.Map) -> maps.Map:
    return maps.Map(half(side.centre), half(side.matrix))


def half(values: Vectors) -> Vectors:
    return values.astype(np.float16).astype(np.float32)


def sides(learnt: maps.Maps) -> dict[str, maps.Map]:
    """The four maps by name, in the order of the file."""
    names = ("picture_sentences", "picture_names", "text_sentences", "text_names")
    return {name: getattr(learnt, name) for name in names}


def weighted(learnt: maps.Maps, absence: Vectors, showing: Vectors) -> maps.Maps:
    """With these weights for whatever is asked."""
    names, others = (replace(one, absence=absence, showing=showing) for one in (learnt.of_names, learnt.of_others))
    return replace(learnt, of_names=names, of_others=others)


def write(path: Path, learnt: maps.Maps) -> None:
    """Save the maps as maps.Maps.read expects them."""
    stored: dict[str, NDArray[np.generic]] = {
        "known_words": np.frombuffer(" ".join(sorted(learnt.known_words)).encode(), np.uint8),
        "looks_words": np.frombuffer(" ".join(learnt.looks.places).encode(), np.uint8),
        "looks": learnt.looks.rows.astype(np.float16),
    }
    for kind in maps.KINDS:
        measure = getattr(learnt, f"of_{kind}")
        stored[f"{kind}_null_texts"] = measure.null_texts.astype(np.float16)
        stored |= {f"{kind}_{part}": getattr(measure, part).astype(np.float32) for part in ("absence", "showing")}
    for name, side in sides(learnt).items():
        stored[f"{name}_centre"] = side.centre.astype(np.float16)
        stored[f"{name}_matrix"] = side.matrix.astype(np.float16)
    with path.open("wb") as file:
        np.savez(file, allow_pickle=False, **stored)


if __name__ == "__main__":
    main()
