"""Turns what somebody typed into a vector among those of pictures."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision.fingerprints import normalised
from vision.words import encoder as default_encoder
from vision.words import languages, maps, things

Vectors = NDArray[np.float32]
Encoder = Callable[[Sequence[str]], Vectors]
# How much the half learned from names counts: for a name that needs the dictionary, and for anything else.
NAMES_OF_THINGS, NAMES_OTHERWISE = 0.85, 0.3
WEIGHTS_OF_NAMES = (NAMES_OF_THINGS, NAMES_OTHERWISE)  # the only ones that `read` gives
# How much counts what words look like, beside what the text means: of a single word that needs no dictionary, and of
# several together.
SHARE_OF_ONE, SHARE_OF_SEVERAL = 2.0, 0.15
# Words that say nothing about what can be seen.
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an the of in on at with and or is are to its his her their my our your for from by some this that these "
        "photo photos picture pictures image images",
    )
)


TRAITS = ("reach among sentences", "reach among names", "is one word", "share of words that sentences taught")


@dataclass(frozen=True)
class Query:
    """What to look for, and how much of it is names."""

    vector: Vectors  # one row, as maps.Maps.texts gives them
    names: float
    traits: Vectors = field(default_factory=lambda: np.zeros(len(TRAITS), np.float32))  # what kind of query it is


def read(typed: str, known: maps.Maps | None = None, encoder: Encoder = default_encoder.encode) -> Query:
    """The query for a text. Raises inference.MissingWeights."""
    known = known or maps.shipped()
    meanings = () if is_known(typed, known.known_words) else things.shipped().called(typed)
    names = NAMES_OF_THINGS if meanings else NAMES_OTHERWISE
    vector, words = encode(typed, meanings, encoder)[None], telling(typed)
    share = (0.0 if meanings else SHARE_OF_ONE) if len(words) == 1 else SHARE_OF_SEVERAL
    return Query(known.texts(vector, names, known.looks.of(words), share)[0], names, traits(typed, vector, known))


def traits(typed: str, vector: Vectors, known: maps.Maps) -> Vectors:
    """The TRAITS of a text. One that says little about looks lies near the middle; a single word scores differently."""
    words = telling(typed)
    taught = sum(_is_taught(word, known.known_words) for word in words) / len(words) if words else 0.0
    reach = [side.reach(vector) for side in (known.text_sentences, known.text_names)]
    return np.array([*reach, len(words) == 1, taught], np.float32)


def encode(typed: str, meanings: Sequence[things.Thing], encoder: Encoder) -> Vectors:
    """The mean vector of a text and of what the dictionary says about it; of several sentences, the mean of theirs."""
    if len(several := sentences(typed)) > 1:
        return normalised(encoder(several).mean(axis=0)[None])[0]
    said = [typed, *(form for thing in meanings for form in thing.texts)]
    vectors = encoder(said)
    forms = [vectors[1 + way :: 2].mean(axis=0) for way in range(2) if meanings]
    return normalised(sum(forms, vectors[0])[None])[0]


def sentences(typed: str) -> list[str]:
    """The sentences of a text that have at least two words."""
    return [said.strip() for said in re.split(r"(?<=[.!?;])\s+|\n+", typed) if len(telling(said)) > 1]


def is_known(typed: str, known_words: frozenset[str]) -> bool:
    """Whether all of its words were learned from sentences, so that no dictionary is needed."""
    return all(_is_taught(word, known_words) for word in telling(typed))


def telling(typed: str) -> list[str]:
    """The words that say something about what can be seen, in lower case."""
    return [word for word in re.findall(r"\w+", typed.lower()) if word not in STOP_WORDS]


def _is_taught(word: str, known_words: frozenset[str]) -> bool:
    return word in known_words or word.removesuffix("s") in known_words


def is_empty(word: str) -> bool:
    """Whether the word says nothing about what can be seen."""
    return word.lower() in STOP_WORDS


def is_taught(word: str) -> bool:
    """Whether the word was learned from sentences about pictures."""
    return is_known(word, maps.shipped().known_words)


def in_english(words: Sequence[str]) -> list[str]:
    """The words, translated into English from the other languages that are known."""
    known_words = maps.shipped().known_words
    return languages.in_english(words, lambda word: is_empty(word) or _is_taught(word, known_words))


def is_understood(word: str) -> bool:
    """Whether the model understands a word: it was learned from sentences, the dictionary has it, or the encoder's
    vocabulary has the whole word. Raises inference.MissingWeights."""
    return is_taught(word) or bool(things.shipped().called(word)) or default_encoder.knows(word)


def like(picture: Vectors, query: Query | None = None) -> Query:
    """A query for pictures like the one with this vector (maps.Maps.pictures) that also fit the words, if any."""
    if query is None:
        half = len(picture) // 2
        weights = np.repeat(np.array([1 - NAMES_OTHERWISE, NAMES_OTHERWISE], np.float32), half)
        return Query(weights * picture, NAMES_OTHERWISE)  # chances are kept for WEIGHTS_OF_NAMES only
    half = len(picture) // 2
    weights = np.repeat(np.array([1 - query.names, query.names], np.float32), half)
    return Query(((query.vector + weights * picture) / 2).astype(np.float32), query.names)
