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
EDITED_WORDS = (
    *("edited", "effects", "smile", "mix", "bearbeitet", "modifié", "modifie", "editado", "editada", "modificato"),
    *("bewerkt", "redigerad", "redigeret", "redigert", "muokattu", "edytowane", "upraveno", "szerkesztett"),
    *("ha editado", "editat", "відредаговано", "已編輯", "düzenlendi", "измененный", "編集済み", "已修改", "수정됨"),
)
EDITED = re.compile(rf"^(.+)-(?:{'|'.join(EDITED_WORDS)})$", re.IGNORECASE)
# The same where the name was cut behind the hyphen.
EDITED_CUT = re.compile(
    rf"^(.+)-(?:{'|'.join(sorted({word[:end] for word in EDITED_WORDS for end in range(len(word))}))})$", re.IGNORECASE
)
STILLS = (".heic", ".jpg", ".jpeg", ".png", ".dng")
MOVING = (".mp4", ".mov", ".mp", ".mv")


class Neighbours:
    """The names in one folder, and which of them describe which.

    What has exactly a photo's name is that photo's; case and the encoding of accents are passed over only for what
    would else be nobody's.
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
        """`IMG.jpg.xmp`, `IMG.xmp`, and the photo's JSON, as far as they are there."""
        found = [self._packet(photo), self._packet(stem_of(photo)), self.supplement_of(photo)]
        return list(dict.fromkeys(name for name in found if name))

    def supplement_of(self, photo: str) -> str | None:
        """Takeout's JSON of this photo: its own, that of what it was edited from, of its Live Photo's still."""
        for key in own_keys(photo):
            if key in self._exact:
                return self._exact[key]
        found = (name for key in possible_keys(fold(photo)) for name in self._folded.get(key, ()))
        return next((name for name in found if self._is_free(name, photo)), None)

    def _packet(self, base: str) -> str | None:
        """`BASE.xmp`: exactly, else whatever the case and the encoding."""
        alike = self._by_fold.get(fold(f"{base}.xmp"), [])
        exact = next((name for name in alike if name[: -len(".xmp")] == base), None)
        return exact or next((name for name in alike if name not in self._owned), None)

    def _packets(self, photo: str) -> list[str]:
        """The XMP sidecars that have exactly this photo's name."""
        bases = (photo, stem_of(photo))
        return [name for base in bases for name in self._by_fold.get(fold(f"{base}.xmp"), ()) if name[:-4] == base]

    def _is_free(self, json: str, photo: str) -> bool:
        """Whether a JSON that has not exactly this photo's name is no twin's: another photo of the same name."""
        twins = [name for name in self._by_fold.get(fold(photo), ()) if name != photo]
        return not any(self._exact.get(key) == json for twin in twins for key in own_keys(twin))

    def claimed(self) -> frozenset[str]:
        """The names that describe some photo here."""
        return frozenset(sidecar for name in self._names if is_media(name) for sidecar in self.sidecars_of(name))


def is_media(name: str) -> bool:
    """Whether this may be a photo: by its extension, or because it has none and its content decides."""
    return looks_like_media(name) or "." not in name


def stem_of(name: str) -> str:
    """The name without its extension."""
    stem, dot, _ = name.rpartition(".")
    return stem if dot else name


def fold(name: str) -> str:
    """The name without regard to case and to how accents are encoded."""
    return unicodedata.normalize("NFC", name).lower()


def json_bases(stem: str) -> list[tuple[str, int]]:
    """What a JSON of this name (without `.json`) may be for: name of the photo, perhaps cut short, and counter."""
    base, number = split_counter(stem)
    bases = [(stem, 0), (base, number)] if number else [(base, 0)]
    name, dot, rest = base.rpartition(".")
    if dot and SUPPLEMENTAL.startswith(rest.lower()):  # cut anywhere to fit the limit, even behind the dot
        bases.append((name, number))
    return bases


def possible_keys(photo: str) -> list[tuple[str, int]]:
    """Under which names a JSON may be that describes the photo, the surest first."""
    originals = edited_from(photo)
    keys = [key for name in (photo, *originals) for key in own_keys(name)]
    stem, dot, extension = photo.rpartition(".")
    if dot + extension.partition("~")[0] in MOVING or not dot:
        keys += [key for still in STILLS for key in own_keys(stem + still) + own_keys(photo + still)]
    return keys + [key for name in (photo, *originals) for key in bare_keys(name)]


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


def bare_keys(photo: str) -> list[tuple[str, int]]:
    """The same where Takeout left the extension away."""
    stem = stem_of(photo)
    base, number = split_counter(stem)
    return [(cut_short(stem), 0), (cut_short(base), number)]


def cut_short(name: str) -> str:
    """The name as far as Takeout leaves it. It counts in UTF-16, where most emoji take two."""
    return name.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST].decode("utf-16-le", "ignore")


def edited_from(photo: str) -> list[str]:
    """The names that the photo may have that an edited copy was made from: `IMG-edited(1).jpg` is of `IMG(1).jpg`.

    In a long name the word for "edited" may be cut, too.
    """
    stem, dot, extension = photo.rpartition(".") if "." in photo else (photo, "", "")
    base, number = split_counter(stem)
    found = [EDITED.match(base), EDITED_CUT.match(base) if cut_short(f"{base}x") != f"{base}x" else None]
    counter = f"({number})" if number else ""
    return [f"{one[1]}{counter}{dot}{extension}" for one in found if one]


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
