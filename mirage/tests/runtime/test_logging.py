"""Logs have one line for each event, no secrets, and are rotated by size and age."""

import json
import logging
import os
import threading
import time
from pathlib import Path

import pytest

from mirage.runtime.logging import AgeingFile, JsonFormatter, TextFormatter, readable, scope, shortened, without_secrets


def record(text: str, *values: object, **extra: object) -> logging.LogRecord:
    return logging.getLogger("photos.x").makeRecord(
        "photos.x", logging.WARNING, "x.py", 1, text, values, None, extra=extra
    )


def test_a_line_is_an_event_with_its_fields() -> None:
    with scope(request="abc"):
        told = json.loads(JsonFormatter().format(record("Read %d\nfiles", 3, stage="metadata")))
    assert (told["event"], told["level"], told["logger"]) == ("Read 3\nfiles", "WARNING", "photos.x")
    assert (told["request"], told["stage"]) == ("abc", "metadata")
    assert "request" not in json.loads(JsonFormatter().format(record("later")))


def test_an_exception_stays_on_the_line() -> None:
    try:
        raise ValueError("password=hunter2")
    except ValueError as error:
        made = record("It failed")
        made.exc_info = (ValueError, error, error.__traceback__)
    line = JsonFormatter().format(made)
    assert "\n" not in line
    assert "ValueError" in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgres://mirage:hunter2@db:5432/mirage refused", "hunter2"),
        ("redis://:hunter2@redis:6379/0", "hunter2"),
        ("Authorization: Bearer hunter2.abc", "hunter2"),
        ("sent authorization=Basic aHVudGVyMg==", "aHVudGVyMg"),
        ('{"password": "hunter2", "name": "anna"}', "hunter2"),
        ("MIRAGE_METRICS_TOKEN=hunter2", "hunter2"),
        ("Cookie: sessionid=hunter2; theme=dark", "hunter2"),
        ("GET /search/?q=hunter2 took long", "hunter2"),
        ("http://localhost:8000/s/?key=hunter2", "hunter2"),
        ("csrftoken='hunter2'", "hunter2"),
    ],
)
def test_secrets_are_removed(text: str, secret: str) -> None:
    assert secret not in without_secrets(text)
    assert "…" in without_secrets(text)


@pytest.mark.parametrize("text", ["Was it /srv/photos? Yes.", "12 photos: done", "3 of 4 at 12:30", "anna@example.org"])
def test_other_text_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_a_text_without_end_is_cut_between_words() -> None:
    text = f"refused: token={'a' * 9_980}hunter2 {'b' * 1_000_000} {'c' * 9_990}hunter2 at the end"
    kept = shortened(text)
    assert len(kept) < 20_100
    assert kept.startswith("refused:")
    assert kept.endswith("at the end")
    assert "hunter2" not in kept
    assert shortened("12 photos: done") == "12 photos: done"


def test_secrets_of_an_address_are_removed_everywhere_in_its_request() -> None:
    with scope(request="abc") as inside:
        inside.secrets = ("Zx81Qq",)
        line = JsonFormatter().format(record("Internal Server Error: %s", "/link/Zx81Qq/", path="/link/Zx81Qq/"))
    assert "Zx81Qq" not in line


def test_text_format_for_people() -> None:
    line = TextFormatter().format(record("Done", count=3))
    assert line.endswith("WARNING photos.x: Done count=3")
    assert readable(JsonFormatter().format(record("Done"))) == "WARNING photos.x: Done"
    assert readable("Traceback (most recent call last):") == "Traceback (most recent call last):"


def write(log: AgeingFile, text: str) -> None:
    log.handle(logging.LogRecord("x", logging.INFO, "", 0, text, None, None))


def write_many(log: AgeingFile, name: str) -> None:
    for number in range(2_000):
        write(log, f"{name} {number:040d}")


def test_logs_rotate_by_size_under_load_and_lose_no_line(tmp_path: Path) -> None:
    log = AgeingFile(tmp_path / "web.log", most_bytes=20_000, days=50)
    threads = [threading.Thread(target=write_many, args=(log, name)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    files = list(tmp_path.glob("web.log*"))
    lines = [line for file in files for line in file.read_text().splitlines()]
    assert len(files) > 10
    assert max(file.stat().st_size for file in files) <= 20_000
    assert len(lines) == len(set(lines)) == 8_000


def test_no_more_files_are_kept_than_configured(tmp_path: Path) -> None:
    log = AgeingFile(tmp_path / "web.log", most_bytes=1_000, days=3)
    for number in range(500):
        write(log, f"{number:050d}")
    assert len(list(tmp_path.glob("web.log*"))) == 4


def test_logs_rotate_by_age_and_old_ones_are_removed(tmp_path: Path) -> None:
    place, old = tmp_path / "web.log", tmp_path / "web.log.1"
    place.write_text("yesterday\n")
    old.write_text("long ago\n")
    days_ago = [time.time() - days * 86_400 for days in (2, 10)]
    os.utime(place, (days_ago[0],) * 2)
    os.utime(old, (days_ago[1],) * 2)
    log = AgeingFile(place, most_bytes=1_000_000, days=5)
    write(log, "today")
    assert place.read_text() == "today\n"
    assert old.read_text() == "yesterday\n"
    assert not (tmp_path / "web.log.2").exists()
