"""Zip files of another program's folder: only what readers look at is unpacked, and nothing outside the folder."""

import errno
import os
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from media.files import DAMAGED_ZIP
from media.sentences import english
from photos.ingest import intake
from switching.looking import recognised
from switching.readers import READERS
from switching.stream import Unreadable

CHUNK = 1024 * 1024
MOST_BYTES, MOST_FILES = 20 * 1024**3, 2_000_000
LARGEST_RATIO = 200  # of a file to its size in the zip; databases of text reach 50
SMALL = 1024 * 1024  # files up to this size may be packed as well as they like
DEEPEST, LONGEST_NAME = 40, 255  # bytes, as file systems have it
NAMES = (
    *("*.yml", "*.yaml", ".picasa.ini", "picasa.ini", "contacts.xml", "*.sqlite", "*.db", "*.json", "*.jsonl"),
    *("*.lrcat", "*.sql", "*.sql.gz"),
    *("*.sqlite-wal", "*.db-wal", "*.lrcat-wal"),  # the latest changes of a database that was in use
)
LATEST = "-wal"
BY_FOLDER = (".yml", ".yaml", ".ini", ".xml")  # files that readers find below a folder
FULL = english("The disk of the library is full.")


def is_zip(path: Path) -> bool:
    """Whether an uploaded file is a zip file."""
    return path.is_file() and path.name.lower().endswith(".zip")


def unpack(path: Path, program: str) -> Path:
    """Unpack a zip beside itself. Returns the library in it. Raises Unreadable."""
    target = path.with_name("unpacked")
    target.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            for info, place in chosen(archive):
                write(archive, info, target / place)
    except (OSError, ValueError, RuntimeError, *DAMAGED_ZIP) as error:
        if isinstance(error, Unreadable):
            raise
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unreadable(FULL) from error
        raise Unreadable(
            english("The zip file is damaged, was cut off, or has a password: %(reason)s", reason=error)
        ) from error
    return library_in(target, program)


def chosen(archive: zipfile.ZipFile) -> Iterator[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """What readers look at, with its place. Raises Unreadable if that is more than a library can be."""
    found = [(info, place) for info in archive.infolist() if (place := place_of(info))]
    size = sum(info.file_size for info, _ in found)
    if len(found) > MOST_FILES or size > MOST_BYTES:
        raise Unreadable(english("There is too much in this zip file. Unpack it, and choose the folder on the server."))
    if any(info.file_size > max(SMALL, LARGEST_RATIO * info.compress_size) for info, _ in found):
        raise Unreadable(english("A file in this zip file is packed so that it would burst. It was not unpacked."))
    try:
        intake.require_space(size)
    except OSError as error:
        raise Unreadable(FULL) from error
    yield from found


def place_of(info: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where a file goes below the folder; None for what no reader looks at, and what no disk here could hold."""
    parts = [part for part in info.filename.replace("\\", "/").split("/") if part not in ("", ".")]
    name = parts[-1].lower() if parts else ""
    if info.is_dir() or not any(fnmatch(name, each) for each in NAMES) or parts[0] == "__MACOSX":
        return None
    if ".." in parts:
        raise Unreadable(english("A name in this zip file leads out of its folder: %(name)s", name=info.filename[:200]))
    if len(parts) > DEEPEST or any(len(part.encode()) > LONGEST_NAME for part in parts):
        return None
    return PurePosixPath(*parts)


def write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    """Unpack one file. Links in a zip are files with a path as their content; they stay that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    left = info.file_size
    with archive.open(info) as stream, target.open("xb") as file:
        while block := stream.read(min(CHUNK, left + 1)):
            left -= len(block)
            if left < 0:
                raise zipfile.BadZipFile("more came than was announced")
            file.write(block)


def library_in(folder: Path, program: str) -> Path:
    """The file or folder that the program's reader reads: recognised by name, else the whole folder."""
    for above, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted([*folders, *files]):
            if recognised(name) == program:
                return Path(above) / name
    everything = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(LATEST))
    if not everything:
        raise Unreadable(english("There is nothing of %(program)s in this zip file.", program=READERS[program].program))
    alone = everything[0] if len(everything) == 1 else None
    return alone if alone and alone.suffix.lower() not in BY_FOLDER else folder
