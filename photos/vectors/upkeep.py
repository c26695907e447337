"""Keeping the indexes up with the database: when they are brought up, built anew, compared."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from photos.pipeline import jobs
from photos.vectors import backends
from photos.vectors.exact import SLACK
from photos.vectors.kinds import KINDS, Kind

EXACT_BELOW = 50_000  # vectors, up to which exact search is as fast as any index
BACKLOG = 10_000  # vectors that came after the last publication before the next is worth its time

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about an index, in words. `sound` ones need nothing to be done."""

    text: str
    sound: bool = False


def _quiet(_done: int, _total: int) -> None:
    pass


def rebuild(kind_name: str, on_progress: Progress = _quiet) -> int:
    """Build the index anew from the database, whatever its size. How many vectors it holds."""
    return backends.chosen().build(KINDS[kind_name], anew=True, on_progress=on_progress)


def refresh(kind_name: str, on_progress: Progress = _quiet) -> int:
    """Add to the index what came, take away what went; build it where there is no usable one."""
    held = backends.chosen().build(KINDS[kind_name], anew=False, on_progress=on_progress)
    jobs.forget("refresh_index", kind_name)  # an index may break again right after it was built
    return held


def is_due(kind: Kind) -> bool:
    """Whether enough came since the last publication."""
    index = backends.chosen().published(kind)
    if index is None:
        return kind.rows().count() >= EXACT_BELOW
    return kind.rows().filter(id__gt=index.last_id).count() >= BACKLOG


def refresh_if_due(kind_name: str) -> None:
    """Let the worker of the queue `index` bring the index up when it is time. Called after vectors were added."""
    if is_due(KINDS[kind_name]):
        backends.ask_for_refresh(kind_name)


def check(kind_name: str) -> list[Finding]:
    """Compare index and database."""
    kind, backend = KINDS[kind_name], backends.chosen()
    rows = np.array(kind.rows().order_by("id").values_list("id", flat=True), np.int64)
    if problems := backend.examine(kind):
        return [Finding(problem) for problem in problems]
    index = backend.published(kind)
    if index is None:
        enough = len(rows) < EXACT_BELOW
        words = "exact search serves them" if enough else "it has not been built yet"
        return [Finding(f"There is no index over {len(rows):,} vectors: {words}.", sound=enough)]
    held = backend.held_ids(kind)
    missing = np.setdiff1d(rows[rows <= index.last_id - SLACK], held, assume_unique=True)
    gone = np.setdiff1d(held, rows, assume_unique=True)
    newer = int(np.count_nonzero(rows > index.last_id))
    findings = [Finding(f"{len(held):,} vectors in the index, {len(rows):,} in the database.", sound=True)]
    if len(missing):
        findings.append(Finding(f"{len(missing):,} vectors of the database are missing in the index."))
    if len(gone):
        findings.append(Finding(f"{len(gone):,} vectors in the index are no longer in the database.", sound=True))
    if newer:
        findings.append(Finding(f"{newer:,} newer vectors are searched exactly until the next refresh.", sound=True))
    return findings
