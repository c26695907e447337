"""Sixteen connections at once, on gunicorn as `serve` starts it: pages a second, and how long each waits."""

import http.client
import os
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.pages.large.asked import HTMX, Asked, Ways, lists

CONNECTIONS = 16
SECONDS = 10.0


def measure() -> None:
    """First the bare view, then pages of the timeline and of the viewer, each alone, then all of them mixed."""
    from benchmarks.pages.large.pages import signed_in

    client, _token = signed_in()
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    pages = {asked.name: asked for asked in lists(Ways())}
    some = [pages[name] for name in ("timeline, whole page", "timeline, page below", "months", "viewer")]
    asked = [Asked("bare view of Django", lambda: "/bare/"), *some]
    with served() as (port, server):
        for name, choice in [*((one.name, [one]) for one in asked), ("these four in turn", some)]:
            crowd(name, port, server, cookie, choice)


@contextmanager
def served() -> Iterator[tuple[int, psutil.Process]]:
    """The site on a port of its own, with the settings in served.py."""
    from django.conf import settings

    from mirage.runtime import programs

    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        (Path(settings.MIRAGE_DATA) / "run").mkdir(exist_ok=True)
        program = programs.web(listener.fileno())
        environment = os.environ | program.environment | {"DJANGO_SETTINGS_MODULE": "benchmarks.pages.large.served"}
        log = (Path(settings.MIRAGE_DATA) / "run" / "crowd.log").open("w")  # a line for each request
        with (
            log,
            subprocess.Popen(
                program.command, env=environment, pass_fds=[listener.fileno()], stdout=log, stderr=log
            ) as process,
        ):
            try:
                yield listener.getsockname()[1], psutil.Process(process.pid)
            finally:
                process.terminate()


def crowd(name: str, port: int, server: psutil.Process, cookie: str, choice: list[Asked]) -> None:
    """Ask on all connections for some seconds, after one round that does not count, and print what came of it."""
    ask_for_a_while(port, cookie, choice, 1.0)
    spent = seconds_of(server)
    times = ask_for_a_while(port, cookie, choice, SECONDS)
    spent = seconds_of(server) - spent
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{name:24}{len(times) / SECONDS:7.0f} a second; median {statistics.median(times):4.0f} ms, 95th {p95:4.0f}; "
        f"{1000 * spent / len(times):5.1f} ms of the site's processor each",
        flush=True,
    )


def seconds_of(server: psutil.Process) -> float:
    """The processor's time of the site so far: gunicorn and its process, without the database."""
    times = [process.cpu_times() for process in [server, *server.children(recursive=True)]]
    return sum(time.user + time.system for time in times)


def ask_for_a_while(port: int, cookie: str, choice: list[Asked], seconds: float) -> list[float]:
    """The milliseconds of each answer on all connections together."""
    found: list[float] = []
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=ask, args=(port, cookie, choice, number, lambda: time.perf_counter() < end, found))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def ask(
    port: int, cookie: str, choice: list[Asked], number: int, goes_on: Callable[[], bool], found: list[float]
) -> None:
    """One connection: the next page as soon as the last has come."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while goes_on():
        asked = choice[number % len(choice)]
        number += 1
        began = time.perf_counter()
        connection.request("GET", asked.address(), headers={"Cookie": cookie, **(HTMX if asked.htmx else {})})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, (asked.name, answer.status)
        found.append((time.perf_counter() - began) * 1000)
    connection.close()
