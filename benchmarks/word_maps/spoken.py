"""How well phrases in other languages find what the English ones find.

    python benchmarks/word_maps/spoken.py DIR [--vectors DIR]

DIR is one of benchmarks/words.py. phrases.csv, beside this file, has two lists
of phrases, translated by hand. Printed is the share of the first five pictures that the English phrase finds as well:
as typed, and as a search reads it.
"""

import argparse
import csv
import os
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")

import django

django.setup()

# ruff: noqa: E402 - Django must be set up before what reads its settings is imported
from benchmarks.word_maps import data
from search import hearing
from search.language.languages.cutting import apart
from search.language.languages.voices import voice_of
from search.language.spoken.reading import token_of
from search.language.tree import Word
from vision.words import query
from vision.words.library import Library

PHRASES = Path(__file__).with_name("phrases.csv")
FIRST = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--vectors", type=Path)
    options = parser.parse_args()
    data.set_up()
    library = Library.of(np.stack([shown.vector for shown in data.read(options.dir, options.vectors)]))
    with PHRASES.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for code in list(rows[0])[2:]:
        shares = {
            number: np.mean([shared(library, row, code) for row in rows if row["list"] == number], axis=0)
            for number in ("1", "2")
        }
        told = (f"list {number}: as typed {typed:.2f}, read {read:.2f}" for number, (typed, read) in shares.items())
        print(f"{code}  {'; '.join(told)}")


def shared(library: Library, row: dict[str, str], code: str) -> tuple[float, float]:
    """What share of the first pictures is that of the English phrase: as typed, and in English."""
    wanted = first(library, row["english"])
    typed, read = (len(first(library, said) & wanted) / FIRST for said in (row[code], in_english(row[code], code)))
    return typed, read


def first(library: Library, said: str) -> set[int]:
    return set(np.argsort(-library.scores(query.read(said)), kind="stable")[:FIRST].tolist())


def in_english(said: str, code: str) -> str:
    """The phrase as a search by a reader of this language gives it to the models, in a library without names."""
    words = [Word(word) for word in said.split()]
    voice = voice_of([token_of(word).form for word in words], code, is_no_name, hearing.is_english)
    marked = voice.marked(apart(words, voice.tables, is_no_name), is_no_name)
    return " ".join(word.said for word in marked if word.said)


def is_no_name(_: str) -> bool:
    return False


if __name__ == "__main__":
    main()
