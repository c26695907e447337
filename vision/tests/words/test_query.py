"""What somebody typed as a query, with an encoder of a few known directions; and the real encoder once."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_django import Settings

from mirage.testing.weights import place_or_skip
from vision.fingerprints import normalised
from vision.tests.words.drawn import WIDE, Vectors, asked_for, directions
from vision.words import encoder, query
from vision.words.library import Library
from vision.words.maps import Looks, Maps


class Encoder:
    """Remembers what it was asked for; each text has its own direction."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.said += texts
        return np.concatenate([directions(1, sum(said.encode())) for said in texts])


def test_words_that_sentences_taught_need_no_dictionary(known: Maps) -> None:
    encoder = Encoder()
    asked = query.read("dogs in the snow", known, encoder)
    assert encoder.said == ["dogs in the snow"]
    assert asked.names == query.NAMES_OTHERWISE
    assert asked.vector == pytest.approx(known.texts(directions(1, sum(b"dogs in the snow")), asked.names)[0])


def test_a_rare_name_is_explained(known: Maps) -> None:
    encoder = Encoder()
    asked = query.read("an okapi", known, encoder)
    assert encoder.said[0] == "an okapi"
    assert "giraffe" in encoder.said[1]
    assert encoder.said[2].startswith("okapi, giraffe")
    assert asked.names == query.NAMES_OF_THINGS


def test_what_a_rare_name_looks_like_does_not_outweigh_its_explanation(known: Maps) -> None:
    row = known.pictures(directions(1, 7))
    seen = replace(known, looks=Looks({"okapi": 0, "dogs": 0}, row))
    assert query.read("okapi", seen, Encoder()).vector == pytest.approx(query.read("okapi", known, Encoder()).vector)
    plain, leaning = (query.read("dogs", some, Encoder()).vector for some in (known, seen))
    assert plain != pytest.approx(leaning)


def test_every_meaning_counts_the_same(known: Maps) -> None:
    encoder = Encoder()
    query.read("crane", known, encoder)
    assert len(encoder.said) == 1 + 2 * 2


@pytest.mark.parametrize("typed", ["", "   ", "xqzzt", "…", "a" * 5000])
def test_anything_can_be_typed(known: Maps, typed: str) -> None:
    asked = query.read(typed, known, Encoder())
    assert np.isfinite(asked.vector).all()


def test_pictures_like_one_are_asked_for_by_its_vector(known: Maps) -> None:
    pictures = Library.of(directions(50, 2), known)
    scores = pictures.vectors @ query.like(pictures.vectors[7]).vector
    assert scores.argmax() == 7
    assert scores[7] == pytest.approx(1, abs=1e-5)


def test_a_picture_and_words_are_asked_for_together(known: Maps) -> None:
    vectors = directions(2, 3)
    pictures = Library.of(np.stack([*vectors, normalised((vectors[0] + vectors[1])[None])[0]]), known)
    both = query.like(pictures.vectors[0], asked_for(known, vectors[1]))
    assert (pictures.vectors @ both.vector).argmax() == 2


@pytest.mark.parametrize(
    ("word", "empty", "taught"), [("The", True, True), ("dogs", False, True), ("okapi", False, False)]
)
def test_which_words_say_nothing_and_which_were_taught(word: str, empty: bool, taught: bool) -> None:
    assert (query.is_empty(word), query.is_taught(word)) == (empty, taught)


@pytest.mark.models
def test_the_encoder_knows_what_words_mean(settings: Settings) -> None:
    place_or_skip(settings, [encoder.MODEL, encoder.VOCABULARY])
    vectors = encoder.encode(["a dog on the beach", "a puppy by the sea", "an invoice from the dentist"])
    assert vectors.shape == (3, encoder.DIMENSION)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    assert encoder.encode(["an invoice from the dentist"]) == pytest.approx(vectors[2:])  # whatever else is encoded


@pytest.mark.models
def test_a_word_is_understood_if_anything_knows_it(settings: Settings) -> None:
    place_or_skip(settings, [encoder.MODEL, encoder.VOCABULARY])
    words = ("beach", "okapi", "bureaucracy", "xqzzt")  # by sentences, the dictionary, the encoder, nothing
    assert [query.is_understood(word) for word in words] == [True, True, True, False]


def test_several_sentences_are_each_understood_on_their_own() -> None:
    assert query.sentences("A dog runs. It is on the beach!\nThe sun sets") == [
        "A dog runs.",
        "It is on the beach!",
        "The sun sets",
    ]
    assert query.sentences("St. Anna") == []


def test_of_several_sentences_the_mean_counts() -> None:
    def encoder(texts: Sequence[str]) -> NDArray[np.float32]:
        rows = {"a dog runs.": [1, 0, 0], "the sun sets.": [0, 1, 0]}
        return np.array([rows.get(text, [0, 0, 1]) for text in texts], np.float32)

    both = query.encode("a dog runs. the sun sets.", (), encoder)
    assert both == pytest.approx([0.5**0.5, 0.5**0.5, 0])
    assert query.encode("a dog runs", (), encoder) == pytest.approx([0, 0, 1])


def test_what_sort_of_query_it_is(known: Maps) -> None:
    vector = np.eye(WIDE, dtype=np.float32)[:1] * 3
    one = query.traits("dogs", vector, known)
    assert one.tolist() == [3.0, 0.0, 1.0, 1.0]
    assert query.traits("a dog in a spaceship", vector, known).tolist() == [3.0, 0.0, 0.0, 0.5]
    assert query.traits("", vector, known).tolist() == [3.0, 0.0, 0.0, 0.0]
