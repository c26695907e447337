"""A time limit for what a page asks of the database, so that no question keeps it busy for a minute.

    with time_limit(1.5, "That takes too long."):
        rows = list(found)

SQLite asks every few thousand steps whether to go on; PostgreSQL gets the time that is left with each statement.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import OperationalError, connection

STEPS = 20_000  # of SQLite between two looks at the clock: some milliseconds
LEAST_MS = 50  # of a statement: less might end the statement that gives more time
TRIES = 5  # to give more
GIVEN_UP = "57014"  # PostgreSQL's code
IN_ERROR = 3  # psycopg's state of a transaction that takes no more statements
OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK")  # what is begun must come to its end


class TakesTooLong(Exception):
    """What was asked for was given up; the message says so, for the user."""


class Limit:
    """Until when the database may be asked. Wraps the execution of every statement."""

    def __init__(self, seconds: float, message: str) -> None:
        self.end = time.monotonic() + seconds
        self.message = message
        self.is_paused = False

    @property
    def is_over(self) -> bool:
        return not self.is_paused and time.monotonic() >= self.end

    def check(self) -> None:
        """Raises TakesTooLong once the time is over."""
        if self.is_over:
            raise TakesTooLong(self.message)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not self.is_paused and not sql.startswith(OF_TRANSACTIONS):
            self.check()
            if connection.vendor == "postgresql":
                milliseconds = max(LEAST_MS, int((self.end - time.monotonic()) * 1000))
                if not is_told(f"SET statement_timeout = {milliseconds}"):
                    raise TakesTooLong(self.message)
        return execute(sql, params, many, context)


_current: ContextVar[Limit | None] = ContextVar("limit", default=None)


def check_time() -> None:
    """For work between statements: raises TakesTooLong where there is a limit, and it is over."""
    if limit := _current.get():
        limit.check()


@contextmanager
def time_limit(seconds: float, message: str) -> Iterator[None]:
    """What asks the database in here has so many seconds in all. Raises TakesTooLong. The outermost limit counts."""
    if _current.get():
        yield
        return
    limit = Limit(seconds, message)
    token = _current.set(limit)
    try:
        with interrupted(limit), connection.execute_wrapper(limit):
            yield
    except OperationalError as error:
        if not limit.is_over and not is_given_up(error):
            raise
        raise TakesTooLong(message) from error
    finally:
        _current.reset(token)


@contextmanager
def time_out() -> Iterator[None]:
    """What is done in here is not interrupted, and does not count."""
    limit = _current.get()
    if limit is None or limit.is_paused:
        yield
        return
    began = time.monotonic()
    limit.is_paused = True
    reset_timeout()
    try:
        yield
    finally:
        limit.is_paused = False
        limit.end += time.monotonic() - began


@contextmanager
def interrupted(limit: Limit) -> Iterator[None]:
    """Let the database give up a statement when the time is over."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(lambda: limit.is_over, STEPS)
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, 0)
        reset_timeout()


def reset_timeout() -> None:
    """Let PostgreSQL take its time again. A transaction in error takes the timeout back itself."""
    if connection.vendor != "postgresql" or connection.connection.info.transaction_status == IN_ERROR:
        return
    if not is_told("RESET statement_timeout"):
        connection.close()  # the next one has all the time again


def is_told(timeout: str) -> bool:
    """Tell PostgreSQL how long a statement may take. The time that it had may end this one too: it is told again."""
    for _ in range(TRIES):
        try:
            with connection.wrap_database_errors:
                connection.connection.execute(timeout)
        except OperationalError as error:
            if not is_given_up(error) or connection.connection.info.transaction_status == IN_ERROR:
                raise
        else:
            return True
    return False


def is_given_up(error: OperationalError) -> bool:
    """Whether PostgreSQL gave a statement up for its time."""
    return getattr(error.__cause__, "sqlstate", "") == GIVEN_UP
