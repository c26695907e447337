"""Regular files only, atomic replacement, names that C libraries can open, and what damaged zip files raise."""

import errno
import lzma
import os
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

from media.sentences import english

_KINDS = (
    (stat.S_ISFIFO, english("a named pipe")),
    (stat.S_ISSOCK, english("a socket")),
    (stat.S_ISBLK, english("a device")),
    (stat.S_ISCHR, english("a device")),
    (stat.S_ISDIR, english("a folder")),
)
# What zipfile raises for archives that are damaged, name their files in no encoding, or are packed in an unknown way
DAMAGED_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, UnicodeDecodeError)
LEFT_OVER = 600  # seconds: longer than anything is written


class NotRegular(OSError):
    """The path is not a regular file."""


def open_regular(path: Path) -> BufferedReader:
    """Open a file for reading. Raises NotRegular, OSError."""
    require_regular(os.stat(path), path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        require_regular(os.fstat(descriptor), path)  # it may have been replaced meanwhile
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def require_regular(status: os.stat_result, path: Path) -> None:
    """Raises NotRegular if the status is not that of a regular file."""
    if stat.S_ISREG(status.st_mode):
        return
    what = next((name for matches, name in _KINDS if matches(status.st_mode)), english("something else"))
    raise NotRegular(errno.EINVAL, english("This is %(what)s, not a file.", what=what), str(path))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path to write to. At the end it replaces `path`, unless there was an error."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Remove what `replacing` left in the folder when its process was killed."""
    for temporary in folder.glob(".*.tmp"):
        process = temporary.name.split(".")[-2]
        with suppress(FileNotFoundError):
            old = temporary.stat().st_mtime < time.time() - LEFT_OVER
            if process.isdigit() and old and not os.path.exists(f"/proc/{process}"):
                temporary.unlink()


@contextmanager
def readable_name(path: Path) -> Iterator[Path]:
    """The path itself, or a temporary link to it whose name is UTF-8, with the same extension."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        with tempfile.TemporaryDirectory(prefix="mirage-") as folder:
            suffix = path.suffix if path.suffix.isascii() else ""
            link = Path(folder) / f"file{suffix}"
            link.symlink_to(os.path.abspath(path))
            yield link
    else:
        yield path
