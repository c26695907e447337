"""Watching a folder: what appears is imported once it has stopped growing."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from watchfiles import watch

from accounts.models import User
from photos.ingest.folders import Report, import_folder

SETTLED_SECONDS = 2.0  # a file that is still being copied changes more often


def watch_folder(
    owner: User, root: Path, *, in_place: bool, on_report: Callable[[Report], None], stop: Event | None = None
) -> None:
    """Import what appears or moves below root until `stop` is set. Every report has something to tell."""
    pending = False
    for changes in watch(
        root, stop_event=stop, yield_on_timeout=True, rust_timeout=int(SETTLED_SECONDS * 1000), debounce=1600
    ):
        pending = pending or bool(changes)
        if changes and not all(is_settled(Path(path)) for _, path in changes):
            continue
        if not pending:
            continue
        pending = False
        report = import_folder(owner, root, in_place=in_place)
        if report.added or report.failures:
            on_report(report)


def is_settled(path: Path) -> bool:
    """Whether a file was last written long enough ago to be whole."""
    try:
        return time.time() - path.stat().st_mtime > SETTLED_SECONDS
    except OSError:
        return True  # gone again, or a name we may not look at
