"""Restoring backups with the real commands: the catalogues before and after are equal."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from PIL import Image

from accounts.models import SecurityEvent
from mirage.testing.database import begin_migrated
from operations import transfer


class Installation:
    """A separate data folder on SQLite, and commands run on it."""

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

    def run_all(self, *commands: Sequence[str]) -> list[str]:
        """The output of each of these commands, all in one process, which takes seconds to start."""
        return json.loads(self.python("-c", ALL, json.dumps(commands)).splitlines()[-1])

    def catalogue(self) -> list[dict]:
        return self.read(self.run("export_catalogue"))

    def read(self, exported: str) -> list[dict]:
        """A catalogue with paths below the data folder."""
        lines = [json.loads(line) for line in exported.splitlines()]
        return [line | {"path": str(Path(line["path"]).relative_to(self.data))} for line in lines]


ALL = """
import contextlib, io, json, os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
django.setup()
from django.core.management import call_command
said = []
for command in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        call_command(*command)
    said.append(out.getvalue())
print(json.dumps(said))
"""
PREPARE = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
django.setup()
from mirage.runtime import groundwork
groundwork.migrate()
from accounts.models import User
if not User.objects.exists():
    User.objects.create_superuser("admin")
"""
FILL = (
    PREPARE
    + """
from django.core.management import call_command
from photos.models import Photo
call_command("import_folder", sys.argv[1], owner="admin")
call_command("drain")
Photo.objects.filter(pk=2).update(favourite=True)
"""
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with five photos, one of them a favourite, all stages done that need no models."""
    folder = tmp_path_factory.mktemp("home")
    for number in range(5):
        (folder / "pictures").mkdir(exist_ok=True)
        Image.new("RGB", (400, 300), (number * 50, 80, 120)).save(folder / f"pictures/IMG_{number}.jpg")
    home = Installation(folder / "data")
    begin_migrated(home.data)
    home.python("-c", FILL, str(folder / "pictures"))
    return home


@pytest.mark.usefixtures("any_database")
def test_a_restored_library_equals_the_one_that_was_backed_up(home: Installation, tmp_path: Path) -> None:
    told = json.loads(home.run("backup", str(tmp_path / "disk"), "--json"))
    assert (told["photos"], told["originals"], told["damaged"], told["missing"]) == (5, 5, [], [])
    there = Installation(tmp_path / "there")
    there.run("restore", str(tmp_path / "disk"))
    restored = there.catalogue()
    assert restored == home.catalogue()
    assert [line["favourite"] for line in restored].count(True) == 1
    files = [installation.data / "mirage.sqlite3" for installation in (home, there)]
    with transfer.opened(files[0]) as one, transfer.opened(files[1]) as other:
        # thumbnails are made again; that there was a backup is written down after it
        made_since = {"photos_stagerun", "accounts_securityevent", "operations_scheduledtask"}
        assert set(transfer.compared(one, other)[1]) == made_since
        here, told_there = (SecurityEvent.objects.using(alias).values_list("verb", flat=True) for alias in (one, other))
        assert "made a backup" in here
        assert "restored a backup" in told_there
    assert (there.data / "secret_key").read_text() == (home.data / "secret_key").read_text()
    _, findings = there.run_all(["drain"], ["check_library", "--json"])
    assert json.loads(findings) == []
    assert "already holds a library" in there.run("restore", str(tmp_path / "disk"), status=1)


def test_a_flipped_byte_is_found_and_restored(home: Installation, tmp_path: Path) -> None:
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
    """The address of an empty database beside the tests' own."""
    if connection.vendor != "postgresql":
        pytest.skip("needs a PostgreSQL server")
    name = f"moved_to_{uuid.uuid4().hex}"  # other processes have theirs on the same server
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


IMPORT = """
import os, sys, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "mirage.settings"
django.setup()
from itertools import count
from pathlib import Path
from PIL import Image
from accounts.models import User
from photos.ingest import intake
folder = Path(sys.argv[1])
for number in count():
    if (folder / "end").exists():
        break
    picture = folder / f"IMG_{number:04}.jpg"
    Image.new("RGB", (60, 40), (number % 250, number // 250, 120)).save(picture, quality=100)
    intake.ingest(User.objects.get(), picture)
    time.sleep(0.1)
"""


@pytest.fixture
def home_on_either(tmp_path: Path, any_database: None, request: pytest.FixtureRequest) -> Installation:
    """An empty installation, on the database that the tests run on."""
    home = Installation(tmp_path / "home")
    if connection.vendor == "postgresql":
        home.environment["DATABASE_URL"] = request.getfixturevalue("other_database")
    else:
        begin_migrated(home.data)
    home.python("-c", PREPARE)
    return home


def test_a_backup_in_the_middle_of_an_import(home_on_either: Installation, tmp_path: Path) -> None:
    home, pictures, disk = home_on_either, tmp_path / "pictures", tmp_path / "disk"
    pictures.mkdir()
    command = [sys.executable, "-c", IMPORT, str(pictures)]
    with subprocess.Popen(command, env=home.environment, cwd=settings.BASE_DIR) as importing:
        while len(list(pictures.iterdir())) < 5:
            assert importing.poll() is None
            time.sleep(0.01)
        told = json.loads(home.run("backup", str(disk), "--json"))
        (pictures / "end").touch()
    assert importing.returncode == 0
    assert (told["damaged"], told["missing"]) == ([], [])
    there = Installation(tmp_path / "there")
    there.run("restore", str(disk))
    finish = (["drain"], ["check_library", "--json"], ["export_catalogue"])
    goes_on = ["import_folder", str(pictures), "--owner", "admin"]  # from where the backup was made
    then, _, _, findings_there, at_last = there.run_all(["export_catalogue"], goes_on, *finish)
    now, _, findings_here, here = home.run_all(["export_catalogue"], *finish)
    sums = [{line["sha256"] for line in one.read(exported)} for one, exported in ((there, then), (home, now))]
    assert 0 < len(sums[0]) < len(sums[1])
    assert sums[0] < sums[1]
    assert json.loads(findings_there) == json.loads(findings_here) == []
    assert without_ids(there.read(at_last)) == without_ids(home.read(here))


def without_ids(catalogue: list[dict]) -> list[dict]:
    """The catalogue without random values, and without the folder that a second import learns."""
    return [line | {"id": "", "folder": ""} for line in sorted(catalogue, key=lambda line: line["sha256"])]


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
