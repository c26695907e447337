"""Watching a folder: new files are imported once they have stopped growing."""

import time
from collections.abc import Callable, Set
from pathlib import Path
from threading import Event

from watchfiles import watch

from accounts.models import User
from photos.ingest.folders import Report, import_folder

SETTLED_SECONDS = 2.0  # files that are being copied change more often


def watch_folder(
    owner: User, root: Path, *, in_place: bool, on_report: Callable[[Report], None], stop: Event | None = None
) -> None:
    """Import files that appear or move below root, until `stop` is set. Reports without news are left out.

    Photos in the trash are brought back only if their files appear now.
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
    """A function that says whether a file, or a folder that contains it, is among the changed paths."""
    return lambda path: path in changed or not changed.isdisjoint(path.parents)


def is_settled(path: Path) -> bool:
    """Whether a file was last written long enough ago to be complete."""
    try:
        return time.time() - path.stat().st_mtime > SETTLED_SECONDS
    except OSError:
        return True  # gone again, or not readable
