"""Opening only regular files, without blocking, and replacing files atomically."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISDIR, "a folder"),
)


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
    what = next((name for matches, name in _KINDS if matches(status.st_mode)), "something else")
    raise NotRegular(errno.EINVAL, f"This is {what}, not a file.", str(path))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path to write to. At the end it replaces `path`, unless there was an error."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
