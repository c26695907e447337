"""Goes on learning from further pictures with captions, and writes vision/words/maps.npz anew.

    python benchmarks/word_maps/more.py DIR [DIR ...] --beside DIR [--start FILE] [--out FILE]
        [--vectors DIR] [--seed N]

The folders are those of words_train.py; only captions count. The pair of maps for names stays as it is. The pair for
sentences goes on from where it is (contrast.py); what words look like (looks.py), the random texts
that sentences are measured against, and what their scores are worth are learnt anew. --beside is a folder whose names
serve as things to ask for that the pictures do not show; its pictures are not opened. --start is the file to go on
from. The same folders in the same order, with the same start and seed, give the same file, bit for bit.
"""

import argparse
import csv
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks import words_train
from benchmarks.word_maps import calibrate, contrast, data, looks
from vision.words import maps, query


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--beside", type=Path, required=True)
    parser.add_argument("--start", type=Path, default=maps.FILE)
    parser.add_argument("--out", type=Path, default=maps.FILE)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    data.set_up()
    encoder = data.TextCache(options.vectors)
    pictures = [shown for folder in options.dirs for shown in data.read(folder, options.vectors)]
    encoder.prepare(words_train.texts_of(pictures))
    begun = maps.Maps.read(options.start)

    def relearn(some: Sequence[data.Shown]) -> maps.Maps:
        return go_on(begun, some, encoder, options.seed)

    learnt = relearn(pictures)
    absence, showing = calibrate.calibrate(
        pictures, encoder, relearn, words_train.words_of, options.seed, names_in(options.beside)
    )
    encoder.save()
    words_train.write(
        options.out, replace(learnt, of_others=replace(learnt.of_others, absence=absence, showing=showing))
    )
    digest = hashlib.sha256(options.out.read_bytes()).hexdigest()
    print(f"{len(pictures)} pictures, {len(learnt.looks.places)} words")
    print(f"{options.out}: {options.out.stat().st_size:,} bytes, sha256 {digest}")


def go_on(begun: maps.Maps, pictures: Sequence[data.Shown], encoder: query.Encoder, seed: int) -> maps.Maps:
    """The maps after these pictures too, not calibrated yet."""
    said = [encoder(shown.captions) for shown in pictures]
    texts = [np.concatenate([vectors, words_train.mean_of(vectors)[None]]) for vectors in said]
    seen = np.stack([shown.vector for shown in pictures])
    pair = contrast.improve((begun.picture_sentences, begun.text_sentences), seen, texts, seed)
    learnt = words_train.rounded(replace(begun, picture_sentences=pair[0], text_sentences=pair[1]))
    pairs = words_train.pairs_of(pictures, encoder)
    shares = pairs.weights.astype(np.float64) / pairs.weights.sum()
    count = len(begun.of_others.null_texts)
    drawn = pairs.texts[np.random.default_rng(seed).choice(len(shares), count, replace=False, p=shares)]
    random = words_train.half(np.concatenate([learnt.text_sentences(drawn), learnt.text_names(drawn)], axis=1))
    return replace(
        learnt,
        of_others=replace(learnt.of_others, null_texts=random),
        known_words=begun.known_words | looks.often(pictures),
        looks=looks.learn(pictures, learnt),
    )


def names_in(folder: Path) -> list[str]:
    """The names in its texts.csv."""
    with (folder / "texts.csv").open(newline="", encoding="utf-8") as rows:
        return sorted({row["text"] for row in csv.DictReader(rows) if row["kind"] == "name"})


if __name__ == "__main__":
    main()
