"""Finding a photo's sidecars by name: XMP sidecars, and Google Takeout's JSON under all its names."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from media.mediatypes import looks_like_media
from media.metadata.xmp_writing import written_key

HEAD = 1024  # bytes at the start of an XMP packet that name the program that wrote it
SUPPLEMENTAL = "supplemental-metadata"
LONGEST = 46  # characters to which Takeout shortens a JSON's name, without `.json` and the counter
COUNTER = re.compile(r"^(.*)\((\d{1,5})\)$", re.DOTALL)
# What Google Photos appends to the names of edited copies, in the languages seen so far.
EDITED_WORDS = (
    *("edited", "effects", "smile", "mix", "bearbeitet", "modifié", "modifie", "editado", "editada", "modificato"),
    *("bewerkt", "redigerad", "redigeret", "redigert", "muokattu", "edytowane", "upraveno", "szerkesztett"),
    *("ha editado", "editat", "відредаговано", "已編輯", "düzenlendi", "измененный", "編集済み", "已修改", "수정됨"),
)
EDITED = re.compile(rf"^(.+)-(?:{'|'.join(EDITED_WORDS)})$", re.IGNORECASE)
# The same, where the word was cut short.
EDITED_CUT = re.compile(
    rf"^(.+)-(?:{'|'.join(sorted({word[:end] for word in EDITED_WORDS for end in range(len(word))}))})$", re.IGNORECASE
)
STILLS = (".heic", ".jpg", ".jpeg", ".png", ".dng")
MOVING = (".mp4", ".mov", ".mp", ".mv")


class Neighbours:
    """The names of the files in one folder, and which of them describe which.

    An exact match wins. Case and the encoding of accents are ignored only for sidecars without an exact match.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._by_fold: dict[str, list[str]] = {}
        self._exact: dict[tuple[str, int], str] = {}
        self._folded: dict[tuple[str, int], list[str]] = {}
        for name in self._names:
            self._by_fold.setdefault(fold(name), []).append(name)
            if name.lower().endswith(".json"):
                for base, number in json_bases(name[: -len(".json")]):
                    self._exact.setdefault((base, number), name)
                    self._folded.setdefault((fold(base), number), []).append(name)
        self._owned = frozenset(owned for name in self._names if is_media(name) for owned in self._packets(name))

    def sidecars_of(self, photo: str) -> list[str]:
        """`IMG.jpg.xmp`, `IMG.xmp` and the photo's JSON, if they exist."""
        found = [self._packet(photo), self._packet(stem_of(photo)), self.supplement_of(photo)]
        return list(dict.fromkeys(name for name in found if name))

    def supplement_of(self, photo: str) -> str | None:
        """Takeout's JSON of this photo, of the photo it was edited from, or of its Live Photo's still."""
        for key in own_keys(photo):
            if key in self._exact:
                return self._exact[key]
        found = (name for key in possible_keys(fold(photo)) for name in self._folded.get(key, ()))
        return next((name for name in found if self._is_free(name, photo)), None)

    def _packet(self, base: str) -> str | None:
        """`BASE.xmp`: an exact match, or else one that ignores case and encoding."""
        alike = self._by_fold.get(fold(f"{base}.xmp"), [])
        exact = next((name for name in alike if name[: -len(".xmp")] == base), None)
        return exact or next((name for name in alike if name not in self._owned), None)

    def _packets(self, photo: str) -> list[str]:
        """The XMP sidecars that match this photo's name exactly."""
        bases = (photo, stem_of(photo))
        return [name for base in bases for name in self._by_fold.get(fold(f"{base}.xmp"), ()) if name[:-4] == base]

    def _is_free(self, json: str, photo: str) -> bool:
        """Whether a JSON does not belong to a photo whose name differs only in case or encoding."""
        twins = [name for name in self._by_fold.get(fold(photo), ()) if name != photo]
        return not any(self._exact.get(key) == json for twin in twins for key in own_keys(twin))

    def claimed(self) -> frozenset[str]:
        """The names that describe some photo in this folder."""
        return frozenset(sidecar for name in self._names if is_media(name) for sidecar in self.sidecars_of(name))


def is_media(name: str) -> bool:
    """Whether this may be a photo, by its extension. Without one, the content decides."""
    return looks_like_media(name) or "." not in name


def stem_of(name: str) -> str:
    """The name without its extension."""
    stem, dot, _ = name.rpartition(".")
    return stem if dot else name


def fold(name: str) -> str:
    """The name without differences of case and of how accents are encoded."""
    return unicodedata.normalize("NFC", name).lower()


def json_bases(stem: str) -> list[tuple[str, int]]:
    """The photos that a JSON with this name (without `.json`) may describe: name, perhaps shortened, and counter."""
    base, number = split_counter(stem)
    bases = [(stem, 0), (base, number)] if number else [(base, 0)]
    name, dot, rest = base.rpartition(".")
    if dot and SUPPLEMENTAL.startswith(rest.lower()):  # shortened anywhere to fit the limit, even after the dot
        bases.append((name, number))
    return bases


def possible_keys(photo: str) -> list[tuple[str, int]]:
    """The names that a JSON for the photo may have, the most likely first."""
    originals = edited_from(photo)
    keys = [key for name in (photo, *originals) for key in own_keys(name)]
    stem, dot, extension = photo.rpartition(".")
    if dot + extension.partition("~")[0] in MOVING or not dot:
        keys += [key for still in STILLS for key in own_keys(stem + still) + own_keys(photo + still)]
    return keys + [key for name in (photo, *originals) for key in bare_keys(name)]


def own_keys(photo: str) -> list[tuple[str, int]]:
    """The names that a photo's own JSON may have, the most likely first."""
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


def bare_keys(photo: str) -> list[tuple[str, int]]:
    """The same, where Takeout left out the extension."""
    stem = stem_of(photo)
    base, number = split_counter(stem)
    return [(cut_short(stem), 0), (cut_short(base), number)]


def cut_short(name: str) -> str:
    """The name as Takeout shortens it. Takeout counts in UTF-16, where most emoji count as two."""
    return name.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST].decode("utf-16-le", "ignore")


def edited_from(photo: str) -> list[str]:
    """Possible names of the photo that an edited copy was made from: `IMG(1).jpg` for `IMG-edited(1).jpg`.

    In a long name the word for "edited" may be cut short.
    """
    stem, dot, extension = photo.rpartition(".") if "." in photo else (photo, "", "")
    base, number = split_counter(stem)
    found = [EDITED.match(base), EDITED_CUT.match(base) if cut_short(f"{base}x") != f"{base}x" else None]
    counter = f"({number})" if number else ""
    return [f"{one[1]}{counter}{dot}{extension}" for one in found if one]


def split_counter(stem: str) -> tuple[str, int]:
    """`IMG(2)` as `IMG` and 2. The number is 0 without a counter."""
    found = COUNTER.match(stem)
    return (found[1], int(found[2])) if found else (stem, 0)


@lru_cache(maxsize=4)
def neighbours(names: tuple[str, ...]) -> Neighbours:
    """The index of a folder's names, cached while its files are imported."""
    return Neighbours(names)


def find_sidecars(path: Path, names: Iterable[str]) -> list[Path]:
    """The photo's sidecars, among these names of files in its folder."""
    return [path.with_name(name) for name in neighbours(tuple(names)).sidecars_of(path.name)]


def is_claimed(path: Path, names: Iterable[str]) -> bool:
    """Whether this file describes one of the photos with these names."""
    return path.name in claimed(tuple(names))


@lru_cache(maxsize=4)
def claimed(names: tuple[str, ...]) -> frozenset[str]:
    return neighbours(names).claimed()


def is_sidecar(name: str) -> bool:
    """Whether a file of this name may describe a photo."""
    return name.lower().endswith((".xmp", ".json"))


def is_written_for(path: Path, key: str) -> bool:
    """Whether Mirage wrote this sidecar for the photo with that key, and no other program has changed it since."""
    if path.suffix.lower() != ".xmp":
        return False
    with path.open("rb") as file:
        return written_key(file.read(HEAD)) == key
