"""Which faces are similar: compared exactly and through the index, each pair once."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from people.grouping import neighbours
from people.grouping.neighbours import edges, exactly, once
from people.grouping.units import Indices, Vectors


def circle(*degrees: float) -> Vectors:
    """Normalised vectors in these directions."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def pairs(found: Any) -> list[tuple[int, int]]:
    return list(zip(found.first.tolist(), found.second.tolist(), strict=True))


FOUR = circle(0, 10, 40, 180)  # the last one is near nobody
ALL = np.arange(4)


def test_each_similar_pair_comes_once_with_its_cosine() -> None:
    found = edges(FOUR, ALL, 0.5)
    assert pairs(found) == [(0, 1), (0, 2), (1, 2)]
    assert found.similarity == pytest.approx(np.cos(np.radians([10, 40, 30])), abs=1e-6)
    assert found.first.dtype == found.second.dtype == np.int64


def test_a_pair_at_the_threshold_is_included() -> None:
    right_angles = np.eye(3, dtype=np.float32)
    assert pairs(edges(right_angles, np.arange(3), 0.0)) == [(0, 1), (0, 2), (1, 2)]
    assert pairs(edges(right_angles, np.arange(3), 1e-6)) == []


def test_only_pairs_of_these_rows_come() -> None:
    assert pairs(edges(FOUR, np.array([2]), 0.5)) == [(0, 2), (1, 2)]
    assert pairs(edges(FOUR, np.array([], np.int64), 0.5)) == []


def test_only_the_nearest_of_many_come() -> None:
    found = edges(circle(0, 1, 3, 6, 10), np.array([0]), 0.5, count=2)
    assert pairs(found) == [(0, 1), (0, 2)]
    both = edges(circle(0, 1, 3, 6, 10), np.array([0, 4]), 0.5, count=1)
    assert pairs(both) == [(0, 1), (3, 4)]


def test_more_neighbours_than_faces() -> None:
    assert pairs(edges(circle(0, 5), np.arange(2), 0.5, count=50)) == [(0, 1)]


@pytest.mark.parametrize("vectors", [circle(), circle(0)])
def test_no_face_and_a_single_face_have_no_neighbours(vectors: Vectors) -> None:
    found = edges(vectors, np.arange(len(vectors)), -1)
    assert pairs(found) == []
    assert found.similarity.tolist() == []


@pytest.mark.parametrize("cells", [1, 8, 12, 1 << 24])
def test_blocks_of_any_size_find_the_same(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    vectors = np.random.default_rng(1).normal(size=(30, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    whole = edges(vectors, np.arange(30), 0.3, count=5)
    monkeypatch.setattr(neighbours, "CELLS", cells)
    found = edges(vectors, np.arange(30), 0.3, count=5)
    assert pairs(found) == pairs(whole)
    assert found.similarity == pytest.approx(whole.similarity, abs=1e-6)


def test_the_size_of_a_block_follows_the_limit_on_cosines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "CELLS", 8)
    assert [row.tolist() for row, _, _ in exactly(FOUR, ALL, 0.9, 1)] == [[0, 1], []]


def test_pairs_in_both_orders_are_one() -> None:
    found = once(
        [
            (np.array([5, 1]), np.array([2, 5]), np.array([0.7, 0.6], np.float32)),
            (np.array([2, 0]), np.array([5, 2]), np.array([0.7, 0.5], np.float32)),
        ]
    )
    assert pairs(found) == [(0, 2), (1, 5), (2, 5)]
    assert found.similarity.tolist() == pytest.approx([0.5, 0.6, 0.7])


def test_pairs_whose_numbers_could_be_mistaken_for_each_other() -> None:
    """Two pairs must never get one number: (0, 11) and (1, 1) would, counted in elevens."""
    one, other = np.array([0, 1, 1]), np.array([3, 0, 3])
    assert pairs(once([(one, other, np.ones(3, np.float32))])) == [(0, 1), (0, 3), (1, 3)]
    assert pairs(once([(np.array([1, 0]), np.array([2, 3]), np.ones(2, np.float32))])) == [(0, 3), (1, 2)]


class Index:
    """A stand-in for the published index: it returns the nearest rows of a larger library exactly, by id."""

    def __init__(self, vectors: Vectors, ids: Indices) -> None:
        self.vectors, self.ids = vectors, ids
        self.asked: list[tuple[int, int]] = []

    def nearest(self, queries: Vectors, count: int) -> tuple[list[Indices], list[Any]]:
        self.asked.append((len(queries), count))
        cosines = queries @ self.vectors.T
        order = np.argsort(-cosines, axis=1)[:, :count]
        return [self.ids[row] for row in order], [cosines[number][row] for number, row in enumerate(order)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Replaces the index, which is used however few faces there are. `index` None: there is none."""
    from photos import vectors
    from photos.vectors import backends

    state: dict[str, Any] = {"index": None, "held": np.array([], np.int64), "raw": {}, "refreshed": []}

    class Backend:
        def published(self, kind: Any) -> Any:
            return state["index"] if kind is vectors.KINDS["faces"] else None

        def held_ids(self, kind: Any) -> Indices:
            return state["held"] if kind is vectors.KINDS["faces"] else np.array([], np.int64)

    monkeypatch.setattr(neighbours, "MOST_EXACT", 0)
    monkeypatch.setattr(backends, "chosen", Backend)
    monkeypatch.setattr(vectors, "refresh", state["refreshed"].append)
    monkeypatch.setattr(
        vectors, "vectors_of", lambda kind, ids: {each: state["raw"][each] for each in ids if kind == "faces"}
    )
    return state


IDS = np.array([10, 20, 30, 40])


def hold(asked: dict[str, Any], ids: Indices, others: dict[int, Vectors] | None = None) -> Index:
    """Let the index hold these of the four faces, and other owners' too."""
    asked["raw"] = dict(zip(IDS.tolist(), FOUR, strict=True))
    known = {each: asked["raw"][each] for each in ids.tolist()} | (others or {})
    asked["held"] = np.array(sorted(known), np.int64)
    asked["index"] = Index(np.array([known[each] for each in sorted(known)]), asked["held"])
    return asked["index"]


def test_the_index_finds_what_comparing_all_finds(asked: dict[str, Any]) -> None:
    index = hold(asked, IDS)
    found = edges(FOUR, ALL, 0.5, ids=IDS, count=3)
    assert pairs(found) == [(0, 1), (0, 2), (1, 2)]
    assert found.similarity == pytest.approx(np.cos(np.radians([10, 40, 30])), abs=1e-6)
    assert index.asked == [(4, 6)]
    assert asked["refreshed"] == ["faces"]


def test_the_index_finds_the_last_face_and_those_just_near_enough(asked: dict[str, Any]) -> None:
    right_angles = np.eye(4, dtype=np.float32)
    right_angles[3] = right_angles[2]
    index = hold(asked, IDS)
    index.vectors = right_angles
    asked["raw"] = dict(zip(IDS.tolist(), right_angles, strict=True))
    assert pairs(edges(right_angles, ALL, 0.5, ids=IDS)) == [(2, 3)]
    assert len(pairs(edges(right_angles, ALL, 0.0, ids=IDS))) == 6


def test_faces_of_other_owners_that_the_index_names_are_left_out(asked: dict[str, Any]) -> None:
    hold(asked, IDS, {5: circle(1)[0], 25: circle(11)[0], 99: circle(41)[0]})
    assert pairs(edges(FOUR, ALL, 0.5, ids=IDS, count=3)) == [(0, 1), (0, 2), (1, 2)]


def test_what_the_index_does_not_hold_yet_is_compared_with_all(asked: dict[str, Any]) -> None:
    index = hold(asked, np.array([10, 40]))
    assert pairs(edges(FOUR, ALL, 0.5, ids=IDS, count=3)) == [(0, 1), (0, 2), (1, 2)]
    assert index.asked == [(2, 6)]


def test_without_an_index_all_are_compared(asked: dict[str, Any]) -> None:
    assert pairs(edges(FOUR, ALL, 0.5, ids=IDS)) == [(0, 1), (0, 2), (1, 2)]


def test_without_ids_the_index_is_not_asked(asked: dict[str, Any]) -> None:
    index = hold(asked, IDS)
    edges(FOUR, ALL, 0.5)
    assert index.asked == []


def test_exactly_the_allowed_number_of_comparisons_needs_no_index(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    index = hold(asked, IDS)
    monkeypatch.setattr(neighbours, "MOST_EXACT", 16)
    edges(FOUR, ALL, 0.5, ids=IDS)
    assert index.asked == []
    monkeypatch.setattr(neighbours, "MOST_EXACT", 15)
    edges(FOUR, ALL, 0.5, ids=IDS)
    assert len(index.asked) == 1
