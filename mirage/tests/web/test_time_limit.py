"""A page gives up what takes too long, and leaves the connection as it was."""

from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from mirage.web.time_limit import TRIES, TakesTooLong, check_time, time_limit, time_out

pytestmark = pytest.mark.django_db

ENDLESS = """
    WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000000000)
    SELECT max(n) FROM counted
"""


def ask(sql: str = "SELECT 1") -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def test_a_statement_is_given_up_and_the_next_one_is_not() -> None:
    with pytest.raises(TakesTooLong, match="Too much"), transaction.atomic(), time_limit(0.05, "Too much."):
        ask(ENDLESS)
    assert ask() == 1
    assert timeout() in ("", "0")


def timeout() -> str:
    """What PostgreSQL allows a statement; "0" is everything."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def test_what_comes_after_the_end_is_not_asked() -> None:
    with pytest.raises(TakesTooLong), time_limit(0, "Too much."):
        ask()


def test_work_between_statements_ends_as_well() -> None:
    check_time()
    with pytest.raises(TakesTooLong), time_limit(0, "Too much."):
        check_time()


def test_the_outermost_limit_counts() -> None:
    with time_limit(600, "Too much."), time_limit(0, "Less."):
        assert ask() == 1


def test_what_must_be_done_is_not_counted() -> None:
    with time_limit(600, "Too much."), time_out(), time_out():
        assert ask() == 1
    with time_limit(0, "Too much."):
        with time_out():
            assert ask() == 1
        with pytest.raises(TakesTooLong):
            ask()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [1, TRIES])
def test_the_time_that_is_over_does_not_end_what_gives_more(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """On a busy machine a limit of a millisecond ended the very statement that takes the limit back."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has a time for each statement")
    connection.ensure_connection()
    execute = type(connection.connection).execute
    told: list[str] = []

    def busy(self: Any, sql: str, *args: Any, **options: Any) -> Any:
        if sql == "RESET statement_timeout" and len(told) < times:
            told.append(sql)
            execute(self, "SET statement_timeout = 1")
            return execute(self, "SELECT pg_sleep(5)")
        return execute(self, sql, *args, **options)

    monkeypatch.setattr(type(connection.connection), "execute", busy)
    with time_limit(600, "Too much."):
        assert ask() == 1
    assert len(told) == times
    assert ask() == 1
    assert timeout() == "0"


def test_other_errors_of_the_database_stay_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OperationalError, match="no disk"), time_limit(600, "Too much."):
        raise OperationalError("no disk")
