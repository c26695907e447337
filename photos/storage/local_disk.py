"""The library on the disk of this machine. `bucket` is the alternative. Only `paths` calls them."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _


class Unreachable(OSError):
    """The storage of the library does not answer, or refuses."""


class LocalDisk(FileSystemStorage):
    """The disk is the library."""

    @property
    def description(self) -> str:
        return _("On the disk")

    def fetch(self, path: Path) -> None:
        """Make sure that the file is at this path if the library has it. Raises Unreachable."""

    def add(self, path: Path) -> None:
        """Store a new file, which is already on the disk. Raises FileExistsError if the name is taken."""

    def publish(self, path: Path) -> None:
        """Store what was written there: a file or a folder of files."""

    def remove(self, path: Path) -> None:
        """Remove a file. It is no error if the file does not exist."""
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove a folder with everything in it."""
        shutil.rmtree(path, ignore_errors=True)

    def files(self, folder: Path) -> Iterator[Path]:
        """All files below the folder, in order, without incoming ones."""
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name != ".incoming")
            yield from (Path(place) / name for name in sorted(names))

    def size_of(self, path: Path) -> int:
        """The size of the stored file in bytes. Raises FileNotFoundError."""
        return path.stat().st_size

    def sha256_of(self, path: Path) -> str:
        """The SHA-256 of the stored file. Raises FileNotFoundError."""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def ping(self) -> None:
        """Raises OSError if the library cannot be reached."""
        os.stat(settings.MIRAGE_DATA)
