"""What gunicorn tells a program that waits before it sends, and how bodies arrive."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

HEAD = "PUT {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n{more}\r\n"
WAITS = "Expect: 100-continue\r\n"


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Refuses `/full` unread, and tells the sum of what is sent elsewhere, read in one of two ways."""
    if environ["PATH_INFO"] == "/full":
        start_response("507 Insufficient Storage", [("Content-Length", "0")])
        return []
    stream, whole = environ["wsgi.input"], hashlib.sha256()
    if environ["PATH_INFO"] == "/into":
        room = memoryview(bytearray(70_000))
        while got := stream.readinto_known(room):
            whole.update(room[:got])
    else:
        while block := stream.read(70_000):
            whole.update(block)
    start_response("200 OK", [("Content-Length", "64")])
    return [whole.hexdigest().encode()]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = str(tmp_path_factory.mktemp("site") / "socket")
    command = [
        sys.executable, "-m", "gunicorn", f"{__name__}:app", "--config", "python:mirage.runtime.bodies",
        "--bind", f"unix:{path}", "--worker-class", "gthread", "--threads", "2", "--no-control-socket",
    ]  # fmt: skip
    site = subprocess.Popen(command, cwd=settings.BASE_DIR, env={**os.environ, "PYTHONPATH": str(settings.BASE_DIR)})
    end = time.monotonic() + 60
    while not Path(path).exists() and time.monotonic() < end:
        time.sleep(0.05)
    yield path
    site.terminate()
    site.wait(20)


@pytest.fixture
def connection(address: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as one:
        one.settimeout(20)
        one.connect(address)
        yield one


def ask(connection: socket.socket, path: str, size: int, more: str = "", body: bytes = b"") -> None:
    connection.sendall(HEAD.format(path=path, size=size, more=more).encode() + body)


def answer(connection: socket.socket) -> tuple[str, bytes]:
    """The status line and the body of the next answer."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += (byte := connection.recv(1))
        assert byte, head
    lines = head.decode().lower().split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines if line.startswith("content-length")), 0)
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return lines[0], body


def test_who_waits_and_is_refused_sends_nothing(connection: socket.socket) -> None:
    ask(connection, "/full", 10_000_000, WAITS)
    assert answer(connection)[0] == "http/1.1 507 insufficient storage"
    assert connection.recv(1) == b"", "nobody knows whether the body still comes, so the connection is closed"


@pytest.mark.parametrize("path", ["/into", "/read"])
def test_who_waits_is_told_to_go_on_and_may_ask_again(connection: socket.socket, path: str) -> None:
    body = os.urandom(300_000)
    for _ in range(2):
        ask(connection, path, len(body), WAITS)
        assert answer(connection)[0] == "http/1.1 100 continue"
        connection.sendall(body)
        assert answer(connection) == ("http/1.1 200 ok", hashlib.sha256(body).hexdigest().encode())


@pytest.mark.parametrize("path", ["/into", "/read"])
@pytest.mark.parametrize("size", [0, 1, 70_000, 70_001, 3_000_000])
def test_what_is_sent_is_read_to_the_byte(connection: socket.socket, path: str, size: int) -> None:
    body = os.urandom(size)
    ask(connection, path, size, "", body + HEAD.format(path=path, size=2, more="").encode() + b"ab")  # two at once
    assert answer(connection) == ("http/1.1 200 ok", hashlib.sha256(body).hexdigest().encode())
    assert answer(connection) == ("http/1.1 200 ok", hashlib.sha256(b"ab").hexdigest().encode())


def test_a_body_that_ends_early_is_short(connection: socket.socket) -> None:
    ask(connection, "/into", 100, "", b"x" * 40)
    connection.shutdown(socket.SHUT_WR)
    assert answer(connection)[1] == hashlib.sha256(b"x" * 40).hexdigest().encode()
    assert connection.recv(1) == b""


def test_a_chunked_body_is_read_too(connection: socket.socket) -> None:
    head = f"PUT /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{WAITS}\r\n"
    connection.sendall(head.encode())
    assert answer(connection)[0] == "http/1.1 100 continue"
    connection.sendall(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert answer(connection)[1] == hashlib.sha256(b"abcde").hexdigest().encode()
