"""The real processes of one `serve`, which all tests of this file share."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.shortcuts import resolve_url

from mirage.management.commands import serve
from mirage.runtime import embedded_redis

COMMAND = [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve"]


@dataclass
class Serving:
    """A running serve."""

    process: subprocess.Popen[str]
    data: Path
    port: int
    environment: dict[str, str]

    def children(self) -> dict[str, int]:
        """The pids of its direct children by a word in their command lines."""
        words = ("valkey-server", "gunicorn", "io-1", "io-2", "beat")
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                line = (entry / "cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid:
                found.update({word: int(entry.name) for word in words if word in line})
        return found

    def status(self) -> int:
        """The status of the page that the first visitor sees."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/accounts/first/")
        return connection.getresponse().status


def until(condition: Callable[[], bool], seconds: float = 120) -> None:  # a busy machine starts a process in a minute
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def environment(data: Path) -> dict[str, str]:
    """A fresh installation: SQLite, the embedded Redis, and no model to fetch."""
    models = data / "models"
    models.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | {
        "MIRAGE_DATA": str(data),
        "MIRAGE_IO_WORKERS": "2",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(models),
    }


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    data = tmp_path_factory.mktemp("serve") / "data"
    port, surroundings = free_port(), environment(data)
    command = [*COMMAND, "--port", str(port)]
    with subprocess.Popen(
        command,
        env=surroundings,
        cwd=data.parent,  # it must not matter where it is started
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as it:
        assert it.stdout is not None
        said = ""
        while "Mirage is at" not in said:
            line = it.stdout.readline()
            assert line, said
            said += line
        while "code=" not in (line := it.stdout.readline()):
            assert line, said
        assert re.fullmatch(r"http://127.0.0.1:\d+/accounts/first/\?code=(\w{4}-){4}\w{4}", line.strip())
        serving = Serving(it, data, port, surroundings)
        until(lambda: len(serving.children()) == 5)
        yield serving
        it.send_signal(signal.SIGTERM)
        assert it.wait(60) == 0
    assert serving.children() == {}
    assert not embedded_redis.answers(data)


def test_the_page_answers_and_loads_what_it_needs(serving: Serving) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=20)
    connection.request("GET", "/accounts/first/")
    page = connection.getresponse().read().decode()
    address = re.search(r'/static/[^"]+\.css', page)
    assert address is not None
    connection.request("GET", address[0])
    style = connection.getresponse()
    assert (style.status, style.read() != b"") == (200, True)
    assert "immutable" in style.headers["Cache-Control"]


def test_a_second_serve_says_where_the_first_is(serving: Serving) -> None:
    command = [*COMMAND, "--port", str(free_port())]
    ended = subprocess.run(command, env=serving.environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert f"already runs on this data folder ({serving.data}), at http://127.0.0.1:{serving.port}/" in ended.stderr


def test_a_used_port_is_reported(serving: Serving, tmp_path: Path) -> None:
    command = [*COMMAND, "--port", str(serving.port)]
    ended = subprocess.run(command, env=environment(tmp_path / "data"), capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == f"CommandError: Another program uses port {serving.port}: choose another with --port.\n"


@pytest.mark.parametrize("victim", ["gunicorn", "io-1", "beat", "valkey-server"])
def test_killed_processes_are_restarted(serving: Serving, victim: str) -> None:
    before = serving.children()[victim]
    os.kill(before, signal.SIGKILL)
    until(lambda: serving.children().get(victim, before) != before)
    until(lambda: embedded_redis.answers(serving.data))
    assert serving.status() == 200


def test_a_killed_worker_registers_under_its_old_name(serving: Serving) -> None:
    from redis import Redis

    key = f"rq:worker:io-1@{socket.gethostname()}"
    with Redis.from_url(embedded_redis.url(serving.data), decode_responses=True) as redis:
        until(lambda: redis.hget(key, "pid") == str(serving.children().get("io-1")))
        os.kill(serving.children()["io-1"], signal.SIGKILL)
        killed = redis.hget(key, "pid")
        until(lambda: redis.hget(key, "pid") not in {killed, None})
        assert key in redis.smembers("rq:workers")


def test_another_process_cannot_be_the_same_worker(serving: Serving) -> None:
    command = [*COMMAND[:-1], "work", "--name", "io-2", "--queues", "io"]
    ended = subprocess.run(command, env=serving.environment, capture_output=True, text=True, check=False)
    assert f"A worker io-2 already runs for {serving.data}." in ended.stderr


def test_the_first_page_is_the_one_to_sign_in() -> None:
    assert resolve_url(settings.LOGIN_URL) == serve.FIRST_PAGE
