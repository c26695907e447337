"""Killing processes with SIGKILL during an import: every photo once, every stage done, no leftover files.

The suite runs a small version. To choose the number of photos and kills:
DJANGO_SETTINGS_MODULE=mirage.settings python -m mirage.tests.test_kills 300 10
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import django
import pytest
from django.conf import settings
from PIL import Image

from mirage.testing.database import begin_migrated
from mirage.tests.commands.test_serve import COMMAND, Serving, environment, free_port, until

VICTIMS = ("gunicorn", "io-1", "io-2", "beat")
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]


def make_pictures(folder: Path, count: int) -> None:
    """Different pictures, so large that their thumbnails take a moment."""
    folder.mkdir()
    for number in range(count):
        picture = Image.effect_noise((1200, 900), 40).convert("RGB")
        picture.putpixel((0, 0), (number % 256, number // 256, 7))
        picture.save(folder / f"IMG_{number:04d}.jpg", quality=70)


def start_serving(data: Path, surroundings: dict[str, str]) -> Serving:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port)], env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Mirage is at" in line:
            break
    serving = Serving(process, data, port, surroundings)
    until(lambda: len(serving.children()) == 5)
    return serving


def is_running(serving: Serving, name: str) -> bool:
    return name in serving.children()


def import_while_killing(serving: Serving, folder: Path, kills: int, dice: random.Random) -> list[str]:
    """Import the folder. Meanwhile kill children at random, and once the import, which is then repeated."""
    command = [*MANAGE, "import_folder", str(folder), "--owner", "admin", "--wait", "--json"]
    importing = subprocess.Popen(command, env=serving.environment, stdout=subprocess.PIPE, text=True)
    killed = []
    for number in range(kills):
        time.sleep(dice.uniform(0.2, 0.9))
        if number == kills // 2:
            importing.kill()
            importing.wait()
            importing = subprocess.Popen(command, env=serving.environment, stdout=subprocess.PIPE, text=True)
            killed.append("import")
            continue
        victim = dice.choice(VICTIMS)
        until(partial(is_running, serving, victim), 60)  # started again after its last death
        os.kill(serving.children()[victim], signal.SIGKILL)
        killed.append(victim)
    output, _ = importing.communicate(timeout=1800)
    assert json.loads(output)["failures"] == []
    return killed


def check_library(data: Path, count: int) -> None:
    """Each photo exactly once, all stages done, files and rows equal."""
    from photos.pipeline import all_stages

    with sqlite3.connect(data / "mirage.sqlite3") as database:
        rows = database.execute("select path, sha256, displayable from photos_photo").fetchall()
        stages = database.execute("select stage, status, count(*) from photos_stagerun group by 1, 2").fetchall()
    assert len(rows) == len({sha256 for _, sha256, _ in rows}) == count
    assert all(displayable for _, _, displayable in rows)
    assert {("metadata", "done", count), ("thumbnails", "done", count)} <= set(stages)
    blocked = {stage.name for stage in all_stages() if stage.needs}  # there are no weights in this installation
    assert {status for stage, status, _ in stages if stage not in blocked} == {"done"}
    assert {status for stage, status, _ in stages if stage in blocked} <= {"waiting"}
    originals = data / "originals"
    on_disk = {str(path.relative_to(originals)) for path in originals.rglob("*") if path.is_file()}
    assert on_disk == {path for path, _, _ in rows}
    for _, sha256, _ in rows:
        names = {path.name for path in (data / "derived" / sha256[:2] / sha256).iterdir()}
        assert names == {"small.webp", "medium.webp", "large.webp"}


def run(base: Path, folder: Path, count: int, kills: int, seed: int) -> list[str]:
    data = base / "data"
    surroundings = environment(data) | {"MIRAGE_ADMIN_PASSWORD": "the sea is blue"}
    begin_migrated(data)
    serving = start_serving(data, surroundings)
    try:
        killed = import_while_killing(serving, folder, kills, random.Random(seed))
        serving.process.send_signal(signal.SIGKILL)  # at last all of it, so that the next start has something to mend
        serving.process.wait()
        serving = start_serving(data, surroundings)
        until(lambda: not any((data / "originals" / ".incoming").iterdir()))
    finally:
        serving.process.send_signal(signal.SIGTERM)
        serving.process.wait(30)
    check_library(data, count)
    return killed


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="the installation under test has its own SQLite")
def test_nothing_is_lost_or_duplicated(tmp_path: Path) -> None:
    make_pictures(tmp_path / "pictures", 40)
    run(tmp_path, tmp_path / "pictures", 40, 6, seed=1)


if __name__ == "__main__":
    django.setup()
    with tempfile.TemporaryDirectory() as place:
        pictures = Path(place) / "pictures"
        make_pictures(pictures, int(sys.argv[1]))
        killed = run(Path(place), pictures, int(sys.argv[1]), int(sys.argv[2]), seed=int(time.time()))
        print("killed:", ", ".join(killed))
        print(f"{sys.argv[1]} photos, each exactly once, all stages done, no file too many")
