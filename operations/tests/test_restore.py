"""A backup that was brought back: the catalogue before and after is equal. With the commands themselves."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from PIL import Image

from operations import transfer


class Installation:
    """A data folder of its own, on SQLite, and commands run on it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        names = ("DATABASE_URL", "REDIS_URL")
        self.environment = {name: value for name, value in os.environ.items() if name not in names}
        self.environment |= {"MIRAGE_DATA": str(data), "REDIS_URL": os.environ["REDIS_URL"]}

    def run(self, *arguments: str, status: int = 0) -> str:
        return self.python(str(settings.BASE_DIR / "manage.py"), *arguments, status=status)

    def python(self, *arguments: str, status: int = 0) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, cwd=settings.BASE_DIR)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + (done.stderr if status else "")

    def catalogue(self) -> list[dict]:
        lines = [json.loads(line) for line in self.run("export_catalogue").splitlines()]
        return [line | {"path": str(Path(line["path"]).relative_to(self.data))} for line in lines]


FILL = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
django.setup()
from django.core.management import call_command
from mirage import groundwork
from photos.models import Photo
groundwork.migrate()
groundwork.ensure_administrator()
call_command("import_folder", sys.argv[1], owner="admin")
call_command("drain")
Photo.objects.filter(pk=2).update(favourite=True)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with five photos, one of them a favourite, all stages done that need no models."""
    folder = tmp_path_factory.mktemp("home")
    for number in range(5):
        (folder / "pictures").mkdir(exist_ok=True)
        Image.new("RGB", (400, 300), (number * 50, 80, 120)).save(folder / f"pictures/IMG_{number}.jpg")
    home = Installation(folder / "data")
    home.python("-c", FILL, str(folder / "pictures"))
    return home


@pytest.mark.usefixtures("any_database")
def test_a_restored_library_equals_the_one_that_was_backed_up(home: Installation, tmp_path: Path) -> None:
    told = json.loads(home.run("backup", str(tmp_path / "disk"), "--json"))
    assert (told["photos"], told["originals"], told["damaged"], told["missing"]) == (5, 5, [], [])
    there = Installation(tmp_path / "there")
    there.run("restore", str(tmp_path / "disk"))
    assert there.catalogue() == home.catalogue()
    assert [line["favourite"] for line in there.catalogue()].count(True) == 1
    files = [installation.data / "mirage.sqlite3" for installation in (home, there)]
    with transfer.opened(files[0]) as one, transfer.opened(files[1]) as other:
        # thumbnails are made again; that there was a backup is written down after it
        made_since = {"photos_stagerun", "accounts_securityevent", "operations_scheduledtask"}
        assert set(transfer.differences(one, other)) == made_since
    assert (there.data / "secret_key").read_text() == (home.data / "secret_key").read_text()
    there.run("drain")
    assert json.loads(there.run("check_library", "--json")) == []
    assert "already holds a library" in there.run("restore", str(tmp_path / "disk"), status=1)


def test_a_flipped_byte_is_found_and_brought_back(home: Installation, tmp_path: Path) -> None:
    home.run("backup", str(tmp_path / "disk"))
    victim = sorted((home.data / "originals").rglob("*.jpg"))[0]
    whole = victim.read_bytes()
    victim.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    [finding] = json.loads(home.run("check_library", "--json", status=1).splitlines()[0])
    assert (finding["kind"], finding["subject"]) == ("damaged", str(victim))
    home.run("check_library", "--repair", "--from", str(tmp_path / "disk"))
    assert victim.read_bytes() == whole


@pytest.fixture
def other_database(any_database: None) -> Iterator[str]:
    """The address of an empty database beside that of the tests."""
    if connection.vendor != "postgresql":
        pytest.skip("needs a PostgreSQL server")
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS moved_to")
        cursor.execute("CREATE DATABASE moved_to")
    yield urlsplit(os.environ["DATABASE_URL"])._replace(path="/moved_to").geturl()
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE moved_to WITH (FORCE)")


def test_a_library_moves_to_postgresql_and_back(home: Installation, tmp_path: Path, other_database: str) -> None:
    there = Installation(home.data)  # the originals stay where they are
    there.environment["DATABASE_URL"] = other_database
    assert "all equal" in there.run("move_database")
    assert there.catalogue() == home.catalogue()
    assert "already holds" in there.run("move_database", status=1)
    there.run("backup", str(tmp_path / "disk"))
    back = Installation(tmp_path / "back")
    back.run("restore", str(tmp_path / "disk"))
    assert back.catalogue() == home.catalogue()
