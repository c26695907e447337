"""How long the server takes for every list, page and search, asked for one after the other through the real views."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.pages.large.asked import HTMX, Asked, everything


@dataclass(frozen=True)
class Row:
    """The times of one address in milliseconds, of the wall and of this processor."""

    asked: Asked
    walls: list[float]
    busy: list[float]
    queries: int
    first: float


def measure(rounds: int, only: str = "", *, plans: bool = False) -> None:
    from django.conf import settings

    settings.ROOT_URLCONF = "benchmarks.pages.large.bare"
    client, token = signed_in()
    print(f"{'':28}{'first':>8}{'p50 ms':>8}{'p95':>8}{'p99':>8}{'CPU p50':>9}{'CPU p95':>9}{'queries':>9}{'goal':>7}")
    rows: list[Row] = []
    for asked in [Asked("bare view of Django", lambda: "/bare/"), *everything()]:
        if only in asked.name or not rows:
            rows.append(row_of(asked, client, token, rounds, plans=plans))
            print(told(rows[-1]), flush=True)
    summary(rows)


def signed_in() -> tuple[Any, str]:
    from django.test import Client

    from accounts.models import User
    from accounts.security import tokens

    user = User.objects.get(username="benchmark")
    client = Client()
    client.force_login(user)
    return client, tokens.issue(user, "benchmark", ["read"])[1]


def row_of(asked: Asked, client: Any, token: str, rounds: int, *, plans: bool) -> Row:
    from django.db import connection

    headers = {"Authorization": f"Bearer {token}"} if asked.api else HTMX if asked.htmx else {}
    walls, busy = [], []
    for _ in range(rounds + 1):
        address = asked.address()
        began, spent = time.perf_counter(), time.process_time()
        response = client.get(address, headers=headers)
        spent, began = time.process_time() - spent, time.perf_counter() - began
        assert response.status_code == 200, (address, response.status_code)
        walls.append(began * 1000)
        busy.append(spent * 1000)
    made: list[tuple[float, str]] = []
    with connection.execute_wrapper(noting(made)):
        client.get(asked.address(), headers=headers)
    if plans and part(busy[1:], 95) > asked.goal:
        for seconds, sql in sorted(made, key=lambda one: -one[0])[:3]:
            print(f"  {seconds:.3f} s  {sql[:1500]}")
    return Row(asked, walls[1:], busy[1:], len(made), walls[0])


def noting(made: list[tuple[float, str]]) -> Callable[..., Any]:
    """Notes each query with its seconds, also one that is stopped: Django's own log fails at such a one in SQLite."""

    def noted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            made.append((time.perf_counter() - began, sql))

    return noted


def part(times: list[float], share: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def told(row: Row) -> str:
    numbers = (f"{part(row.walls, share):8.1f}" for share in (50, 95, 99))
    late = "" if part(row.busy, 95) <= row.asked.goal else "  missed"
    return (
        f"{row.asked.name:28}{row.first:8.0f}{''.join(numbers)}{part(row.busy, 50):9.1f}{part(row.busy, 95):9.1f}"
        f"{row.queries:9}{row.asked.goal:7}{late}"
    )


def summary(rows: Iterable[Row]) -> None:
    bare, *others = rows
    missed = [row.asked.name for row in others if part(row.busy, 95) > row.asked.goal]
    print(
        f"{len(others) - len(missed)} of {len(others)} within their goals by the processor's time "
        f"(bare: {part(bare.walls, 50):.1f} ms of the wall, {part(bare.busy, 50):.1f} of the processor)"
    )
