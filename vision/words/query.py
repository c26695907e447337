"""What somebody typed becomes a vector among those of pictures."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.fingerprints import normalised
from vision.words import encoder as default_encoder
from vision.words import maps, things

Vectors = NDArray[np.float32]
Encoder = Callable[[Sequence[str]], Vectors]
# How much the half counts that was learnt from names: for a name that needs the dictionary, and for anything else.
NAMES_OF_THINGS, NAMES_OTHERWISE = 0.85, 0.45
WEIGHTS_OF_NAMES = (NAMES_OF_THINGS, NAMES_OTHERWISE)  # all that `read` gives
# Words that say nothing of what is seen.
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the of in on at with and or is are to its his her their my our your for from by some this that these "
        "photo photos picture pictures image images",
    )
)


@dataclass(frozen=True)
class Query:
    """What to look for, and how much of that are names."""

    vector: Vectors  # one row, as maps.Maps.texts gives them
    names: float


def read(typed: str, known: maps.Maps | None = None, encoder: Encoder = default_encoder.encode) -> Query:
    """The query that a text is. Raises inference.MissingWeights."""
    known = known or maps.shipped()
    meanings = () if is_known(typed, known.known_words) else things.shipped().called(typed)
    names = NAMES_OF_THINGS if meanings else NAMES_OTHERWISE
    return Query(known.texts(encode(typed, meanings, encoder)[None], names)[0], names)


def encode(typed: str, meanings: Sequence[things.Thing], encoder: Encoder) -> Vectors:
    """The vector of a text, and of what a dictionary says it is, on average."""
    said = [typed, *(form for thing in meanings for form in thing.texts)]
    vectors = encoder(said)
    forms = [vectors[1 + way :: 2].mean(axis=0) for way in range(2) if meanings]
    return normalised(sum(forms, vectors[0])[None])[0]


def is_known(typed: str, known_words: frozenset[str]) -> bool:
    """Whether each word of it was learnt from sentences, so that no dictionary is needed."""
    words = [word for word in re.findall(r"\w+", typed.lower()) if word not in STOP_WORDS]
    return all(word in known_words or word.removesuffix("s") in known_words for word in words)


def is_empty(word: str) -> bool:
    """Whether the word says nothing of what is seen."""
    return word.lower() in STOP_WORDS


def is_taught(word: str) -> bool:
    """Whether sentences about pictures taught the word."""
    return is_known(word, maps.shipped().known_words)


def is_understood(word: str) -> bool:
    """Whether a word means anything to the model: sentences taught it, the dictionary has it, or the encoder knows it
    as a whole. Raises inference.MissingWeights."""
    return is_taught(word) or bool(things.shipped().called(word)) or default_encoder.knows(word)


def like(picture: Vectors, query: Query | None = None) -> Query:
    """Pictures like one, given by its vector (maps.Maps.pictures), and if there are words too, as they say."""
    if query is None:
        return Query((picture / 2).astype(np.float32), 0.5)
    half = len(picture) // 2
    weights = np.repeat(np.array([1 - query.names, query.names], np.float32), half)
    return Query(((query.vector + weights * picture) / 2).astype(np.float32), query.names)
