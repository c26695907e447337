"""More words for the vocabulary, trusted by labels instead of by eye: adds to vision/words/vocabulary.npz and .csv.

    python benchmarks/word_maps/vocabulary_labelled.py DIR [DIR ...] [--unseen DIR ...] [--vectors DIR]

Folders and folds are those of vocabulary.py. A picture shows a word of vocabulary_words.txt if a caption says it,
or if its name is that or of that kind by WordNet. Captions leave out much that is there, so a share of right pictures
is at least what is measured. A word is added if, down to its rank FEWEST or further, four of five are right, and nine
of ten on average over its ranks; the others are found by search only.
"""

import argparse
import re
import sys
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.word_maps import data
from benchmarks.word_maps.vocabulary import PRECISION, Row, placed, store
from vision.words import query, things, vocabulary
from vision.words.library import Library

WORDS = Path(__file__).with_name("vocabulary_words.txt")
FEWEST = 5  # pictures that are found at least
FARTHEST = 40  # the last rank that is looked at
ABOVE = 6  # kinds above a name that are followed
# What captions call what is asked for under another word.
ALSO = {
    "man": "men guy", "woman": "women lady", "boy": "boys", "girl": "girls",
    "child": "children kid kids toddler boy girl", "cyclist": "biker bicyclist cyclists bike bicycle",
    "climber": "climbing climbs", "surfer": "surfing surfboard surf", "football player": "soccer",
    "swimmer": "swimming swims", "running": "runs run running race", "jumping": "jumps jump leaping leaps",
    "waves": "wave", "wave": "waves surf", "ocean": "sea beach waves", "motocross": "dirt motorcycle motocross",
    "motorway": "highway freeway", "road": "street highway", "hill": "hillside",
    "snowboarding": "snowboard snowboarder", "skateboarding": "skateboard skateboarder", "skier": "skiing ski skis",
    "winter": "snow", "playing in the snow": "snow", "playing in the water": "water pool splash", "sofa": "couch",
    "lorry": "truck", "crowd": "crowd crowded audience", "building": "buildings", "mountain": "mountains",
    "eating": "eats eat eating", "sleeping": "asleep sleeps sleep", "reading": "reads book",
    "rowing": "row rowing canoe", "kayaking": "kayak kayaker", "rafting": "raft rafting",
    "baseball player": "baseball", "old car": "car antique", "dancing": "dance dances dancer dancers",
    "singing": "sings singer microphone", "playing music": "guitar band music", "refrigerator": "fridge",
    "hockey": "hockey", "tennis player": "tennis", "ice skating": "skating skates", "puppy": "puppies",
    "couple": "couple", "musician": "guitar band musicians",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dirs", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--unseen", type=Path, nargs="+", default=[], metavar="DIR")
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--without", default="")
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    data.set_up()
    encoder, asked = data.TextCache(options.vectors), read_words()
    scores, pictures = [], []
    for known, some in placed(options, encoder):
        library = Library.of(np.stack([shown.vector for _, shown in some]), known)
        scores.append(vocabulary.scores(library, [query.read(word, known, encoder) for word in asked]))
        pictures += [shown for _, shown in some]
    ranked = np.concatenate(scores)
    kept, shown_by = [], {}
    for at, word in enumerate(asked):
        shown = np.array([shows(picture, word) for picture in pictures])
        shown_by[word] = int(shown.sum())
        if found := trusted(ranked[:, at], shown):
            kept.append((word, *found))
    append(kept, asked, encoder)
    encoder.save()
    few = sorted(word for word, count in shown_by.items() if count < FEWEST)
    print(f"{len(pictures)} pictures; {len(kept)} of {len(asked)} words are added")
    print("added: " + ", ".join(f"{word} {precision:.2f}/{rank}" for word, rank, _, precision in kept))
    print(f"{len(few)} have fewer than {FEWEST} labelled pictures: " + ", ".join(few))


def read_words(path: Path = WORDS) -> dict[str, str]:
    """What each word is about, without those that the vocabulary has."""
    found: dict[str, str] = {}
    for section in path.read_text(encoding="utf-8").split("[")[1:]:
        about, _, words = section.partition("]")
        found |= dict.fromkeys(filter(None, (" ".join(word.split()) for word in words.split(","))), about)
    return {word: about for word, about in found.items() if word not in vocabulary.shipped().words}


def shows(picture: data.Shown, word: str) -> bool:
    """Whether its captions say the word, or its name is of that kind."""
    return is_said(word, text_of(picture)) or any(
        word in kinds_of(name) or f" {word} " in f" {name.lower()} " for name in picture.names
    )


def text_of(picture: data.Shown) -> str:
    """Its captions' words, each between two spaces."""
    return f" {' '.join(re.findall(r'[a-z]+', ' '.join(picture.captions).lower()))} "


def is_said(word: str, text: str) -> bool:
    """Whether a text of text_of says the word, or what it is called else."""
    return any(f" {one} " in text for one in (word, f"{word}s", *ALSO.get(word, "").split()))


@cache
def kinds_of(name: str) -> frozenset[str]:
    """The name, its synonyms' kinds, and what those are, some steps up."""
    found, new = set(), {name.lower()}
    for _ in range(ABOVE):
        above = {kind.lower() for one in new for thing in things.shipped().called(one)[:1] for kind in thing.kinds}
        found |= new
        new = above - found
    return frozenset(found | {part for one in found for part in (one.split()[-1],)})


def trusted(scores: NDArray[np.float32], shown: NDArray[np.bool_]) -> tuple[int, float, float] | None:
    """The last rank down to which enough are right, the score there, and the share that is right."""
    order = np.argsort(-scores, kind="stable")[:FARTHEST]
    right = shown[order]
    shares = np.cumsum(right) / np.arange(1, len(right) + 1)
    good = [at for at, share in enumerate(shares) if share >= PRECISION and right[at]]
    if not good or good[-1] + 1 < FEWEST or shares[: good[-1] + 1].mean() < (1 + PRECISION) / 2:
        return None
    return good[-1] + 1, float(scores[order[good[-1]]]), float(shares[good[-1]])


def append(kept: list[tuple[str, int, float, float]], about: dict[str, str], encoder: query.Encoder) -> None:
    """Add the words to both files."""
    rows = [Row(word, about[word], word, threshold, precision, rank) for word, rank, threshold, precision in kept]
    store(rows, [query.read(row.word, encoder=encoder) for row in rows], without=())


if __name__ == "__main__":
    main()
