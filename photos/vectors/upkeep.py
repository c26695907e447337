"""Updating, rebuilding and checking the indexes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from mirage.wording import number_in_words
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
        words = (
            _("There is no index over %(number)s vectors: exact search is used.")
            if enough
            else _("There is no index over %(number)s vectors: it has not been built yet.")
        )
        return [Finding(words % {"number": number_in_words(len(rows))}, sound=enough)]
    held = backend.held_ids(kind)
    missing = np.setdiff1d(rows[rows <= index.last_id - SLACK], held, assume_unique=True)
    gone = np.setdiff1d(held, rows, assume_unique=True)
    newer = int(np.count_nonzero(rows > index.last_id))
    numbers = {"held": number_in_words(len(held)), "rows": number_in_words(len(rows))}
    findings = [Finding(_("%(held)s vectors in the index, %(rows)s in the database.") % numbers, sound=True)]
    if len(missing):
        words = _("%(number)s vectors of the database are missing from the index.")
        findings.append(Finding(words % {"number": number_in_words(len(missing))}))
    if len(gone):
        words = _("%(number)s vectors in the index are no longer in the database.")
        findings.append(Finding(words % {"number": number_in_words(len(gone))}, sound=True))
    if newer:
        words = _("%(number)s newer vectors are searched exactly until the next refresh.")
        findings.append(Finding(words % {"number": number_in_words(newer)}, sound=True))
    return findings
