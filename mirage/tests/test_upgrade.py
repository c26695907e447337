"""A database of an older schema is brought up to the present one, with what it held; a copy of it is kept."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from django.conf import settings

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


def run(data: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment | {"MIRAGE_DATA": str(data)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_database_of_the_first_schema_is_upgraded(tmp_path: Path) -> None:
    run(tmp_path, "-c", FIRST)
    upgrade = "import django; django.setup(); from mirage import groundwork; print(groundwork.migrate())"
    code = f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'mirage.settings'; {upgrade}"
    assert int(run(tmp_path, "-c", code)) > 0
    [line] = run(tmp_path, "manage.py", "export_catalogue").splitlines()
    for told in ('"title": "Lisboa"', '"albums": ["Summer"]', '"tags": ["sea"]', '"name": "Rosa"', '"confirmed": true'):
        assert told in line
    with closing(sqlite3.connect(tmp_path / "before-upgrade/mirage.sqlite3")) as before:
        assert before.execute("SELECT title FROM photos_photo").fetchone() == ("Lisboa",)
        assert before.execute("SELECT count(*) FROM django_migrations WHERE app = 'photos'").fetchone() == (1,)
    assert int(run(tmp_path, "-c", code)) == 0
