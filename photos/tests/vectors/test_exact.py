"""Exact search: the best of arrays, and rows kept in memory as the database changes."""

from collections.abc import Callable

import numpy as np
import pytest

from photos import vectors
from photos.models import Embedding
from photos.tests.vectors.rows import KIND, nearest, unit
from photos.vectors import exact, kinds
from photos.vectors.exact import Tail, best, merged

AXES = np.eye(3, dtype=np.float32)
IDS = np.array([10, 20, 30])
Answer = tuple[list[np.ndarray], list[np.ndarray]]


def plain(answer: Answer) -> list[list[tuple[int, float]]]:
    """By query the pairs of id and similarity."""
    return [
        [(int(each), round(float(similarity), 3)) for each, similarity in zip(*pair, strict=True)]
        for pair in zip(*answer, strict=True)
    ]


@pytest.mark.parametrize(
    ("query", "count", "expected"),
    [
        ((0.8, 0.6, 0), 2, [(10, 0.8), (20, 0.6)]),
        ((0.8, 0.6, 0), 3, [(10, 0.8), (20, 0.6), (30, 0.0)]),
        ((0.8, 0.6, 0), 99, [(10, 0.8), (20, 0.6), (30, 0.0)]),
        ((-1, 0.5, 0), 1, [(20, 0.5)]),
        ((0, 0, 1), 1, [(30, 1.0)]),
        ((0, 0, 1), 0, []),
    ],
)
def test_the_best_of_an_array(query: tuple[float, ...], count: int, expected: list[tuple[int, float]]) -> None:
    assert plain(best(IDS, AXES, np.array([query], np.float32), count)) == [expected]


def test_many_queries_are_answered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = plain(best(IDS, AXES, AXES[[2, 0, 1]], 1))
    assert whole == [[(30, 1.0)], [(10, 1.0)], [(20, 1.0)]]
    monkeypatch.setattr(exact, "_QUERIES_AT_ONCE", 2)
    assert plain(best(IDS, AXES, AXES[[2, 0, 1]], 1)) == whole
    assert plain(best(IDS, AXES, AXES[:0], 1)) == []


def test_nothing_to_choose_from() -> None:
    assert plain(best(IDS[:0], AXES[:0], AXES, 2)) == [[], [], []]


def answer(*pairs: tuple[int, float]) -> Answer:
    return [np.array([each for each, _ in pairs], np.int64)], [np.array([value for _, value in pairs], np.float32)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([(1, 0.9), (2, 0.5)], [(3, 0.7)], [(1, 0.9), (3, 0.7)]),
        ([(1, 0.9)], [(1, 0.9), (2, 0.1)], [(1, 0.9), (2, 0.1)]),
        ([(1, 0.9)], [(1, 0.8)], [(1, 0.9)]),  # as the first of the two says
        ([], [(2, 0.1)], [(2, 0.1)]),
        ([], [], []),
        ([(5, 0.5), (4, 0.5)], [(3, 0.5)], [(3, 0.5), (4, 0.5)]),
    ],
)
def test_two_answers_become_one(
    one: list[tuple[int, float]], other: list[tuple[int, float]], expected: list[tuple[int, float]]
) -> None:
    assert plain(merged(answer(*one), answer(*other), 2)) == [expected]


# --- rows in memory --------------------------------------------------------------------------------------------------

Add = Callable[..., list[Embedding]]


@pytest.fixture
def tail(db: None, monkeypatch: pytest.MonkeyPatch) -> Tail:
    monkeypatch.setattr(exact, "SLACK", 0)
    return Tail(KIND)


def found(tail: Tail, base: int = 0, count: int = 100) -> list[int]:
    query = unit(np.random.default_rng(0), 1)
    (ids,), _ = tail.search(base, query, count)
    return sorted(ids.tolist())


def keys(rows: list[Embedding]) -> list[int]:
    return [row.pk for row in rows]


def test_new_rows_are_read_and_old_ones_are_kept(tail: Tail, add: Add) -> None:
    first = add(4)
    assert found(tail) == keys(first)
    later = add(3)
    assert found(tail) == keys(first + later)
    assert len(tail._ids) == 7


def test_only_rows_behind_the_index_are_searched(tail: Tail, add: Add) -> None:
    rows = add(6)
    assert found(tail, rows[1].pk) == keys(rows[2:])
    assert found(tail, rows[3].pk) == keys(rows[4:])
    assert found(tail, 0) == keys(rows)  # the index is gone


def test_rows_just_before_the_index_are_searched_too(tail: Tail, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    """They may have been committed after it was made."""
    monkeypatch.setattr(exact, "SLACK", 2)
    rows = add(6)
    assert found(tail, rows[3].pk) == keys(rows[2:])


def test_a_row_that_comes_late_with_a_lower_id_is_read(tail: Tail, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "SLACK", 10)
    rows = add(5)
    late = rows[2]
    pk = late.pk
    late.delete()
    assert found(tail) == sorted(set(keys(rows)) - {pk, None})
    late.pk = pk
    late.save(force_insert=True)
    assert pk in found(tail)
    assert tail._ids.tolist() == sorted(tail._ids.tolist())


def test_too_many_are_read_from_the_database_at_each_search(
    tail: Tail, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "MOST_IN_MEMORY", 5)
    rows = add(6)
    assert found(tail) == keys(rows)
    assert (len(tail._ids), tail._overflown) == (0, True)
    assert found(tail) == keys(rows)
    assert found(tail, rows[2].pk) == keys(rows[3:])  # with an index few are left
    assert tail._overflown is False


def test_exactly_as_many_as_allowed_are_kept(tail: Tail, add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "MOST_IN_MEMORY", 5)
    add(5)
    found(tail)
    assert (len(tail._ids), tail._overflown) == (5, False)


def test_a_scan_page_by_page_finds_what_memory_finds(
    add: Add, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = add(20)
    monkeypatch.setattr(kinds, "PAGE", 7)
    query = unit(rng, 2)
    ids, similarities = exact.scan(KIND, KIND.rows(), query, 5)
    assert [each.tolist() for each in ids] == [nearest(rows, each, 5) for each in query]
    assert all((np.diff(each) <= 0).all() for each in similarities)
    assert vectors.search("fingerprints", query, 5)[0][0].id == ids[0][0]
