"""The same searches by pgvector, where the suite runs on PostgreSQL (MIRAGE_TEST_DATABASE=postgres)."""

from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection
from pytest_django import Settings

from photos import vectors
from photos.models import Embedding, Photo
from photos.tests.vectors.rows import KIND, ids, nearest, unit
from photos.vectors import postgres

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="pgvector is an extension of PostgreSQL")


@pytest.fixture(autouse=True)
def pgvector(settings: Settings) -> None:
    settings.VECTOR_BACKEND = "pgvector"


def test_finds_the_nearest(add: Callable, rng: np.random.Generator) -> None:
    rows = add(300)
    assert vectors.rebuild("fingerprints") == 300
    query = unit(rng, 1)[0]
    assert set(ids(vectors.search("fingerprints", query, 10)[0])) == set(nearest(rows, query, 10))


def test_new_and_removed_rows(add: Callable, rng: np.random.Generator) -> None:
    rows = add(50)
    vectors.rebuild("fingerprints")
    query = unit(rng, 1)
    (late,) = add(query)
    rows[7].delete()
    found = ids(vectors.search("fingerprints", query, 50)[0])
    assert found[0] == late.pk
    assert rows[7].pk not in found
    assert vectors.refresh("fingerprints") == 50
    assert all(finding.sound for finding in vectors.check("fingerprints"))


def test_filtered(add: Callable, make_photo: Callable[..., Photo], rng: np.random.Generator) -> None:
    add(200)
    wanted = add(3, favourite=True)
    vectors.rebuild("fingerprints")
    query = unit(rng, 1)[0]
    within = Embedding.objects.filter(photo__favourite=True)
    assert ids(vectors.search("fingerprints", query, 3, within=within)[0]) == nearest(wanted, query, 3)


def test_table_of_another_model_is_not_used(add: Callable) -> None:
    add(5)
    vectors.rebuild("fingerprints")
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {postgres.table(KIND)} IS 'another 512'")
    assert postgres.published(KIND) is None
    assert "another 512" in vectors.check("fingerprints")[0].text
    assert vectors.refresh("fingerprints") == 5
