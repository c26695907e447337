"""Fetching a CLIP that somebody chose, from an address or a folder of theirs. Only ever on demand.

A list of SHA-256 sums, as `sha256sum` writes it, says which files to take. One that differs is not kept, and the model
is put in place only when it is whole.
"""

import hashlib
import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from mirage.runtime.fetching import CannotFetch, placing

SUMS = "SHA256SUMS"
SECONDS = 60  # of silence until an address counts as dead
_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
_NO_NAMES = {"resolve", "main", "onnx", "raw", ""}  # parts of addresses that say nothing of the model


def fetch(origin: str, sums: Path | None, models: Path) -> Path:
    """Put the model's files below the folder of models. Returns its folder. Raises CannotFetch."""
    wanted = read_sums(sums or Path(origin) / SUMS)
    target = models / "clip" / name_of(origin)
    with placing(models) as scratch:
        for name, digest in wanted.items():
            _take(origin, name, digest, scratch / "clip" / name)
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            shutil.rmtree(target)
        os.replace(scratch / "clip", target)
    return target


def read_sums(path: Path) -> dict[str, str]:
    """The sum of each file. Raises CannotFetch."""
    try:
        lines = [line for line in path.read_text().splitlines() if line.strip()]
    except OSError as error:
        raise CannotFetch(
            _("%(path)s cannot be read. Write it with sha256sum where you trust the files.") % {"path": path}
        ) from error
    found = {}
    for line in lines:
        told = _LINE.fullmatch(line)
        if told is None or not _stays_below(told[2]):
            raise CannotFetch(
                _("%(name)s has a line that is no sum of a file: %(line)s") % {"name": path.name, "line": line[:80]}
            )
        found[told[2].removeprefix("./")] = told[1].lower()
    if not found:
        raise CannotFetch(_("%(path)s names no file.") % {"path": path})
    return found


def name_of(origin: str) -> str:
    """What the model is called: the last part of its address that is a name."""
    place = str(Path(origin).resolve()) if Path(origin).is_dir() else urlsplit(origin).path
    parts = [part for part in place.split("/") if part not in _NO_NAMES]
    return (re.sub(r"[^\w.-]", "-", parts[-1]).lstrip(".") if parts else "") or "model"


def _stays_below(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _take(origin: str, name: str, digest: str, target: Path) -> None:
    """Copy one file and compare its sum."""
    target.parent.mkdir(parents=True, exist_ok=True)
    seen = hashlib.sha256()
    try:
        with _opened(origin, name) as stream, target.open("wb") as copy:
            while piece := stream.read(1 << 20):
                seen.update(piece)
                copy.write(piece)
    except (OSError, urllib.error.URLError) as error:
        raise CannotFetch(
            _("%(name)s could not be fetched from %(origin)s: %(error)s")
            % {"name": name, "origin": origin, "error": error}
        ) from error
    if seen.hexdigest() != digest:
        raise CannotFetch(_("%(name)s is not the file that was listed: its checksum is different.") % {"name": name})


@contextmanager
def _opened(origin: str, name: str) -> Iterator[IO[bytes]]:
    if origin.startswith(("https://", "http://")):
        with urllib.request.urlopen(f"{origin.rstrip('/')}/{quote(name)}", timeout=SECONDS) as stream:
            yield stream
    else:
        with (Path(origin) / name).open("rb") as stream:
            yield stream
