"""A bad value stops the start with the variable's name and what it expects."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from mirage import env
from mirage.settings import database


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


def test_a_database_address_is_taken_apart() -> None:
    read = database("postgres://an%40na:s%3Acret@db.example:5433/mirage?sslmode=require")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == ("an@na", "s:cret", "db.example", "5433")
    assert (read["NAME"], read["OPTIONS"]["sslmode"]) == ("mirage", "require")
    assert read["OPTIONS"]["options"] == "-c random_page_cost=1.1"
    assert database("postgres://db.example/mirage?options=")["OPTIONS"]["options"] == ""  # for a pooler that takes none
    assert database("")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        database("mysql://somewhere")


def test_the_start_stops_in_one_line() -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "check"]
    ended = subprocess.run(
        command, env={**os.environ, "MIRAGE_TRASH_DAYS": "soon"}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == (
        "MIRAGE_TRASH_DAYS='soon': expected a whole number from 0 to 3650. See example.env."
    )


def test_every_variable_is_in_the_example() -> None:
    source = "".join(
        (settings.BASE_DIR / "mirage" / name).read_text() for name in ("settings.py", "runtime/logging.py")
    )
    variables = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    example = (settings.BASE_DIR / "example.env").read_text()
    assert len(variables) > 15
    assert {name for name in variables if not re.search(rf"^#?{name}=", example, re.M)} == set()
