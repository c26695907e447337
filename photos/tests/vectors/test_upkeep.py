"""When an index is brought up to the database, and what is said of how far it is."""

from collections.abc import Callable

import pytest

from photos import vectors
from photos.tests.vectors.rows import KIND, index_file, truncate
from photos.vectors import files, upkeep


def test_index_is_asked_for_when_there_are_enough(
    add: Callable, monkeypatch: pytest.MonkeyPatch, django_rq_calls: list
) -> None:
    monkeypatch.setattr(upkeep, "EXACT_BELOW", 30)
    monkeypatch.setattr(upkeep, "BACKLOG", 10)
    add(29)
    vectors.refresh_if_due("fingerprints")
    assert not django_rq_calls
    add(1)
    vectors.refresh_if_due("fingerprints")
    vectors.refresh_if_due("fingerprints")
    assert len(django_rq_calls) == 1  # asked for once
    vectors.refresh("fingerprints")
    add(9)
    assert not upkeep.is_due(KIND)
    add(1)
    assert upkeep.is_due(KIND)


def test_index_that_breaks_again_is_asked_for_again(add: Callable, django_rq_calls: list) -> None:
    add(30)
    for times in (1, 2):
        vectors.rebuild("fingerprints")
        truncate(index_file())
        assert files.published(KIND) is None
        assert files.published(KIND) is None
        assert len(django_rq_calls) == times  # once each time
        vectors.refresh("fingerprints")
        assert files.published(KIND) is not None


def test_check_says_what_differs(add: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "SLACK", 0)
    rows = add(10)
    assert "exact search is used" in vectors.check("fingerprints")[0].text
    vectors.rebuild("fingerprints")
    rows[0].delete()
    add(2)
    texts = [finding.text for finding in vectors.check("fingerprints")]
    assert texts == [
        "10 vectors in the index, 11 in the database.",
        "1 vectors in the index are no longer in the database.",
        "2 newer vectors are searched exactly until the next refresh.",
    ]


def test_check_finds_what_the_index_lacks(add: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "SLACK", 0)
    rows = add(10)
    rows[4].delete()
    vectors.rebuild("fingerprints")
    rows[4].pk = rows[3].pk + 1
    rows[4].save(force_insert=True)
    assert any("1 vectors of the database are missing" in finding.text for finding in vectors.check("fingerprints"))
    vectors.refresh("fingerprints")
    assert all(finding.sound for finding in vectors.check("fingerprints"))
