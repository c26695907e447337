"""The wish of a player: a small file that says which segment it waits for. Whoever makes segments follows it."""

import json
import os
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

AHEAD = 6  # segments that are made, from the one that is asked for on


@dataclass(frozen=True)
class Wish:
    """What a player waits for: a segment of the video in one quality, and how old the wish is in seconds."""

    folder: str
    quality: str
    segment: int
    source: str
    age: float


def write_wish(path: Path, folder: Path, quality: str, segment: int, source: Path) -> None:
    """Say what is waited for. Raises OSError."""
    told = {"folder": str(folder), "quality": quality, "segment": segment, "source": str(source)}
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")  # threads of one process may write it at once
    temporary.write_text(json.dumps(told))
    temporary.replace(path)


def keep(path: Path) -> None:
    """Say that somebody still waits."""
    with suppress(OSError):
        os.utime(path)


def read_wish(path: Path) -> Wish | None:
    """The wish; None if it is gone or half written."""
    try:
        told = json.loads(path.read_text())
        age = time.time() - path.stat().st_mtime
        return Wish(told["folder"], told["quality"], told["segment"], told["source"], age)
    except (OSError, ValueError, KeyError):
        return None


def name_of(segment: int) -> str:
    """The file of a segment."""
    return f"{segment}.ts"


def first_missing(folder: Path, segment: int, count: int) -> int | None:
    """The first segment from this one on that is not there yet, within those to be made ahead."""
    ahead = range(segment, min(count, segment + AHEAD))
    return next((number for number in ahead if not (folder / name_of(number)).exists()), None)
