"""What the file of maps holds: what words look like, and what scores are worth for names and for other texts."""

from dataclasses import replace

import numpy as np
import pytest

from vision.tests.words.drawn import HALF, Vectors, directions
from vision.words import maps, query
from vision.words.maps import Looks, Maps, Measure

DOG, SNOW = 0, 1


@pytest.fixture
def looks() -> Looks:
    return Looks({"dog": DOG, "snow": SNOW}, np.array([[3, 0] * HALF, [0, 1] * HALF], np.float32))


def halves(row: Vectors) -> Vectors:
    return np.linalg.norm(row.reshape(2, -1), axis=1)


@pytest.mark.parametrize("word", ["dog", "dogs"])
def test_singular_and_plural_look_alike(looks: Looks, word: str) -> None:
    found = looks.of([word])
    assert found is not None
    assert found == pytest.approx(maps.each_half_normalised(looks.rows[DOG]))


def test_a_rarer_word_tells_more_of_what_several_look_like(looks: Looks) -> None:
    both = looks.of(["dog", "okapi", "snow"])
    assert both is not None
    assert halves(both) == pytest.approx(np.ones(2))
    assert abs(both @ looks.rows[DOG]) / 3 > abs(both @ looks.rows[SNOW])


def test_unknown_words_look_like_nothing(looks: Looks) -> None:
    assert looks.of(["okapi"]) is None
    assert Looks().of(["dog"]) is None


def test_a_text_leans_towards_what_its_words_look_like(known: Maps, looks: Looks) -> None:
    vectors, seen = directions(1, 5), looks.of(["dog"])
    assert seen is not None
    plain, leaning = known.texts(vectors, 0.5)[0], known.texts(vectors, 0.5, seen, share=1)[0]
    assert leaning @ seen > plain @ seen
    assert halves(leaning) == pytest.approx(halves(plain))


def test_a_single_word_is_asked_for_by_its_looks_more_than_a_sentence(known: Maps, looks: Looks) -> None:
    taught = replace(known, looks=looks)
    seen = looks.of(["dog"])
    assert seen is not None
    said = directions(1, 6)
    one, several = (query.read(typed, taught, lambda _: said).vector @ seen for typed in ("dog", "dog child"))
    assert one > several > query.read("dog child", known, lambda _: said).vector @ seen


def test_names_and_other_texts_are_measured_apart(known: Maps) -> None:
    other = Measure(*(getattr(known.of_names, part) + 1 for part in maps.MEASURED))
    apart = replace(known, of_others=other)
    assert apart.measure(query.NAMES_OF_THINGS) is known.of_names
    assert apart.measure(query.NAMES_OTHERWISE) is other
