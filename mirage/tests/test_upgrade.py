"""A database with an older schema is migrated with its data, and a copy of it is kept."""

import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

FIRST = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
django.setup()
from datetime import UTC, datetime
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

first = ["accounts", "photos", "people", "albums", "tags", "search"]
executor = MigrationExecutor(connection)
executor.migrate([(app, "0001_initial") for app in first])
apps = executor.loader.project_state([(app, "0001_initial") for app in first]).apps
user = apps.get_model("accounts", "User").objects.create(username="anna", is_superuser=True)
when = datetime(2020, 5, 1, 12, tzinfo=UTC)
photo = apps.get_model("photos", "Photo").objects.create(
    owner=user, key="abc", sha256="0" * 64, path="anna/2020/05/a.jpg", original_name="a.jpg", media_type="image/jpeg",
    size=1, file_modified_at=when, taken_at=when, taken_local=when, taken_month=202005, title="Lisboa",
)
album = apps.get_model("albums", "Album").objects.create(owner=user, key="def", name="Summer")
apps.get_model("albums", "AlbumItem").objects.create(album=album, photo=photo, position=1)
person = apps.get_model("people", "Person").objects.create(owner=user, key="ghi", name="Rosa")
apps.get_model("people", "Face").objects.create(
    photo=photo, person=person, assignment="confirmed", x=0.1, y=0.1, width=0.2, height=0.2
)
tag = apps.get_model("tags", "Tag").objects.create(owner=user, name="sea", path="sea")
apps.get_model("tags", "PhotoTag").objects.create(photo=photo, tag=tag)
"""


UPGRADE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
django.setup()
from mirage.runtime import groundwork
print(groundwork.migrate())
"""
HALF_UPGRADE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
django.setup()
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from mirage.runtime import groundwork

def call_command(*args, **options):
    MigrationRecorder(connection).record_applied("half", "0001_initial")
    raise KeyboardInterrupt

groundwork.call_command = call_command
groundwork.migrate()
"""
ON_POSTGRES = connection.vendor == "postgresql"
pytestmark = pytest.mark.each_database


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An installation whose database has the first schema, for copying."""
    with installation(tmp_path_factory.mktemp("first")) as environment:
        run(environment, "-c", FIRST)
        yield environment


@pytest.fixture
def environment(first: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """A separate installation with a copy of that database."""
    if not ON_POSTGRES:
        shutil.copy(Path(first["MIRAGE_DATA"], "mirage.sqlite3"), tmp_path)
    with installation(tmp_path, copied=urlsplit(first.get("DATABASE_URL", "")).path[1:]) as environment:
        yield environment


@contextmanager
def installation(folder: Path, copied: str = "template0") -> Iterator[dict[str, str]]:
    """The environment of an installation: SQLite in this folder, or a copy of a database on the tests' server."""
    own = os.environ | {"MIRAGE_DATA": str(folder)}
    if not ON_POSTGRES:
        own.pop("DATABASE_URL", None)
        yield own
        return
    with database("UTF8", copied) as url:
        yield own | {"DATABASE_URL": url}


@contextmanager
def database(encoding: str, copied: str = "template0") -> Iterator[str]:
    """The address of a new database, a copy of another one."""
    server, name = os.environ["DATABASE_URL"], f"upgrade_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as administration:
        command = f"""CREATE DATABASE "{name}" ENCODING '{encoding}' LOCALE 'C' TEMPLATE "{copied}" """
        administration.execute(command.encode())
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        administration.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def start(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, *arguments]
    return subprocess.Popen(
        command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def told_by(process: "subprocess.Popen[str]") -> str:
    out, errors = process.communicate()
    assert process.returncode == 0, errors
    return out


def run(environment: dict[str, str], *arguments: str) -> str:
    return told_by(start(environment, *arguments))


def test_a_database_of_the_first_schema_is_upgraded(environment: dict[str, str]) -> None:
    assert int(run(environment, "-c", UPGRADE)) > 0
    [line] = run(environment, "manage.py", "export_catalogue").splitlines()
    for told in ('"title": "Lisboa"', '"albums": ["Summer"]', '"tags": ["sea"]', '"name": "Rosa"', '"confirmed": true'):
        assert told in line
    assert int(run(environment, "-c", UPGRADE)) == 0


@pytest.mark.skipif(ON_POSTGRES, reason="of PostgreSQL there are backups")
def test_the_file_before_the_upgrade_is_kept(environment: dict[str, str], tmp_path: Path) -> None:
    run(environment, "-c", UPGRADE)
    with closing(sqlite3.connect(tmp_path / "before-upgrade/mirage.sqlite3")) as before:
        assert before.execute("SELECT title FROM photos_photo").fetchone() == ("Lisboa",)
        assert before.execute("SELECT count(*) FROM django_migrations WHERE app = 'photos'").fetchone() == (1,)


@pytest.mark.skipif(ON_POSTGRES, reason="of PostgreSQL there are backups")
def test_an_interrupted_upgrade_leaves_the_file_of_the_older_version(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(AssertionError):
        run(environment, "-c", HALF_UPGRADE)
    assert int(run(environment, "-c", UPGRADE)) > 0
    with closing(sqlite3.connect(tmp_path / "before-upgrade/mirage.sqlite3")) as before:
        assert before.execute("SELECT count(*) FROM django_migrations WHERE app = 'half'").fetchone() == (0,)
    assert not (tmp_path / "before-upgrade/migrations.txt").exists()


@pytest.mark.skipif(not ON_POSTGRES, reason="a file of SQLite belongs to one installation, which starts once")
def test_of_machines_that_start_together_one_upgrades(environment: dict[str, str]) -> None:
    machines = [start(environment, "-c", UPGRADE) for _ in range(3)]
    idle, too, upgraded = sorted(int(told_by(machine)) for machine in machines)
    assert (idle, too) == (0, 0)
    assert upgraded > 0


@pytest.mark.skipif(not ON_POSTGRES, reason="SQLite has no other")
def test_a_database_without_utf8_is_refused(tmp_path: Path) -> None:
    with database("SQL_ASCII") as url:
        environment = os.environ | {"MIRAGE_DATA": str(tmp_path), "DATABASE_URL": url}
        process = start(environment, "manage.py", "prepare")
        _, errors = process.communicate()
    assert process.returncode == 1
    assert "stores text as SQL_ASCII, but Mirage needs UTF8" in errors
