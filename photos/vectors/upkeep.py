"""Updating, rebuilding and checking the indexes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from photos.pipeline import jobs
from photos.vectors import backends
from photos.vectors.exact import SLACK
from photos.vectors.kinds import KINDS, Kind

EXACT_BELOW = 50_000  # vectors; with fewer, exact search is as fast as an index
BACKLOG = 10_000  # new vectors that make an update worth its time

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about an index, in words. `sound` means that nothing needs to be done."""

    text: str
    sound: bool = False


def rebuild(kind_name: str, on_progress: Progress = lambda done, total: None) -> int:
    """Rebuild the index from the database, whatever its size. Returns how many vectors it holds."""
    return backends.chosen().build(KINDS[kind_name], from_scratch=True, on_progress=on_progress)


def refresh(kind_name: str, on_progress: Progress = lambda done, total: None) -> int:
    """Update the index, or build it if there is no usable one. Returns how many vectors it holds."""
    held = backends.chosen().build(KINDS[kind_name], from_scratch=False, on_progress=on_progress)
    jobs.forget("refresh_index", kind_name)  # an index may break again right after it was built
    return held


def is_due(kind: Kind) -> bool:
    """Whether enough vectors were added since the last publication."""
    index = backends.chosen().published(kind)
    if index is None:
        return kind.rows().count() >= EXACT_BELOW
    return kind.rows().filter(id__gt=index.last_id).count() >= BACKLOG


def refresh_if_due(kind_name: str) -> None:
    """Ask for an update of the index if it is due. Call it after adding vectors."""
    if is_due(KINDS[kind_name]):
        backends.ask_for_refresh(kind_name)


def check(kind_name: str) -> list[Finding]:
    """Compare the index with the database."""
    kind, backend = KINDS[kind_name], backends.chosen()
    rows = np.array(kind.rows().order_by("id").values_list("id", flat=True), np.int64)
    if problems := backend.examine(kind):
        return [Finding(problem) for problem in problems]
    index = backend.published(kind)
    if index is None:
        enough = len(rows) < EXACT_BELOW
        words = "exact search is used" if enough else "it has not been built yet"
        return [Finding(f"There is no index over {len(rows):,} vectors: {words}.", sound=enough)]
    held = backend.held_ids(kind)
    missing = np.setdiff1d(rows[rows <= index.last_id - SLACK], held, assume_unique=True)
    gone = np.setdiff1d(held, rows, assume_unique=True)
    newer = int(np.count_nonzero(rows > index.last_id))
    findings = [Finding(f"{len(held):,} vectors in the index, {len(rows):,} in the database.", sound=True)]
    if len(missing):
        findings.append(Finding(f"{len(missing):,} vectors of the database are missing from the index."))
    if len(gone):
        findings.append(Finding(f"{len(gone):,} vectors in the index are no longer in the database.", sound=True))
    if newer:
        findings.append(Finding(f"{newer:,} newer vectors are searched exactly until the next refresh.", sound=True))
    return findings
