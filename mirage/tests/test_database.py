"""The database that is really used."""

import pytest
from django.db import connection

import mirage


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="for SQLite")
@pytest.mark.django_db
def test_sqlite_is_new_enough_to_keep_its_commits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select sqlite_version()")
        version = tuple(int(part) for part in cursor.fetchone()[0].split("."))
        cursor.execute("pragma journal_mode")
        assert cursor.fetchone()[0] == "wal"
    assert version >= mirage.SAFE_SQLITE
