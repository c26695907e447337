"""What must be in order before the site is served. Each function does one thing, or says in a sentence why not."""

import errno
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

LEAST_FREE = 200 << 20  # bytes without which it is not worth starting: database and Redis' file must be able to grow
MIGRATION_LOCK = 0x6D697261  # the number of PostgreSQL's advisory lock, "mira"


class CannotServe(Exception):
    """Mirage cannot be served here and now; the message says why, and what to do."""


def occupy(data: Path, address: str) -> int:
    """Take the data folder for this process; returns the lock to keep open. Who comes next is told `address`."""
    try:
        (data / "run").mkdir(parents=True, exist_ok=True)
        lock = os.open(data / "run" / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotServe(f"The data folder {data} cannot be used: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held_by = json.loads(os.read(lock, 4096) or b"{}")
        os.close(lock)
        where = held_by.get("address", "an address not known yet")
        raise CannotServe(f"Mirage already runs on this data folder ({data}), at {where}.") from error
    os.truncate(lock, 0)
    os.write(lock, json.dumps({"pid": os.getpid(), "address": address}).encode())
    return lock


def check_disk(data: Path, least: int = LEAST_FREE) -> None:
    """Refuse to start where the disk has no room left."""
    free = shutil.disk_usage(data).free
    if free < least:
        raise CannotServe(
            f"The disk of {data} is full: {free >> 20} MB are free, Mirage needs {least >> 20} MB to start."
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at this address, for the web server to accept from. Requests wait until it does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(f"Port {port} is taken by another program: choose another with --port.") from error
        raise CannotServe(f"{host}:{port} cannot be served: {error.strerror}.") from error
    listener.listen(256)
    return listener


def migrate() -> int:
    """Bring the database up to date, one process at a time; returns how many migrations were applied."""
    if connection.vendor != "postgresql":
        return _apply_migrations()  # SQLite's is ours alone, as the data folder is
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        if (encoding := cursor.fetchone()[0]) != "UTF8":
            raise CannotServe(
                f"The database keeps text as {encoding}, and Mirage needs UTF8: make another with "
                "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
            )
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            return _apply_migrations()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def is_prepared() -> bool:
    """Whether the database has all of this version's tables and columns."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _apply_migrations() -> int:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        keep_database_before_upgrade(executor)
        call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def keep_database_before_upgrade(executor: MigrationExecutor) -> None:
    """A copy of SQLite's file as it was, for whoever wants the older version back. Of PostgreSQL there are backups."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or not executor.loader.applied_migrations:
        return
    folder = settings.MIRAGE_DATA / "before-upgrade"
    fresh, kept = folder / "fresh.sqlite3", folder / "mirage.sqlite3"
    folder.mkdir(parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(fresh)])
    except DatabaseError as error:  # the disk is full: then nothing is migrated either
        fresh.unlink(missing_ok=True)
        raise CannotServe(f"The database could not be copied before the upgrade: {error}.") from error
    fresh.replace(kept)


def static_files_changed() -> bool:
    """Whether what the site's pages need has changed since it was last gathered with `collectstatic`."""
    return not settings.DEBUG and (not _stamp().exists() or _stamp().read_text() != _static_files_digest())


def note_static_files() -> None:
    """Remember that the static files are gathered as they are now."""
    _stamp().write_text(_static_files_digest())


def _stamp() -> Path:
    return Path(settings.STATIC_ROOT) / ".stamp"


def _static_files_digest() -> str:
    """A digest of all static files' names, sizes and times."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def ensure_administrator() -> tuple[str, str] | None:
    """Create the first user where there is none. Returns name and password when the password was made up here."""
    users = get_user_model().objects
    if users.exists():
        return None
    name = settings.MIRAGE_ADMIN_NAME
    password = settings.MIRAGE_ADMIN_PASSWORD or secrets.token_urlsafe(12)
    users.create_superuser(name, "", password)
    return None if settings.MIRAGE_ADMIN_PASSWORD else (name, password)


def administrator() -> str:
    """The name of the first administrator: whose photos are imported when no owner is named."""
    user = get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("id").first()
    if user is None:
        raise CannotServe("No user is an administrator: make one with `manage.py createsuperuser`, or name an --owner.")
    return user.get_username()


def check_redis(url: str) -> None:
    """Make sure that the Redis of REDIS_URL answers."""
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as redis:
            redis.ping()
    except (RedisError, ValueError) as error:
        raise CannotServe(f"The Redis of REDIS_URL does not answer: {error}") from error
