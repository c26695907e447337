"""Paths that every decoder can open: C libraries require UTF-8, Linux does not."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
