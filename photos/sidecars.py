"""Which files beside a photo belong to it."""

from collections.abc import Iterable
from pathlib import Path

from photos.metadata.writing import written_key

KEPT = ".original."
HEAD = 1024  # bytes in which a packet says what wrote it
SUPPLEMENTAL = "supplemental-metadata"


def find_sidecars(path: Path, names: Iterable[str]) -> list[Path]:
    """Of the names in the photo's folder those that describe it: `IMG.jpg.xmp`, `IMG.xmp`, and Takeout's JSON."""
    return [path.with_name(name) for name in sorted(names) if is_sidecar_of(name, path.name)]


def is_sidecar_of(name: str, photo: str) -> bool:
    """Whether a file of this name describes the photo of that name."""
    name, photo = name.lower(), photo.lower()
    stem, _, extension = name.rpartition(".")
    if extension == "xmp":
        return stem in (photo, photo.rpartition(".")[0])
    if extension != "json" or not stem.startswith(photo):
        return False
    rest = stem[len(photo) :].removeprefix(".")  # Takeout cuts the long form to fit its limit on names
    return SUPPLEMENTAL.startswith(rest)


def is_sidecar(name: str) -> bool:
    """Whether a file of this name may describe a photo."""
    return name.lower().endswith((".xmp", ".json"))


def is_kept_original(name: str) -> bool:
    """Whether this is the sidecar that was there before Mirage put its own in the place."""
    return KEPT in name


def is_written_for(path: Path, key: str) -> bool:
    """Whether Mirage wrote this sidecar for the photo of that key, and no other program has changed it since."""
    if path.suffix.lower() != ".xmp":
        return False
    with path.open("rb") as file:
        return written_key(file.read(HEAD)) == key
