"""The library on the disk of this machine. `bucket` is the other way; only `paths` calls them."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class Unreachable(OSError):
    """Where the library is kept does not answer, or refuses."""


class LocalDisk(FileSystemStorage):
    """The disk is the library."""

    description = "On the disk"

    def fetch(self, path: Path) -> None:
        """Let the file be at this path if the library has it. Raises Unreachable."""

    def add(self, path: Path) -> None:
        """Keep a new file, already there under a name new to this disk. Raises FileExistsError if it is taken."""

    def publish(self, path: Path) -> None:
        """Keep what was written there, a file or a folder of files."""

    def remove(self, path: Path) -> None:
        """Remove a file; one that is gone is no error."""
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove a folder with all that is in it."""
        shutil.rmtree(path, ignore_errors=True)

    def files(self, folder: Path) -> Iterator[Path]:
        """All files below the folder, in order; those on their way in are left out."""
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != ".incoming")
            yield from (Path(place) / name for name in sorted(names))

    def size_of(self, path: Path) -> int:
        """Bytes that are kept. Raises FileNotFoundError."""
        return path.stat().st_size

    def sha256_of(self, path: Path) -> str:
        """The sum of what is kept, read anew. Raises FileNotFoundError."""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def ping(self) -> None:
        """Raises OSError where the library cannot be reached."""
        os.stat(settings.MIRAGE_DATA)
