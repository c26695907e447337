"""Opening files that somebody else put there: only regular ones, and never waiting for one."""

import errno
import os
import stat
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
    """A name that leads to something else than a file."""


def open_regular(path: Path) -> BufferedReader:
    """The file, to be read. Raises NotRegular where it is none, and OSError."""
    require_regular(os.stat(path), path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        require_regular(os.fstat(descriptor), path)  # what lies there may have changed meanwhile
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def require_regular(status: os.stat_result, path: Path) -> None:
    """Raises NotRegular unless the status is that of a regular file."""
    if stat.S_ISREG(status.st_mode):
        return
    what = next((name for matches, name in _KINDS if matches(status.st_mode)), "something else")
    raise NotRegular(errno.EINVAL, f"This is {what}, not a file.", str(path))
