"""Watching a folder: what appears is imported once it has stopped growing."""

import time
from collections.abc import Callable, Set
from pathlib import Path
from threading import Event

from watchfiles import watch

from accounts.models import User
from photos.ingest.folders import Report, import_folder

SETTLED_SECONDS = 2.0  # a file that is still being copied changes more often


def watch_folder(
    owner: User, root: Path, *, in_place: bool, on_report: Callable[[Report], None], stop: Event | None = None
) -> None:
    """Import what appears or moves below root until `stop` is set. Every report has something to tell.

    Of what lies in the trash only what appears now comes again.
    """
    changed: set[Path] = set()
    for changes in watch(
        root, stop_event=stop, yield_on_timeout=True, rust_timeout=int(SETTLED_SECONDS * 1000), debounce=1600
    ):
        changed |= {Path(path) for _, path in changes}
        if not changed or not all(is_settled(Path(path)) for _, path in changes):
            continue
        fresh, changed = changed, set()
        report = import_folder(owner, root, in_place=in_place, comes_again=again_among(fresh))
        if report.is_worth_telling:
            on_report(report)


def again_among(changed: Set[Path]) -> Callable[[Path], bool]:
    """Says of a file whether it, or a folder that it lies in, was changed."""
    return lambda path: path in changed or not changed.isdisjoint(path.parents)


def is_settled(path: Path) -> bool:
    """Whether a file was last written long enough ago to be whole."""
    try:
        return time.time() - path.stat().st_mtime > SETTLED_SECONDS
    except OSError:
        return True  # gone again, or a name we may not look at
