"""Queries and maps, with an encoder of a few known directions; and the real one once."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_django import Settings

from mirage.testing.weights import place_or_skip
from vision.fingerprints import normalised
from vision.tests.words.conftest import asked_for, directions
from vision.words import encoder, library, maps, query
from vision.words.library import Library
from vision.words.maps import Maps
from vision.words.query import Query

Vectors = NDArray[np.float32]


# --- queries ----------------------------------------------------------------------------------------------------------


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


# --- the file that ships ----------------------------------------------------------------------------------------------


def test_the_file_that_ships_is_small_and_whole() -> None:
    shipped = maps.shipped()
    assert maps.FILE.stat().st_size <= 2_000_000
    assert len(shipped.absence) == len(library.EVIDENCE)
    assert len(shipped.showing) == len(library.SIGNS)
    assert {"dog", "beach", "snow"} <= shipped.known_words
    places = shipped.pictures(np.random.default_rng(0).standard_normal((3, 384)).astype(np.float16))
    halves = places.reshape(3, 2, -1)
    assert np.linalg.norm(halves, axis=2) == pytest.approx(np.ones((3, 2)), abs=1e-3)
    assert shipped.null_texts.shape[1] == places.shape[1]


def test_a_better_best_score_speaks_for_presence() -> None:
    """What was learnt must point the right way, or nothing would ever be said to be there."""
    shipped = maps.shipped()
    vectors = np.random.default_rng(1).standard_normal((500, 384)).astype(np.float32)
    pictures = Library.of(vectors, shipped)
    asked = Query(pictures.vectors[0] / 2, 0.5)
    near = pictures.shows(asked, pictures.scores(asked))
    without = Library(pictures.vectors[1:], shipped)
    assert near > without.shows(asked, without.scores(asked))


@pytest.mark.models
def test_the_encoder_knows_what_words_mean(settings: Settings) -> None:
    place_or_skip(settings, [encoder.MODEL, encoder.VOCABULARY])
    vectors = encoder.encode(["a dog on the beach", "a puppy by the sea", "an invoice from the dentist"])
    assert vectors.shape == (3, encoder.DIMENSION)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    assert encoder.encode(["an invoice from the dentist"]) == pytest.approx(vectors[2:])  # whatever else is encoded
