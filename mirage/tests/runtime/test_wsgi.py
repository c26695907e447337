"""What the web process does when it starts."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
COUNT = """
import gc
from mirage.testing.ground import prepare
prepare()
import mirage.wsgi
import photos.views.timeline
print(gc.get_freeze_count(), len(gc.get_objects()))
"""


def test_the_collector_leaves_alone_what_was_loaded() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "mirage.settings"}
    done = subprocess.run(
        [sys.executable, "-c", COUNT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    frozen, others = map(int, done.stdout.split())
    assert frozen > 100_000 > 10 * others
