"""Embeddings as words see them: mapped into the space of texts, with what random texts score on each.

That takes 0.4 ms a photo, so it is done once. The worker of the queue `index` keeps it in a file beside the indexes,
which can be made again; a search maps what came after the file, and who does not search FEW of it. In memory a photo
takes 320 bytes.
"""

import fcntl
import hashlib
import logging
import os
import threading
import uuid
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from mirage.web.time_limit import time_out
from photos.pipeline import jobs
from photos.storage import paths
from photos.vectors.exact import SLACK, Ids, Vectors
from photos.vectors.files import stamp_of, sync
from photos.vectors.kinds import KINDS, PAGE
from vision import embeddings, kinds
from vision.words import library, maps, vocabulary
from vision.words.library import Chance, Library, Packed, Tops
from vision.words.query import WEIGHTS_OF_NAMES

log = logging.getLogger(__name__)

FORMAT = 2
AT_ONCE = 2_000  # photos that one search maps
FEW = 100  # the same where nobody searches and a photo more or less does not matter
FEW_SECONDS = 0.1  # how long such waits for another that maps
BACKLOG = 1_000  # photos that came after the file before it is worth writing again
MOST_GONE = 0.1  # share of photos that are gone before what random texts score is measured again
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
_NUMBERS = ("rows", "photos", "owners", "numbers", "steps", "chances", "shown", "kinds")


@dataclass(frozen=True)
class Mapped:
    """Photos as words see them, by owner. An array has a row for each, `chances` a column."""

    rows: Ids  # of embeddings; ascending within an owner
    photos: Ids
    owners: Ids  # ascending
    numbers: NDArray[np.int8]  # of Packed
    steps: Vectors
    chances: Vectors  # of WEIGHTS_OF_NAMES × popularity, mean and spread × photos
    shown: NDArray[np.uint16]  # words of the vocabulary that a photo shows, as Vocabulary.shown has them
    kinds: NDArray[np.uint8]  # bits of the kinds of pictures that it is likely of, as vision/kinds.py has them
    tops: dict[int, tuple[Tops, ...]]  # of each owner, for each of WEIGHTS_OF_NAMES

    @classmethod
    def none(cls) -> Self:
        return cls.of([], np.empty((0, embeddings.DIMENSION), np.float32))

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int]], vectors: Vectors) -> Self:
        """Of embeddings: id, photo and owner of each, and its vector."""
        known = np.array(rows, np.int64).reshape(-1, 3)
        order = np.lexsort((known[:, 0], known[:, 2]))
        known, mapped = known[order], Library.of(vectors[order])
        packed, chances, tops = Packed.of(np.asarray(mapped.vectors)), [], {}
        shown = [np.empty((0, vocabulary.MOST), np.uint16)]
        for owner in np.unique(known[:, 2]).tolist():
            own = Library(mapped.vectors[_of_owner(known[:, 2], owner)], mapped.known)
            measured = [own.chance(names) for names in WEIGHTS_OF_NAMES]
            chances.append(np.array([(one.popularity, one.mean, one.spread) for one in measured], np.float32))
            tops[owner] = tuple(one.tops for one in measured)
            shown.append(vocabulary.shipped().shown(own))
        none = np.empty((len(WEIGHTS_OF_NAMES), 3, 0), np.float32)
        return cls(
            known[:, 0], known[:, 1], known[:, 2], packed.numbers, packed.steps,
            np.concatenate([none, *chances], axis=2), np.concatenate(shown), kinds.shipped().likely(vectors[order]),
            tops,
        )  # fmt: skip

    def __add__(self, other: "Mapped") -> "Mapped":
        owners = np.concatenate([self.owners, other.owners])
        rows = np.concatenate([self.rows, other.rows])
        order = np.lexsort((rows, owners))
        tops = dict(self.tops)
        for owner, more in other.tops.items():
            tops[owner] = tuple(a + b for a, b in zip(tops[owner], more, strict=True)) if owner in tops else more
        return Mapped(
            rows[order], np.concatenate([self.photos, other.photos])[order], owners[order],
            np.concatenate([self.numbers, other.numbers])[order], np.concatenate([self.steps, other.steps])[order],
            np.concatenate([self.chances, other.chances], axis=2)[..., order],
            np.concatenate([self.shown, other.shown])[order], np.concatenate([self.kinds, other.kinds])[order], tops,
        )  # fmt: skip

    def only(self, kept: NDArray[np.bool_]) -> "Mapped":
        """Without the other photos. What random texts score at best may still be of those."""
        return Mapped(
            self.rows[kept], self.photos[kept], self.owners[kept], self.numbers[kept], self.steps[kept],
            self.chances[..., kept], self.shown[kept], self.kinds[kept],
            {owner: self.tops[owner] for owner in np.unique(self.owners[kept]).tolist()},
        )  # fmt: skip

    def chance(self, weight: int) -> Chance:
        """What random texts score on these photos, which are one owner's."""
        popularity, mean, spread = self.chances[weight]
        (tops,) = self.tops.values()
        return Chance(popularity, mean, spread, tops[weight])

    def of_owner(self, owner: int) -> "Mapped":
        """The owner's photos, without copying."""
        own = _of_owner(self.owners, owner)
        return Mapped(
            self.rows[own], self.photos[own], self.owners[own], self.numbers[own], self.steps[own],
            self.chances[..., own], self.shown[own], self.kinds[own],
            {owner: self.tops[owner]} if owner in self.tops else {},
        )  # fmt: skip


def _of_owner(owners: Ids, owner: int) -> slice:
    return slice(*np.searchsorted(owners, [owner, owner + 1]).tolist())


@dataclass(frozen=True)
class Seen:
    """The photos of some owners, as a library that can be asked."""

    photos: Ids
    library: Library
    shown: NDArray[np.uint16]  # words of the vocabulary
    kinds: NDArray[np.uint8]  # bits of kinds of pictures

    @classmethod
    def of(cls, parts: Iterable[Mapped], owners: Collection[int]) -> Self | None:
        """None where none of these photos are known yet."""
        found = [own for part in parts for owner in sorted(owners) if len((own := part.of_owner(owner)).rows)]
        if not found:
            return None
        measured = {
            names: Chance.joined([part.chance(at) for part in found]) for at, names in enumerate(WEIGHTS_OF_NAMES)
        }
        vectors = library.Parts(tuple(Packed(part.numbers, part.steps) for part in found))
        return cls(
            np.concatenate([part.photos for part in found]),
            Library(vectors, maps.shipped(), measured),
            np.concatenate([part.shown for part in found]),
            np.concatenate([part.kinds for part in found]),
        )


# --- asking -----------------------------------------------------------------------------------------------------------


class Shelf:
    """What the file holds and what came after it, in memory, kept up with the database. One a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: object = None
        self._published = self._tail = Mapped.none()
        self._seen: dict[frozenset[int], Seen | None] = {}

    def seen(self, owners: Collection[int], few: bool = False) -> Seen | None:
        """The photos of these owners. If `few`, nobody waits until all that came after the file are mapped."""
        wanted = frozenset(owners)
        if not self._lock.acquire(timeout=FEW_SECONDS if few else -1):
            return self._seen.get(wanted)
        try:
            with time_out():  # what is read here serves all later searches: the time limit of one must not stop it
                self._keep_up(FEW if few else AT_ONCE)
            if wanted not in self._seen:
                self._seen[wanted] = Seen.of((self._published, self._tail), wanted)
            return self._seen[wanted]
        finally:
            self._lock.release()

    def _keep_up(self, at_once: int) -> None:
        if (stamp := (file(), stamp_of(file()))) != self._stamp:
            self._stamp, self._published, self._tail = stamp, read(file()) or Mapped.none(), Mapped.none()
            self._seen.clear()
        newest = max(int(part.rows.max(initial=0)) for part in (self._published, self._tail))
        rows = _rows().filter(id__gt=newest - SLACK).order_by("id")
        held = np.concatenate([self._published.rows, self._tail.rows])
        ids = np.array(list(rows.values_list("id", flat=True)[: AT_ONCE + SLACK]), np.int64)  # numpy hides errors
        missing = ids[~np.isin(ids, held[held > newest - SLACK])][:at_once]
        if len(missing):
            self._tail += mapped(_rows().filter(id__in=missing.tolist()))
            self._seen.clear()
        if len(self._tail.rows) >= BACKLOG:
            jobs.enqueue("refresh_words")


@cache
def shelf() -> Shelf:
    """The one of this process."""
    return Shelf()


def _rows() -> QuerySet[Any]:
    return KINDS[embeddings.KIND].rows()


def mapped(rows: QuerySet[Any]) -> Mapped:
    """These embeddings as words see them."""
    known = {row: (row, photo, owner) for row, photo, owner in rows.values_list("id", "photo_id", "photo__owner_id")}
    ids, vectors = KINDS[embeddings.KIND].parsed(rows.values_list("id", "vector"))
    there = [place for place, row in enumerate(ids.tolist()) if row in known]
    return Mapped.of([known[row] for row in ids[there].tolist()], vectors[there])


# --- the file ---------------------------------------------------------------------------------------------------------


@cache
def _version() -> str:
    """Says by which maps and vocabulary, of which vectors, and how it is written."""
    told = hashlib.sha256(b"".join(file.read_bytes() for file in (maps.FILE, vocabulary.FILE, kinds.FILE)))
    told.update(f"{FORMAT} {embeddings.MODEL} {WEIGHTS_OF_NAMES}".encode())
    return told.hexdigest()[:12]


def file() -> Path:
    """Where it is; one by other maps has another name."""
    return paths.indexes_folder() / f"words-{_version()}.npz"


def read(path: Path) -> Mapped | None:
    """What the file holds; None where there is none, or a damaged one, which is written again."""
    try:
        with np.load(path) as stored:
            arrays = {name: stored[name] for name in _NUMBERS}
            best, sums, counts = stored["best"], stored["sums"], stored["counts"].tolist()
            owners = stored["tops_of"].tolist()
    except FileNotFoundError:
        return None
    except _UNREADABLE as error:
        log.warning("%s is not used, and will be made again: %s", path.name, error)
        jobs.enqueue("refresh_words")
        return None
    tops = {
        owner: tuple(
            Tops(best[at, weight, :, -min(library.BEST, count) :], sums[at, weight], count)
            for weight in range(len(WEIGHTS_OF_NAMES))
        )
        for at, (owner, count) in enumerate(zip(owners, counts, strict=True))
    }
    return Mapped(**arrays, tops=tops)


def write(path: Path, held: Mapped) -> None:
    """Keep this. Raises OSError."""
    texts = len(maps.shipped().of_names.null_texts)
    best = np.full((len(held.tops), len(WEIGHTS_OF_NAMES), texts, library.BEST), -np.inf, np.float32)
    sums = np.zeros((len(held.tops), len(WEIGHTS_OF_NAMES), 2, texts))
    for at, tops in enumerate(held.tops.values()):
        for weight, one in enumerate(tops):
            best[at, weight, :, -one.best.shape[1] :], sums[at, weight] = one.best, one.sums
    temporary = path.with_name(f"words-{uuid.uuid4().hex}.new.npz")
    np.savez(
        temporary,
        allow_pickle=False,
        best=best,
        sums=sums,
        counts=np.array([tops[0].count for tops in held.tops.values()], np.int64),
        tops_of=np.array(list(held.tops), np.int64),
        **{name: getattr(held, name) for name in _NUMBERS},
    )
    sync(temporary)
    os.replace(temporary, path)
    paths.sync_folder(path.parent)


def refresh() -> int:
    """Add to the file what came, take away what went. How many photos it holds."""
    with _writing():
        held = read(file()) or Mapped.none()
        ids = np.array(_rows().order_by("id").values_list("id", flat=True), np.int64)
        kept = np.isin(held.rows, ids)
        if np.count_nonzero(~kept) > MOST_GONE * len(kept):
            held, kept = Mapped.none(), np.empty(0, bool)
        missing = np.setdiff1d(ids, held.rows)
        if not kept.all():
            held = held.only(kept)
        for first in range(0, len(missing), PAGE):
            held += mapped(_rows().filter(id__in=missing[first : first + PAGE].tolist()))
        write(file(), held)
    jobs.forget("refresh_words")
    return len(held.rows)


def refresh_if_due() -> None:
    """Let the worker of the queue `index` bring the file up when enough came since."""
    if is_due():
        jobs.enqueue("refresh_words")


def is_due() -> bool:
    """Whether enough came since the file was written."""
    try:
        with np.load(file()) as stored:
            newest = int(stored["rows"].max(initial=0))
    except _UNREADABLE:
        newest = 0
    return _rows().filter(id__gt=newest).count() >= BACKLOG


@contextmanager
def _writing() -> Iterator[None]:
    """Be the one writer; a second waits. What a killed one left, and what is of other maps, is removed."""
    folder = paths.indexes_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "words.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for other in folder.glob("words-*.npz"):
            if other != file():
                other.unlink(missing_ok=True)
        yield
