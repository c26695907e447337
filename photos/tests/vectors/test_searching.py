"""Search, exactly and by an index: the nearest in order, filtered by the database."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from photos import vectors
from photos.models import Embedding
from photos.tests.vectors.rows import KIND, ids, nearest, unit
from photos.vectors import exact, searching
from photos.vectors.kinds import VectorError


@pytest.mark.parametrize("indexed", [False, True])
def test_finds_the_nearest_in_order(add: Callable, rng: np.random.Generator, indexed: bool) -> None:
    rows = add(300)
    if indexed:
        assert vectors.rebuild("fingerprints") == 300
    query = unit(rng, 1)[0]
    hits = vectors.search("fingerprints", query, 10)[0]
    assert ids(hits) == nearest(rows, query, 10)
    best = next(row for row in rows if row.pk == hits[0].id)
    assert hits[0].similarity == pytest.approx(float(query @ vectors.unpack(best.vector)), abs=1e-3)


@pytest.mark.parametrize("indexed", [False, True])
def test_removed_rows_are_never_found(add: Callable, rng: np.random.Generator, indexed: bool) -> None:
    rows = add(60)
    if indexed:
        vectors.rebuild("fingerprints")
    query = vectors.unpack(rows[7].vector)
    assert ids(vectors.search("fingerprints", query, 1)[0]) == [rows[7].pk]
    rows[7].delete()
    found = ids(vectors.search("fingerprints", query, 60)[0])
    assert rows[7].pk not in found
    assert len(found) == 59


@pytest.mark.parametrize("indexed", [False, True])
def test_new_rows_are_found_at_once(add: Callable, rng: np.random.Generator, indexed: bool) -> None:
    add(50)
    if indexed:
        vectors.rebuild("fingerprints")
    query = unit(rng, 1)
    vectors.search("fingerprints", query, 3)
    (late,) = add(query)
    hit = vectors.search("fingerprints", query, 3)[0][0]
    assert hit.id == late.pk
    assert hit.similarity == pytest.approx(1, abs=1e-3)


def test_rows_that_appear_below_the_newest_id_are_found(add: Callable, rng: np.random.Generator) -> None:
    """PostgreSQL gives ids before it commits: a lower one may come later."""
    rows = add(20)
    late = rows[5]
    late.delete()
    vectors.rebuild("fingerprints")
    query = vectors.unpack(late.vector)
    vectors.search("fingerprints", query, 1)
    late.pk = rows[4].pk + 1
    late.save(force_insert=True)
    assert ids(vectors.search("fingerprints", query, 1)[0]) == [late.pk]


@pytest.mark.parametrize("indexed", [False, True])
def test_filter_that_leaves_few_is_still_answered_in_full(
    add: Callable, rng: np.random.Generator, indexed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_FETCHED", 100)
    query = unit(rng, 1)[0]
    add(query + 0.2 * unit(rng, 400))  # all nearer than the wanted
    wanted = add(5, favourite=True)
    if indexed:
        vectors.rebuild("fingerprints")
    within = Embedding.objects.filter(photo__favourite=True)
    found = vectors.search("fingerprints", query, 4, within=within)[0]
    assert ids(found) == nearest(wanted, query, 4)


def test_least_similarity(add: Callable, rng: np.random.Generator) -> None:
    rows = add(30)
    query = vectors.unpack(rows[3].vector)
    assert ids(vectors.search("fingerprints", query, 30, least=0.9)[0]) == [rows[3].pk]


@pytest.mark.parametrize(
    "query", [np.zeros(512), np.full(512, np.nan), np.full(512, np.inf), np.ones(128)], ids=["0", "nan", "inf", "short"]
)
def test_invalid_vectors_are_refused(db: None, query: np.ndarray) -> None:
    with pytest.raises(VectorError):
        vectors.search("fingerprints", query, 3)


def test_rows_that_are_no_vectors_are_left_out(add: Callable, rng: np.random.Generator) -> None:
    rows = add(6)
    Embedding.objects.filter(pk=rows[0].pk).update(vector=b"short")
    Embedding.objects.filter(pk=rows[1].pk).update(vector=np.full(512, np.nan, "<f2").tobytes())
    Embedding.objects.filter(pk=rows[2].pk).update(vector=bytes(1024))
    assert vectors.rebuild("fingerprints") == 3
    assert sorted(ids(vectors.search("fingerprints", unit(rng, 1), 9)[0])) == [row.pk for row in rows[3:]]


def test_nothing_there(db: None, library: Path, rng: np.random.Generator) -> None:
    assert vectors.search("fingerprints", unit(rng, 2), 5) == [[], []]


def test_too_many_for_memory_are_searched_through_the_database(
    add: Callable, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exact, "MOST_IN_MEMORY", 10)
    rows = add(40)
    query = unit(rng, 1)[0]
    assert ids(vectors.search("fingerprints", query, 5)[0]) == nearest(rows, query, 5)
    assert len(searching._tail(KIND)._ids) == 0
