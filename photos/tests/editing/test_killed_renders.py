"""A worker killed in the middle of a rendition: what was shown stays, nothing half-written is, and it is done again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from mirage.testing.database import begin_migrated
from mirage.tests.commands.test_serve import environment

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
FIRST = {"version": 1, "operations": [{"op": "exposure", "amount": 0.3}]}
SLOW = {
    "version": 1,
    "operations": [
        {"op": "straighten", "degrees": 3},
        {"op": "vibrance", "amount": 0.5},
        {"op": "sharpness", "amount": 1},
    ],
}
EDIT = """
from photos.editing import bulk, picture_edits
from photos.models import Photo
photo = Photo.objects.get()
bulk.make(photo.owner, Photo.objects.all(), picture_edits.set_picture(photo, {edit!r}), photo.owner)
"""
SWEEP = "from photos import pipeline; pipeline.sweep()"


class Installation:
    """A library of its own with one photo of twelve megapixels, worked on by processes that can be killed."""

    def __init__(self, base: Path) -> None:
        self.data = base / "data"
        self.surroundings = environment(self.data) | {"MIRAGE_ADMIN_PASSWORD": "the sea is blue"}
        begin_migrated(self.data)
        self.run("migrate")
        self.shell("from accounts.models import User; User.objects.create_user('anna')")
        picture = base / "pictures" / "a.png"
        picture.parent.mkdir()
        Image.effect_noise((4000, 3000), 60).convert("RGB").save(picture, compress_level=1)
        self.run("import_folder", str(picture), "--owner", "anna")
        self.run("drain")

    def run(self, *words: str) -> None:
        subprocess.run([*MANAGE, *words], env=self.surroundings, check=True, capture_output=True, timeout=300)

    def shell(self, code: str) -> None:
        self.run("shell", "-v", "0", "-c", code)

    def ask(self, query: str) -> list[Any]:
        with sqlite3.connect(self.data / "mirage.sqlite3", timeout=30) as database:
            return database.execute(query).fetchone()

    def renditions(self) -> dict[str, set[str]]:
        """The files of each rendition, by its key."""
        folders = self.data.glob("derived/*/*/edited-*")
        return {folder.name.removeprefix("edited-"): {file.name for file in folder.iterdir()} for folder in folders}

    def kill_in_mid_render(self) -> None:
        """Begin with what waits, and kill the process as soon as it has begun to write the rendition."""
        known = set(self.renditions())
        worker = subprocess.Popen([*MANAGE, "drain"], env=self.surroundings)
        while worker.poll() is None and not set(self.renditions()) - known:
            time.sleep(0.005)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the installation under test has its own SQLite")
def test_a_worker_killed_in_mid_render(tmp_path: Path) -> None:
    library = Installation(tmp_path)
    library.shell(EDIT.format(edit=FIRST))
    library.run("drain")
    (key, before) = library.ask("select rendition, thumbhash from photos_photo")
    files = library.renditions()[key]
    assert files == {"full.png", "small.webp", "medium.webp", "large.webp"}
    library.shell(EDIT.format(edit=SLOW))
    library.kill_in_mid_render()
    assert library.ask("select status from photos_stagerun where stage = 'renditions'")[0] == "running"
    shown = library.ask("select rendition, thumbhash, picture_edit from photos_photo")
    assert (shown[0], shown[1], json.loads(shown[2])) == (key, before, SLOW)  # pages show what they did
    assert library.renditions()[key] == files
    (other,) = set(library.renditions()) - {key}
    half = library.renditions()[other]
    assert "small.webp" not in half, "it was not killed in the middle"
    leftover = next(library.data.glob(f"derived/*/*/edited-{other}")) / ".full.png.999999999.tmp"
    leftover.write_bytes(b"half")
    os.utime(leftover, (1_000_000_000, 1_000_000_000))
    library.ask("update photos_stagerun set started_at = '2020-01-01' where status = 'running'")  # seconds have passed
    library.shell(SWEEP)  # as the beat does every few seconds
    library.run("drain")
    assert library.ask("select rendition from photos_photo")[0] == other
    assert library.renditions() == {other: files}  # complete, without leftovers, and the former one is gone
    assert library.ask("select status, error from photos_stagerun where stage = 'renditions'") == ("done", "")
