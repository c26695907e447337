"""A library's scores and chances, by maps of a few known directions."""

from dataclasses import replace

import numpy as np
import pytest

from vision.fingerprints import normalised
from vision.tests.words.conftest import WIDE, asked_for, directions
from vision.words import library
from vision.words.library import Library, Packed, Parts, Tops
from vision.words.maps import Maps


def test_the_picture_that_lies_in_the_query_s_direction_comes_first(known: Maps) -> None:
    vectors = directions(200, 4)
    pictures = Library.of(vectors, known)
    scores = pictures.scores(asked_for(known, vectors[11]))
    assert scores.argmax() == 11
    assert scores.shape == (200,)


def test_a_picture_similar_to_everything_is_held_back(known: Maps) -> None:
    """Its popularity is half of its similarity to the nearest random texts."""
    pictures = Library.of(directions(20, 5), known)
    nearest = np.sort(0.5 * known.null_texts @ np.asarray(pictures.vectors).T, axis=0)[-library.NEAREST :]
    assert pictures.chance(0.5).popularity == pytest.approx(library.WEIGHT * nearest.mean(axis=0), abs=1e-5)


def test_parts_of_a_library_add_up(known: Maps, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = directions(100, 6)
    whole = Library.of(vectors, known).chance(0.3)
    monkeypatch.setattr(library, "AT_ONCE", 7)
    parts = Library.of(vectors, known).chance(0.3)
    for name in ("popularity", "mean", "spread"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), abs=1e-5), name
    assert parts.tops.measured() == pytest.approx(whole.tops.measured(), abs=1e-5)


def test_packed_vectors_score_as_whole_ones(known: Maps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "IN_CACHE", 7)
    vectors = directions(50, 7)
    asked, whole = asked_for(known, vectors[3]), Library.of(vectors, known)
    packed = Library(library.Packed.of(np.asarray(whole.vectors)), known, {0.5: whole.chance(0.5)})
    assert packed.scores(asked) == pytest.approx(whole.scores(asked), abs=5e-3)
    assert packed.shows(asked, packed.scores(asked)) == pytest.approx(whole.shows(asked, whole.scores(asked)), abs=0.02)


def test_half_precision_as_the_database_has_it_is_enough(known: Maps) -> None:
    vectors = directions(50, 7)
    asked = asked_for(known, vectors[3])
    exact, rounded = (Library.of(rows, known).scores(asked) for rows in (vectors, vectors.astype(np.float16)))
    assert rounded == pytest.approx(exact, abs=2e-3)


def test_what_a_picture_shows_is_likelier_there_than_what_none_does(known: Maps) -> None:
    vectors = directions(300, 8)
    opposite = normalised(-vectors.mean(axis=0)[None])[0]
    pictures = Library.of(vectors[vectors @ opposite < 0], known)
    there, absent = asked_for(known, vectors[vectors @ opposite < 0][0]), asked_for(known, opposite)
    assert pictures.shows(there, pictures.scores(there)) > pictures.shows(absent, pictures.scores(absent))


def test_chances_follow_the_scores_and_lie_between_0_and_1(known: Maps) -> None:
    vectors = directions(100, 9)
    pictures = Library.of(vectors, known)
    asked = asked_for(known, vectors[0])
    chances = pictures.chances(asked, pictures.scores(asked))
    assert chances.argmax() == 0
    assert (chances >= 0).all()
    assert (chances <= 1).all()
    assert chances[0] > 2 * np.median(chances)


def test_an_empty_library_shows_nothing(known: Maps) -> None:
    pictures = Library.of(np.empty((0, WIDE), np.float32), known)
    asked = asked_for(known, directions(1, 10)[0])
    scores = pictures.scores(asked)
    assert pictures.shows(asked, scores) == 0
    assert pictures.chances(asked, scores).shape == (0,)


def test_a_library_of_one_picture_has_chances(known: Maps) -> None:
    pictures = Library.of(directions(1, 11), known)
    asked = asked_for(known, directions(1, 12)[0])
    assert 0 <= pictures.shows(asked, pictures.scores(asked)) <= 1


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_has_the_likely_pictures_best_first(known: Maps) -> None:
    vectors = np.concatenate([directions(100, 13), np.eye(WIDE, dtype=np.float32)[[0, 0]]])
    vectors[-1, 1] = 0.3  # a little off
    pictures = Library.of(vectors, replace(known, absence=always(5)))
    asked = asked_for(known, vectors[-2])
    chances = pictures.chances(asked, pictures.scores(asked))
    answer = pictures.answer(asked)
    assert list(answer[:2]) == [100, 101]
    assert list(chances[answer]) == sorted(chances[answer], reverse=True)
    assert set(answer) == set(np.flatnonzero(chances >= max(library.LEAST, library.OF_BEST * chances.max())))
    assert len(answer) < len(vectors)


def test_where_nothing_is_likely_to_be_shown_there_is_no_answer(known: Maps) -> None:
    vectors = directions(50, 14)
    asked = asked_for(known, vectors[0])
    assert Library.of(vectors, replace(known, absence=always(0.01))).answer(asked)[0] == 0
    assert len(Library.of(vectors, replace(known, absence=always(-0.01))).answer(asked)) == 0
    assert len(Library.of(vectors[:0], known).answer(asked)) == 0


def always(odds: float) -> np.ndarray:
    """Weights of the evidence by which the odds that anything is shown are always the same."""
    return np.array([0] * (len(library.EVIDENCE) - 1) + [odds], np.float32)


# --- parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [0, 1, 2, 9, 10])
def test_tops_of_two_parts_are_those_of_the_whole(first: int) -> None:
    """Also where a part has fewer pictures than the best that are kept, or none."""
    scores = np.random.default_rng(15).standard_normal((4, 10)).astype(np.float32)
    whole, parts = Tops.of(scores), Tops.of(scores[:, :first]) + Tops.of(scores[:, first:])
    assert parts.count == 10
    assert parts.best == pytest.approx(np.sort(scores, axis=1)[:, -library.BEST :])
    assert parts.measured() == pytest.approx(whole.measured(), abs=1e-6)
    assert (Tops.none(4) + whole).measured() == pytest.approx(whole.measured(), abs=1e-6)


def test_the_spread_of_scores_that_are_all_the_same_is_nothing() -> None:
    best, mean_of_best, mean, spread = Tops.of(np.full((1, 7), 0.1, np.float32)).measured()[0]
    assert [best, mean_of_best, mean] == pytest.approx([0.1] * 3)
    assert spread == pytest.approx(0, abs=1e-4)


def test_packed_rows_are_within_half_a_step_and_rows_of_nothing_stay_so() -> None:
    vectors = directions(6, 16)
    vectors[2] = 0
    packed = Packed.of(vectors)
    assert np.abs(packed[0:6] - vectors).max() <= packed.steps.max() / 2 + 1e-6
    assert not packed[2:3].any()
    assert np.abs(packed.numbers).max() == 127


@pytest.mark.parametrize("rows", [slice(0, 7), slice(1, 2), slice(2, 5), slice(3, 3), slice(6, 99), slice(None)])
def test_parts_are_one_whether_rows_lie_in_one_or_in_several(rows: slice) -> None:
    packed = Packed.of(directions(7, 17))
    parts = Parts(tuple(Packed(packed.numbers[a:b], packed.steps[a:b]) for a, b in ((0, 3), (3, 3), (3, 4), (4, 7))))
    assert parts.shape == packed.shape
    assert np.array_equal(parts[rows], packed[rows])
    vector = directions(1, 18)[0]
    assert parts @ vector == pytest.approx(packed @ vector)
