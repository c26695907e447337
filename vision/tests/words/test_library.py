"""A library's scores and chances, with pictures and random texts of a few dimensions; and the maps that ship."""

import numpy as np
import pytest

from vision.fingerprints import normalised
from vision.tests.words.drawn import WIDE, asked_for, directions
from vision.words import library, maps
from vision.words.library import Library, Packed, Parts, Tops
from vision.words.maps import Maps
from vision.words.query import Query


def test_the_picture_that_lies_in_the_query_s_direction_comes_first(known: Maps) -> None:
    vectors = directions(200, 4)
    pictures = Library.of(vectors, known)
    scores = pictures.scores(asked_for(known, vectors[11]))
    assert scores.argmax() == 11
    assert scores.shape == (200,)


def test_a_picture_similar_to_everything_is_held_back(known: Maps) -> None:
    """Its popularity is half of its similarity to the nearest random texts."""
    pictures = Library.of(directions(20, 5), known)
    nearest = np.sort(0.5 * known.of_others.null_texts @ np.asarray(pictures.vectors).T, axis=0)[-library.NEAREST :]
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


def test_rows_in_several_places_are_as_one(known: Maps) -> None:
    whole = np.asarray(Library.of(directions(20, 7), known).vectors)
    parts = library.Parts(tuple(library.Packed.of(whole[first:end]) for first, end in ((0, 5), (5, 6), (6, 20))))
    assert len(parts) == 20
    assert parts @ whole[3] == pytest.approx(whole @ whole[3], abs=2e-2)
    assert parts[4:9] == pytest.approx(whole[4:9], abs=5e-3)


def test_an_answer_ends_where_chance_begins(known: Maps) -> None:
    """The best first; nothing where nothing is likely to be there."""
    pictures = Library.of(directions(100, 9), known)
    asked = asked_for(known, directions(100, 9)[0])
    scores = pictures.scores(asked)
    chances = pictures.chances(asked, scores)
    answer = pictures.answer(asked).tolist()
    assert answer == sorted(answer, key=lambda place: -scores[place])
    assert answer[0] == 0
    assert set(answer) == set(np.flatnonzero(chances >= max(library.LEAST, chances.max() * library.OF_BEST)).tolist())
    missing = asked_for(known, -directions(100, 9).sum(axis=0))
    absent = Query(missing.vector, missing.names, np.array([0, 0, 1, 0], np.float32))  # a single word
    assert pictures.is_absent(absent, pictures.scores(absent))
    assert not len(pictures.answer(absent))


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


def test_the_file_that_ships_is_small_and_whole() -> None:
    shipped = maps.shipped()
    assert maps.FILE.stat().st_size <= 2_000_000
    for measure in (shipped.of_names, shipped.of_others):
        assert len(measure.absence) == len(library.EVIDENCE)
        assert len(measure.showing) == len(library.SIGNS)
    assert {"dog", "beach", "snow"} <= shipped.known_words
    places = shipped.pictures(np.random.default_rng(0).standard_normal((3, 384)).astype(np.float16))
    halves = places.reshape(3, 2, -1)
    assert np.linalg.norm(halves, axis=2) == pytest.approx(np.ones((3, 2)), abs=1e-3)
    assert shipped.of_names.null_texts.shape == shipped.of_others.null_texts.shape == (800, places.shape[1])


def test_a_better_best_score_speaks_for_presence() -> None:
    """What was learnt must point the right way, or nothing would ever be said to be there."""
    shipped = maps.shipped()
    vectors = np.random.default_rng(1).standard_normal((500, 384)).astype(np.float32)
    pictures = Library.of(vectors, shipped)
    asked = Query(pictures.vectors[0] / 2, 0.5)
    near = pictures.shows(asked, pictures.scores(asked))
    without = Library(pictures.vectors[1:], shipped)
    assert near > without.shows(asked, without.scores(asked))


@pytest.mark.parametrize(
    ("names", "one", "least"),
    [
        (0.85, 0, library.ABSENT_NAME),
        (0.85, 1, library.ABSENT_NAME),
        (0.45, 1, library.ABSENT_WORD),
        (0.45, 0, library.ABSENT_SEVERAL),
    ],
)
def test_each_sort_of_query_has_its_own_least_chance(
    known: Maps, monkeypatch: pytest.MonkeyPatch, names: float, one: int, least: float
) -> None:
    pictures, asked = (
        Library.of(directions(9, 1), known),
        Query(directions(1, 2)[0], names, np.array([0, 0, one, 0], np.float32)),
    )
    for chance, absent, absent_if_common in (
        (least + 0.01, False, False),
        (least - 0.05, True, False),
        (0.1, True, True),
    ):
        monkeypatch.setattr(Library, "shows", lambda *_, chance=chance: chance)
        scores = pictures.scores(asked)
        assert pictures.is_absent(asked, scores) == absent
        assert pictures.is_absent(asked, scores, common=True) == absent_if_common
