"""Learns what single words look like: in which direction lie the pictures of which captions say the word.

By linear discriminants (Fisher, 1936): from the mean of all pictures to the mean of the word's, in a space where what
pictures differ in anyway counts less. A rarer word is longer, as it tells more in a sentence.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.word_maps import data
from benchmarks.words_train import words_in
from vision.words.maps import Looks, Maps, each_half_normalised

FEWEST = 4  # pictures of which two captions say the word
OFTEN = 8  # the same, for a word that needs no dictionary from then on
SURELY = 2  # captions after which a word is certain
RIDGE = 1.0  # as a share of the mean variance


def learn(pictures: Sequence[data.Shown], known: Maps) -> Looks:
    """What the words of captioned pictures look like to these maps, rounded as their file rounds it."""
    vectors = known.pictures(np.stack([shown.vector for shown in pictures])).astype(np.float64)
    vectors -= vectors.mean(axis=0)
    spread = vectors.T @ vectors / len(vectors)
    spread += RIDGE * np.trace(spread) / len(spread) * np.eye(len(spread))
    said = [said_of(shown) for shown in pictures]
    sure = Counter(word for counts in said for word, count in counts.items() if count >= SURELY)
    words = sorted(word for word, count in sure.items() if count >= FEWEST)
    shares = shares_of(words, said)
    means = shares @ vectors / shares.sum(axis=1, keepdims=True)
    directions = np.linalg.solve(spread, means.T).T.astype(np.float32)
    most = max(sure.values(), default=1)
    rows = [
        np.log(2 * most / sure[word]) * each_half_normalised(row) for word, row in zip(words, directions, strict=True)
    ]
    return Looks(
        {word: place for place, word in enumerate(words)}, np.stack(rows).astype(np.float16).astype(np.float32)
    )


def often(pictures: Sequence[data.Shown]) -> set[str]:
    """The words that many pictures are surely said to show."""
    sure = Counter(word for shown in pictures for word, count in said_of(shown).items() if count >= SURELY)
    return {word for word, count in sure.items() if count >= OFTEN}


def said_of(shown: data.Shown) -> Counter[str]:
    """How many captions of a picture say each word."""
    return Counter(word for caption in shown.captions for word in set(words_in(caption)))


def shares_of(words: Sequence[str], said: Sequence[Counter[str]]) -> NDArray[np.float64]:
    """How surely each picture shows each word: words × pictures."""
    places = {word: place for place, word in enumerate(words)}
    shares = np.zeros((len(words), len(said)))
    for picture, counts in enumerate(said):
        for word, count in counts.items():
            if word in places:
                shares[places[word], picture] = min(1, count / SURELY)
    return shares
