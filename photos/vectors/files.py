"""Indexes as files of hnswlib in MIRAGE_DATA/indexes, each with a sidecar. Only this module imports hnswlib.

The sidecar names the file and describes its content, because hnswlib loads anything that looks like a graph. A new file
gets a new name, and is synced and verified before the sidecar is replaced. Readers then load the new file into memory.
No process writes into a file that another may read: that would kill the reader. A lock allows one writer at a time.
"""

import fcntl
import hashlib
import json
import logging
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from photos.storage import paths
from photos.vectors import backends
from photos.vectors.exact import Ids, Vectors
from photos.vectors.kinds import Kind

try:
    import hnswlib
except ImportError:  # without a compiler it cannot be installed; then every search is exact
    hnswlib = None

log = logging.getLogger(__name__)

FORMAT = 1
M, EF_CONSTRUCTION = 16, 200
MOST_GONE = 0.1  # with a larger share of removed vectors the graph is rebuilt
ATTEMPTS = 10  # to read an index that is published again meanwhile
THREADS = max((os.cpu_count() or 1) - 1, 1)
_GROWTH = 1.1


class UnusableIndex(Exception):
    """The index cannot be used. The message says why."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The content of an index file. `count` includes `removed`, the vectors that are marked as deleted."""

    kind: str
    model: str
    dimension: int
    count: int
    removed: int
    last_id: int
    file: str
    bytes: int
    checksum: str
    format: int = FORMAT


class FileIndex:
    """A published index in memory. It never changes, so threads can share it."""

    def __init__(self, sidecar: Sidecar, graph: Any) -> None:
        self.sidecar, self.graph = sidecar, graph
        self.last_id = sidecar.last_id

    def nearest(self, queries: Vectors, count: int) -> tuple[list[Ids], list[Vectors]]:
        count = min(count, self.sidecar.count - self.sidecar.removed)
        while count > 0:
            try:
                labels, distances = self.graph.knn_query(queries, k=count, num_threads=THREADS)
            except RuntimeError:  # the graph reaches fewer
                count //= 2
                continue
            return list(labels.astype(np.int64)), list(1.0 - distances)
        return [np.empty(0, np.int64)] * len(queries), [np.empty(0, np.float32)] * len(queries)

    def ids(self) -> Ids:
        """The ids of its rows, including those marked as deleted."""
        return np.sort(np.array(self.graph.get_ids_list(), np.int64))


# --- reading ----------------------------------------------------------------------------------------------------------

_loaded: dict[Path, tuple[tuple[int, int] | None, FileIndex | None]] = {}
_loading = threading.Lock()


def published(kind: Kind) -> FileIndex | None:
    """The newest usable index, loaded again if its sidecar has changed. Meanwhile other threads use the old one."""
    place = sidecar_path(kind)
    stamp = stamp_of(place)
    known, index = _loaded.get(place, (None, None))
    if stamp == known or hnswlib is None:
        return index
    if not _loading.acquire(blocking=index is None):
        return index
    try:
        if _loaded.get(place, (None, None))[0] != stamp:
            _loaded[place] = (stamp, load_or_none(kind))
        return _loaded[place][1]
    finally:
        _loading.release()


def load_or_none(kind: Kind) -> FileIndex | None:
    """The index. If it cannot be used: None, a warning in the log, and a request to rebuild it."""
    try:
        return load(kind)
    except FileNotFoundError:
        return None
    except UnusableIndex as error:
        log.warning("The index of %s is not used, and searches are exact until it is rebuilt: %s", kind.name, error)
        backends.ask_for_refresh(kind.name)
        return None


def load(kind: Kind) -> FileIndex:
    """Read and verify the published index. Raises UnusableIndex, or FileNotFoundError if there is none."""
    for attempt in range(ATTEMPTS):
        sidecar = read_sidecar(kind)
        file = sidecar_path(kind).with_name(sidecar.file)
        try:
            verify(sidecar, file)
            graph = hnswlib.Index("ip", kind.dimension)
            graph.load_index(str(file))
        except FileNotFoundError:
            if attempt == ATTEMPTS - 1:
                raise UnusableIndex(f"{sidecar.file} is missing") from None
            continue  # the next publication came in between
        except RuntimeError as error:
            if not file.exists() and attempt < ATTEMPTS - 1:
                continue  # it came after the file was verified
            raise UnusableIndex(f"{sidecar.file} cannot be loaded: {error}") from error
        if graph.get_current_count() != sidecar.count:
            raise UnusableIndex(f"{sidecar.file} holds {graph.get_current_count()} vectors, not {sidecar.count}")
        graph.set_ef(ef_for(sidecar.count))  # files do not store it
        return FileIndex(sidecar, graph)
    raise AssertionError("the last attempt returns or raises")


def ef_for(count: int) -> int:
    """hnswlib's ef for that many vectors, so that 0.99 of 20 neighbours are found (benchmarks/similarity.py)."""
    return max(128, count // 1_000)


def read_sidecar(kind: Kind) -> Sidecar:
    """The sidecar of the published index. Raises UnusableIndex if it is not of this kind."""
    place = sidecar_path(kind)
    try:
        sidecar = Sidecar(**json.loads(place.read_text()))
    except (ValueError, TypeError) as error:
        raise UnusableIndex(f"{place.name} cannot be read") from error
    expected = (FORMAT, kind.name, kind.model, kind.dimension)
    if (sidecar.format, sidecar.kind, sidecar.model, sidecar.dimension) != expected:
        raise UnusableIndex(f"it is of {sidecar.kind} by {sidecar.model}, format {sidecar.format}")
    if Path(sidecar.file).name != sidecar.file:
        raise UnusableIndex(f"{place.name} names a file elsewhere")
    return sidecar


def verify(sidecar: Sidecar, file: Path) -> None:
    """Compare size and checksum. Raises UnusableIndex or FileNotFoundError."""
    if file.stat().st_size != sidecar.bytes:
        raise UnusableIndex(f"{sidecar.file} has {file.stat().st_size} bytes, not {sidecar.bytes}")
    if checksum(file) != sidecar.checksum:
        raise UnusableIndex(f"{sidecar.file} is damaged: its checksum is wrong")


def checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sidecar_path(kind: Kind) -> Path:
    return paths.indexes_folder() / f"{kind.name}.json"


def stamp_of(place: Path) -> tuple[int, int] | None:
    """A value that changes when the file is replaced."""
    try:
        status = place.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def examine(kind: Kind) -> list[str]:
    """The problems of the published files."""
    if hnswlib is None:
        return [_("hnswlib is not installed: every search is exact.")] if sidecar_path(kind).exists() else []
    try:
        load(kind)
    except FileNotFoundError:
        return []
    except UnusableIndex as error:
        return [_("The index cannot be used: %(reason)s.") % {"reason": error}]
    return []


def glance(kind: Kind) -> list[str]:
    """The problems that can be found without reading the file."""
    try:
        sidecar = read_sidecar(kind)
        size = sidecar_path(kind).with_name(sidecar.file).stat().st_size
    except FileNotFoundError as error:
        return [] if error.filename == str(sidecar_path(kind)) else [_("The file of the index is missing.")]
    except UnusableIndex as error:
        return [_("The index cannot be used: %(reason)s.") % {"reason": error}]
    if size == sidecar.bytes:
        return []
    words = _("%(file)s has %(size)s bytes, not %(wanted)s.")
    return [words % {"file": sidecar.file, "size": size, "wanted": sidecar.bytes}]


def held_ids(kind: Kind) -> Ids:
    index = published(kind)
    return np.empty(0, np.int64) if index is None else index.ids()


# --- writing ----------------------------------------------------------------------------------------------------------


def build(kind: Kind, *, from_scratch: bool, on_progress: Callable[[int, int], None]) -> int:
    """Update the graph from the database and publish it. Returns how many vectors it holds, 0 without hnswlib."""
    if hnswlib is None:
        return 0
    with writing(kind):
        rows = np.array(kind.rows().order_by("id").values_list("id", flat=True), np.int64)
        graph, held = (None, np.empty(0, np.int64)) if from_scratch else graph_to_extend(kind)
        gone = np.setdiff1d(held, rows, assume_unique=True)
        if graph is None or len(gone) > MOST_GONE * len(held):
            graph, held, gone = new_graph(kind, len(rows)), held[:0], held[:0]
        missing = np.setdiff1d(rows, held, assume_unique=True)
        if len(held) and not len(missing) and not len(gone):
            return len(held)
        removed = mark_removed(graph, gone)
        for ids, vectors in read_missing(kind, missing):
            if graph.get_current_count() + len(ids) > graph.get_max_elements():
                graph.resize_index(int(_GROWTH * (graph.get_current_count() + len(ids))))
            graph.add_items(vectors, ids, num_threads=THREADS)
            on_progress(graph.get_current_count() - len(held), len(missing))
        publish(kind, graph, removed, int(rows[-1]) if len(rows) else 0)
        return graph.get_current_count() - removed


def graph_to_extend(kind: Kind) -> tuple[Any, Ids]:
    """A private copy of the published graph, and the ids in it. None if it cannot be used."""
    try:
        index = load(kind)
    except FileNotFoundError:
        return None, np.empty(0, np.int64)
    except UnusableIndex as error:
        log.warning("The index of %s is rebuilt: %s", kind.name, error)
        return None, np.empty(0, np.int64)
    return index.graph, index.ids()


def new_graph(kind: Kind, capacity: int) -> Any:
    graph = hnswlib.Index("ip", kind.dimension)
    graph.init_index(max(capacity, 1), ef_construction=EF_CONSTRUCTION, M=M)
    return graph


def mark_removed(graph: Any, gone: Ids) -> int:
    """Mark these as deleted. Returns how many."""
    for label in gone.tolist():
        with suppress(RuntimeError):  # it was marked before
            graph.mark_deleted(label)
    return len(gone)


def read_missing(kind: Kind, missing: Ids) -> Iterator[tuple[Ids, Vectors]]:
    """The vectors of these rows, in pages by id."""
    if not len(missing):
        return
    rows = kind.rows().filter(id__lte=int(missing[-1]))
    for ids, vectors in kind.pages(rows, int(missing[0]) - 1):
        wanted = np.isin(ids, missing, assume_unique=True)
        if wanted.any():
            yield ids[wanted], vectors[wanted]


def publish(kind: Kind, graph: Any, removed: int, last_id: int) -> None:
    """Write the graph to a new file, check it, and replace the sidecar. Raises OSError, UnusableIndex."""
    place = sidecar_path(kind)
    file = place.with_name(f"{kind.name}-{uuid.uuid4().hex}.hnsw")
    graph.save_index(str(file))  # raises nothing if the disk is full
    size = file.stat().st_size
    if size != graph.index_file_size():
        file.unlink()
        raise UnusableIndex(f"only {size} of {graph.index_file_size()} bytes could be written: is the disk full?")
    sync(file)
    sidecar = Sidecar(
        kind=kind.name,
        model=kind.model,
        dimension=kind.dimension,
        count=graph.get_current_count(),
        removed=removed,
        last_id=last_id,
        file=file.name,
        bytes=size,
        checksum=checksum(file),
    )
    temporary = place.with_name(f"{kind.name}-{uuid.uuid4().hex}.new")
    temporary.write_text(json.dumps(asdict(sidecar), indent=1))
    sync(temporary)
    paths.sync_folder(place.parent)
    os.replace(temporary, place)
    paths.sync_folder(place.parent)
    remove_strays(kind, keep=file.name)


def sync(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


@contextmanager
def writing(kind: Kind) -> Iterator[None]:
    """Wait until no other process writes, and remove the files of a killed writer."""
    folder = paths.indexes_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{kind.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            keep = read_sidecar(kind).file
        except (FileNotFoundError, UnusableIndex):
            keep = ""
        remove_strays(kind, keep)
        yield


def remove_strays(kind: Kind, keep: str) -> None:
    """Remove the kind's other files. Readers have theirs in memory."""
    folder = paths.indexes_folder()
    for file in [*folder.glob(f"{kind.name}-*.hnsw"), *folder.glob(f"{kind.name}-*.new")]:
        if file.name != keep:
            file.unlink(missing_ok=True)
