"""What a killed import leaves: temporary files, and originals without a row."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from photos.models import FileMove
from photos.storage import recorded
from photos.storage.paths import incoming_folder, originals_folder, remove


def remove_strays() -> int:
    """Remove the files that a killed import left: temporary ones, and originals without a row. Returns how many."""
    removed = 0
    for temporary in incoming_folder().glob("*") if incoming_folder().exists() else ():
        with suppress(FileNotFoundError), temporary.open("rb") as stream:  # an import may have ended meanwhile
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # an import is using it
            status = os.fstat(stream.fileno())
            if status.st_nlink > 1:
                remove_unrecorded(status.st_ino)
            temporary.unlink(missing_ok=True)
            removed += 1
    return removed


def remove_unrecorded(inode: int) -> None:
    """Remove the names of this file that have no row. Walks through all originals; rarely needed."""
    for folder, _, files in os.walk(originals_folder()):
        if Path(folder) == incoming_folder():
            continue
        for name in files:
            path = Path(folder) / name
            if path.stat().st_ino != inode:
                continue
            relative = str(path.relative_to(originals_folder()))
            if not recorded.refers(relative) and not FileMove.objects.filter(after=relative).exists():
                remove(path)
