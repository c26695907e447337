"""A bad value stops the start with a message that names the variable."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from mirage import env


@pytest.mark.parametrize(("value", "read"), [("yes", True), ("ON", True), ("0", False), ("false", False), ("", True)])
def test_booleans(monkeypatch: pytest.MonkeyPatch, value: str, read: bool) -> None:
    monkeypatch.setenv("MIRAGE_X", value)
    assert env.boolean("MIRAGE_X", True) is read


@pytest.mark.parametrize("value", ["many", "1.5", "-1", "11"])
def test_a_bad_number_is_named_with_its_bounds(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MIRAGE_X", value)
    with pytest.raises(SystemExit, match=rf"MIRAGE_X='{re.escape(value)}': expected a whole number from 0 to 10"):
        env.integer("MIRAGE_X", 3, 0, 10)


def test_numbers_lists_zones_and_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MIRAGE_X", "7")
    assert env.integer("MIRAGE_X", 3) == 7
    assert env.integer("MIRAGE_UNSET", 3) == 3
    monkeypatch.setenv("MIRAGE_X", " a, b ,")
    assert env.words("MIRAGE_X") == ["a", "b"]
    monkeypatch.setenv("MIRAGE_X", "Mars/Olympus")
    with pytest.raises(SystemExit, match="a time zone"):
        env.time_zone("MIRAGE_X", "UTC")
    (tmp_path / "file").touch()
    monkeypatch.setenv("MIRAGE_X", str(tmp_path / "file"))
    with pytest.raises(SystemExit, match="a folder"):
        env.folder("MIRAGE_X", tmp_path)


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    monkeypatch.setenv("MIRAGE_X_FILE", str(tmp_path / "secret"))
    assert env.text("MIRAGE_X") == "hush"
    monkeypatch.setenv("MIRAGE_X_FILE", str(tmp_path / "gone"))
    with pytest.raises(SystemExit, match="MIRAGE_X_FILE"):
        env.text("MIRAGE_X")


def test_the_start_stops_in_one_line() -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "check"]
    ended = subprocess.run(
        command, env={**os.environ, "MIRAGE_TRASH_DAYS": "soon"}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == (
        "MIRAGE_TRASH_DAYS='soon': expected a whole number from 0 to 3650. See example.env."
    )
