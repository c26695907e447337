"""Looking for libraries of other programs in the folders that administrators may choose from."""

import os
import time
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from media import names
from photos.ingest import browsing
from switching.readers import READERS

SECONDS = 1.0  # for looking; what is not found by then can be typed
MOST = 20
DEEPEST = 6  # folders below an allowed one


class Candidate(NamedTuple):
    """A file or folder that looks like a library."""

    program: str  # key in READERS
    path: Path

    @property
    def shown(self) -> str:
        return names.shown(self.path)

    @property
    def stored(self) -> str:
        return names.stored(self.path)

    @property
    def label(self) -> str:
        return READERS[self.program].program


def candidates() -> list[Candidate]:
    """What is found within a second, by names alone. Links are not followed."""
    end = time.monotonic() + SECONDS
    found: list[Candidate] = []
    waiting = [(root, 0) for root in browsing.roots()]
    while waiting and len(found) < MOST and time.monotonic() < end:
        folder, depth = waiting.pop(0)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            path = Path(entry.path)
            if program := recognised(entry.name):
                found.append(Candidate(program, path))
            elif may_enter(entry) and depth < DEEPEST:
                waiting.append((path, depth + 1))
    return found[:MOST]


def may_enter(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder that is neither hidden nor a link nor Mirage's own."""
    own = Path(entry.path) == browsing.own()
    return entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".") and not own


def recognised(name: str) -> str:
    """The program whose library has a name like this; empty for none."""
    for key, reader in READERS.items():
        if any(fnmatch(name.lower(), sign) for sign in reader.signs):
            return key
    return ""


def chosen(typed: str) -> Path | None:
    """The file or folder that was typed, if it may be chosen and is there."""
    if not os.path.isabs(typed) or "\0" in typed:
        return None
    path = browsing.allowed(Path(names.actual(typed)))
    return path if path is not None and path.exists() else None
