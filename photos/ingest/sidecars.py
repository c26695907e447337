"""Which files beside a photo belong to it: XMP sidecars, and Google Takeout's JSON under all its names."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from media.mediatypes import looks_like_media
from media.metadata.xmp_writing import written_key

KEPT = ".original."
HEAD = 1024  # bytes in which a packet says what wrote it

SUPPLEMENTAL = "supplemental-metadata"
LONGEST = 46  # characters that Takeout leaves of a JSON's name, without `.json` and the counter
COUNTER = re.compile(r"^(.*)\((\d{1,5})\)$", re.DOTALL)
# What Google Photos appends to the name of an edited copy, in the languages seen so far.
EDITED = re.compile(
    r"^(.+)-(?:edited|effects|smile|mix|bearbeitet|modifié|modifie|editado|editada|modificato|bewerkt|redigerad|redigeret"
    r"|redigert|muokattu|edytowane|upraveno|szerkesztett"
    r"|ha editado|editat|відредаговано|已編輯|düzenlendi|измененный|編集済み|已修改|수정됨)$",
    re.IGNORECASE,
)
STILLS = (".heic", ".jpg", ".jpeg", ".png", ".dng")
MOVING = (".mp4", ".mov", ".mp", ".mv")


class Neighbours:
    """The names in one folder, and which of them describe which."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {fold(name): name for name in names}
        self._supplements: dict[tuple[str, int], str] = {}
        for folded, name in self._names.items():
            if folded.endswith(".json"):
                for base in json_bases(folded.removesuffix(".json")):
                    self._supplements.setdefault(base, name)

    def sidecars_of(self, photo: str) -> list[str]:
        """`IMG.jpg.xmp`, `IMG.xmp`, and the photo's JSON, as far as they are there."""
        folded = fold(photo)
        stem = folded.rpartition(".")[0]
        found = {self._names.get(f"{folded}.xmp"), self._names.get(f"{stem}.xmp"), self.supplement_of(photo)}
        return sorted(filter(None, found))

    def supplement_of(self, photo: str) -> str | None:
        """Takeout's JSON of this photo: its own, that of what it was edited from, of its Live Photo's still."""
        return next((self._supplements[key] for key in self._keys(fold(photo)) if key in self._supplements), None)

    def _keys(self, photo: str) -> list[tuple[str, int]]:
        keys = own_keys(photo)
        if original := edited_from(photo):
            keys += own_keys(original)
        stem, dot, extension = photo.rpartition(".")
        if dot + extension in MOVING or not dot:
            for still in STILLS:
                keys += own_keys(stem + still) + own_keys(photo + still)
        return keys

    def claimed(self) -> frozenset[str]:
        """The names that describe some photo here."""
        photos = (name for name in self._names.values() if looks_like_media(name))
        return frozenset(sidecar for photo in photos for sidecar in self.sidecars_of(photo))


def fold(name: str) -> str:
    """The name without regard to case and to how accents are encoded."""
    return unicodedata.normalize("NFC", name).lower()


def json_bases(stem: str) -> list[tuple[str, int]]:
    """What a JSON of this name (without `.json`) may be for: name of the photo, perhaps cut short, and counter."""
    base, number = split_counter(stem)
    bases = [(stem, 0), (base, number)] if number else [(base, 0)]
    name, dot, rest = base.rpartition(".")
    if dot and SUPPLEMENTAL.startswith(rest):  # cut anywhere to fit the limit, even behind the dot
        bases.append((name, number))
    return bases


def own_keys(photo: str) -> list[tuple[str, int]]:
    """Under which names a photo's own JSON is sought, the surest first."""
    stem, dot, extension = photo.rpartition(".")
    stem, extension = (stem, dot + extension) if dot else (photo, "")
    base, number = split_counter(stem)
    keys = [(photo, 0)]
    if number:
        keys.append((base + extension, number))
    whole = base + extension
    if (short := cut_short(whole)) != whole:
        keys.append((short, number))
    return keys


def cut_short(name: str) -> str:
    """The name as far as Takeout leaves it. It counts in UTF-16, where most emoji take two."""
    return name.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST].decode("utf-16-le", "ignore")


def edited_from(photo: str) -> str | None:
    """The name of the photo that an edited copy was made from: `IMG-edited(1).jpg` is of `IMG(1).jpg`."""
    stem, dot, extension = photo.rpartition(".")
    base, number = split_counter(stem)
    found = EDITED.match(base)
    return f"{found[1]}{f'({number})' if number else ''}{dot}{extension}" if found else None


def split_counter(stem: str) -> tuple[str, int]:
    """`IMG(2)` as `IMG` and 2; without a counter 0."""
    found = COUNTER.match(stem)
    return (found[1], int(found[2])) if found else (stem, 0)


@lru_cache(maxsize=4)
def neighbours(names: tuple[str, ...]) -> Neighbours:
    """The index of a folder's names, kept while its files are gone through."""
    return Neighbours(names)


def find_sidecars(path: Path, names: Iterable[str]) -> list[Path]:
    """Of the names in the photo's folder those that describe it, as paths."""
    return [path.with_name(name) for name in neighbours(tuple(names)).sidecars_of(path.name)]


def is_claimed(path: Path, names: Iterable[str]) -> bool:
    """Whether this file describes a photo among those names."""
    return path.name in claimed(tuple(names))


@lru_cache(maxsize=4)
def claimed(names: tuple[str, ...]) -> frozenset[str]:
    return neighbours(names).claimed()


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
