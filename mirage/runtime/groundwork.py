"""Preparations before the site is served. Each function does one thing, or raises CannotServe with the reason."""

import errno
import fcntl
import hashlib
import json
import os
import shutil
import socket
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from accounts import first_account
from accounts.security.tokens import readable_secret

LEAST_FREE = 200 << 20  # bytes of free disk needed to start, for the database and Redis' file to grow
MIGRATION_LOCK = 0x6D697261  # "mira", the number of PostgreSQL's advisory lock


class CannotServe(Exception):
    """Mirage cannot be served; the message says why, and what to do."""


def occupy(data: Path, address: str) -> int:
    """Reserve the data folder for this process. Returns the lock to keep open. Others are told the `address`."""
    try:
        (data / "run").mkdir(parents=True, exist_ok=True)
        lock = os.open(data / "run" / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotServe(
            _("The data folder %(data)s cannot be used: %(reason)s.") % {"data": data, "reason": error.strerror}
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held_by = json.loads(os.read(lock, 4096) or b"{}")
        os.close(lock)
        where = held_by.get("address", _("an unknown address"))
        raise CannotServe(
            _("Mirage already runs on this data folder (%(data)s), at %(where)s.") % {"data": data, "where": where}
        ) from error
    os.truncate(lock, 0)
    os.write(lock, json.dumps({"pid": os.getpid(), "address": address}).encode())
    return lock


def check_disk(data: Path, least: int = LEAST_FREE) -> None:
    """Refuse to start if the disk is full."""
    free = shutil.disk_usage(data).free
    if free < least:
        raise CannotServe(
            _("The disk of %(data)s is full: %(free)s MB are free, but Mirage needs %(least)s MB to start.")
            % {"data": data, "free": free >> 20, "least": least >> 20}
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at this address, for the web server. Requests wait until it accepts them."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CannotServe(
                _("Another program uses port %(port)s: choose another with --port.") % {"port": port}
            ) from error
        raise CannotServe(
            _("Cannot listen at %(host)s:%(port)s: %(reason)s.")
            % {"host": host, "port": port, "reason": error.strerror}
        ) from error
    listener.listen(256)
    return listener


def migrate() -> int:
    """Migrate the database, one process at a time. Returns the number of applied migrations."""
    if connection.vendor != "postgresql":
        return _apply_migrations()  # no other process uses the data folder with SQLite's file
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        if (encoding := cursor.fetchone()[0]) != "UTF8":
            raise CannotServe(
                _(
                    "The database stores text as %(encoding)s, but Mirage needs UTF8: make a new one with "
                    "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
                )
                % {"encoding": encoding}
            )
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            return _apply_migrations()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def is_prepared() -> bool:
    """Whether all migrations are applied."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _apply_migrations() -> int:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        if not is_half_upgraded(executor):
            keep_database_before_upgrade(executor)
        call_command("migrate", interactive=False, verbosity=0)
        _kept_migrations().unlink(missing_ok=True)
    return len(plan)


def is_half_upgraded(executor: MigrationExecutor) -> bool:
    """Whether an upgrade was interrupted: then the copy that was kept is of the older version, and stays."""
    kept = _kept_migrations()
    return kept.exists() and set(kept.read_text().split()) < set(_applied(executor))


def _kept_migrations() -> Path:
    """The migrations of the kept copy, one a line, while the upgrade is not finished."""
    return Path(settings.MIRAGE_DATA, "before-upgrade", "migrations.txt")


def _applied(executor: MigrationExecutor) -> list[str]:
    return [f"{app}.{name}" for app, name in executor.loader.applied_migrations]


def keep_database_before_upgrade(executor: MigrationExecutor) -> None:
    """Copy SQLite's file, so that the older version can be restored. PostgreSQL has backups of its own."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or not executor.loader.applied_migrations:
        return
    folder = settings.MIRAGE_DATA / "before-upgrade"
    fresh, kept = folder / "fresh.sqlite3", folder / "mirage.sqlite3"
    folder.mkdir(parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(fresh)])
    except DatabaseError as error:  # the disk is full, so nothing is migrated
        fresh.unlink(missing_ok=True)
        raise CannotServe(
            _("The database could not be copied before the upgrade: %(error)s.") % {"error": error}
        ) from error
    fresh.replace(kept)
    _kept_migrations().write_text("\n".join(_applied(executor)))


def static_files_changed() -> bool:
    """Whether static files have changed since the last `collectstatic`."""
    return not settings.DEBUG and (not _stamp().exists() or _stamp().read_text() != _static_files_digest())


def note_static_files() -> None:
    """Record that the current static files were collected."""
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


def prepare_first_account() -> str:
    """Without any account, make the one of MIRAGE_ADMIN_PASSWORD, or let the first visitor make one.

    Returns the code that the visitor needs; empty if there is an account.
    """
    if not first_account.is_wanted():
        first_account.forget_code()
        return ""
    if not settings.MIRAGE_ADMIN_PASSWORD:
        return first_account.code()
    get_user_model().objects.create_superuser(settings.MIRAGE_ADMIN_NAME, "", settings.MIRAGE_ADMIN_PASSWORD)
    return ""


def make_first_account() -> str:
    """Make the account that the photos of the first start belong to. Returns its password; empty if there is one."""
    password = readable_secret()
    try:
        first_account.make(get_user_model()(username=settings.MIRAGE_ADMIN_NAME), password)
    except first_account.TooLate:
        return ""
    return password


def administrator() -> str:
    """The name of the first administrator, the default owner of imported photos."""
    user = get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("id").first()
    if user is None:
        raise CannotServe(_("There is no administrator: run `manage.py createsuperuser`, or name an --owner."))
    return user.get_username()


def check_redis(url: str) -> None:
    """Check that the Redis in REDIS_URL answers."""
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as redis:
            redis.ping()
    except (RedisError, ValueError) as error:
        raise CannotServe(_("The Redis in REDIS_URL does not answer: %(error)s") % {"error": error}) from error
