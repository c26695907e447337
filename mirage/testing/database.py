"""Databases in SQLite files start as copies of one that was migrated before, because migrating takes seconds.

The one that was migrated is in the temporary folder. Its name changes with everything that defines the tables.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from mirage.testing import emptying

FOLDER = Path(tempfile.gettempdir()) / f"mirage-migrated-{os.getuid()}"
KEPT = 7 * 86_400  # seconds
MAKERS = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "search/**/*.py")  # the last installs triggers


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_keepdb: bool) -> bool:
    """Whether the database exists already. Puts a migrated copy in its place."""
    if not is_sqlite() or not migrated().exists():
        return django_db_keepdb
    shutil.copyfile(migrated(), place())
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Keep a copy of the database before the first test."""
    emptying.install()
    if is_sqlite() and not migrated().exists():
        with django_db_blocker.unblock():
            keep_copy(place())


def is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def place() -> Path:
    """The path of the tests' database."""
    from django.db import connection

    return Path(str(connection.settings_dict["TEST"]["NAME"]))


def migrated() -> Path:
    root = Path(__file__).parents[2]
    digest = hashlib.sha256(f"{version('django')} {version('django-allauth')}".encode())
    for path in sorted(path for pattern in MAKERS for path in root.glob(pattern)):
        digest.update(path.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:20]}.sqlite3"


def begin_migrated(data: Path) -> None:
    """Let a separate installation on SQLite start with a migrated database, if there is a copy."""
    data.mkdir(parents=True, exist_ok=True)
    if migrated().exists():
        shutil.copyfile(migrated(), data / "mirage.sqlite3")


def make_migrated(file: Path, migrate: Callable[[Path], None]) -> None:
    """Migrate an SQLite file. A new file is a copy of one that was migrated before, if there is one."""
    if file.exists():
        migrate(file)
    elif migrated().exists():
        shutil.copyfile(migrated(), file)
    else:
        migrate(file)
        keep_copy(file)


def keep_copy(file: Path) -> None:
    """Keep a copy of a database that was just migrated."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    temporary = FOLDER / f"{os.getpid()}.tmp"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", [str(temporary)])
    os.replace(temporary, migrated())
    for old in FOLDER.glob("*.sqlite3"):
        if old.stat().st_mtime < time.time() - KEPT:
            old.unlink(missing_ok=True)
