"""Where files lie below MIRAGE_DATA, and how they are kept: on the disk itself, or in object storage of which the disk
holds copies (STORAGE_URL). Only this module knows.

Whoever reads what is kept asks for it by `fetched`; whoever wrote something says so by `published`.

originals/<owner>/<yyyy>/<mm>/<name>   what was taken in, never written to again
originals/.incoming/<random>           files on their way in; each is locked by the process that writes it
derived/<ab>/<sha256>/                 thumbnails and the like, can be made again
indexes/                               indexes over vectors, can be made again
uploads/<key>                          pieces of a file on its way from a browser
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.storage import storages

from media import names
from media.files import open_regular
from photos.models import Photo, PhotoFile
from photos.storage.local_disk import LocalDisk, Unreachable

__all__ = ["Changed", "Unreachable"]  # what callers catch

CHUNK = 1024 * 1024


class Changed(OSError):
    """A file is not what its sum says."""


def originals_folder() -> Path:
    """The root of what was taken in."""
    return settings.MIRAGE_DATA / "originals"


def incoming_folder() -> Path:
    """Files on their way in, on the file system of the originals so that a link suffices to place them."""
    return originals_folder() / ".incoming"


def uploads_folder() -> Path:
    """Pieces of files on their way from a browser."""
    return settings.MIRAGE_DATA / "uploads"


def derived_root() -> Path:
    """The root of what was made."""
    return settings.MIRAGE_DATA / "derived"


def derived_folder(sha256: str) -> Path:
    """What was made from the file with this content."""
    return derived_root() / sha256[:2] / sha256


def pictures_folder(photo: Photo) -> Path:
    """Where the photo's thumbnails lie. Those that a sidecar turns are no other owner's of the same file."""
    folder = derived_folder(photo.sha256)
    return folder if photo.turn == 1 else folder / f"turned-{photo.turn}"


def indexes_folder() -> Path:
    """The published indexes over vectors, with their sidecars."""
    return settings.MIRAGE_DATA / "indexes"


def original_path(file: Photo | PhotoFile) -> Path:
    """The file itself."""
    return Path(names.actual(file.path)) if file.in_place else originals_folder() / file.path


# --- what is kept -----------------------------------------------------------------------------------------------------


def library() -> LocalDisk:
    """Where the library is kept: LocalDisk, or Bucket with the same methods."""
    return cast(LocalDisk, storages["library"])


def is_kept_here(path: Path) -> bool:
    """Whether the library keeps this path: an original or something derived, not a file in place."""
    return path.is_relative_to(originals_folder()) or path.is_relative_to(derived_root())


def fetched(path: Path) -> Path:
    """The path, with the file there to be read if the library has it. Raises Unreachable."""
    if is_kept_here(path):
        library().fetch(path)
    return path


def original_file(file: Photo | PhotoFile) -> Path:
    """The file itself, to be read. Raises Unreachable."""
    return fetched(original_path(file))


def picture_file(photo: Photo, size: str) -> Path:
    """The photo's thumbnail of that size, to be read. Raises Unreachable."""
    return fetched(pictures_folder(photo) / f"{size}.webp")


def published(path: Path) -> Path:
    """The path, after what was written there, a file or a folder of files, has become part of the library."""
    if is_kept_here(path):
        library().publish(path)
    return path


def remove(path: Path) -> None:
    """Remove a file of the library; one that is gone is no error."""
    library().remove(path)


def remove_derived(sha256: str) -> None:
    """Remove what was made from the file with this content."""
    library().remove_folder(derived_folder(sha256))


def kept_files(folder: Path) -> Iterator[Path]:
    """The files that the library keeps below this folder; not those on their way in."""
    return library().files(folder)


def kept_size(path: Path) -> int:
    """Bytes of the file as it is kept. Raises FileNotFoundError, OSError."""
    return library().size_of(path) if is_kept_here(path) else path.stat().st_size


def kept_sha256(path: Path) -> str:
    """The sum of the file as it is kept, read anew. Raises FileNotFoundError, OSError."""
    return library().sha256_of(path) if is_kept_here(path) else sha256_of(path)


def copy_derived(before: str, after: str) -> None:
    """Let the second content have what was made from the first."""
    source, target = derived_folder(before), derived_folder(after)
    if target.exists():
        return
    for file in list(kept_files(source)):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(fetched(file), copy)
        published(copy)


# --- bringing files in ------------------------------------------------------------------------------------------------


def clean_name(name: str) -> str:
    """A file name that every file system takes: no separators, control characters, leading dots; 200 bytes."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = names.shown(re.sub(r'[\x00-\x1f\x7f-\x9f<>:"|?*]', "_", name)).strip(" .") or "unnamed"
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 16:
        stem, dot, extension = name, "", ""
    room = 200 - len((dot + extension).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + extension


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file's content, in hexadecimal."""
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def incoming_copy(source: Path, sha256: str) -> Iterator[Path]:
    """A verified, synced copy of the source among the incoming files, removed at the end: place it before.

    Raises Changed when the source changed since it was hashed, OSError when the disk is full.
    """
    incoming_folder().mkdir(parents=True, exist_ok=True)
    temporary = incoming_folder() / uuid.uuid4().hex
    with temporary.open("xb") as target:
        fcntl.flock(target, fcntl.LOCK_EX)  # tells a starting server that somebody is still at it
        try:
            if copy_hashing(source, target) != sha256:
                raise Changed(errno.EIO, "The file changed while it was being read", str(source))
            os.fsync(target.fileno())
            shutil.copystat(source, temporary)
            temporary.chmod(0o644)
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)


def can_link(source: Path) -> bool:
    """Whether the file lies on the file system of the originals."""
    incoming_folder().mkdir(parents=True, exist_ok=True)
    return source.stat().st_dev == incoming_folder().stat().st_dev


@contextmanager
def incoming_link(source: Path) -> Iterator[Path]:
    """A second name among the incoming files for a file that is ours and that the caller keeps locked: no byte moves.

    Raises OSError (EXDEV) when it lies on another file system: ask `can_link` before.
    """
    temporary = incoming_folder() / uuid.uuid4().hex
    os.link(source, temporary)
    try:
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def copy_hashing(source: Path, target: BinaryIO) -> str:
    """Copy the bytes; the SHA-256 of what was copied."""
    digest = hashlib.sha256()
    with open_regular(source) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    target.flush()
    return digest.hexdigest()


def place_original(temporary: Path, owner: str, local: datetime, name: str) -> str:
    """Link an incoming file to its readable place; a name that is taken gets a suffix. The path below the originals."""
    folder = Path(clean_name(owner)) / f"{local.year:04d}" / f"{local.month:02d}"
    return place_beside(temporary, folder, name)


def place_beside(temporary: Path, folder: Path, name: str) -> str:
    """Link an incoming file into a folder below the originals under this name, or the next that is free."""
    target = originals_folder() / folder
    target.mkdir(parents=True, exist_ok=True)
    stem, dot, extension = clean_name(name).rpartition(".")
    if not dot:
        stem, extension = extension, ""
    for number in range(100_000):
        candidate = f"{stem}{f'-{number}' if number else ''}{dot}{extension}"
        try:
            add_new(temporary, target / candidate)
        except FileExistsError:
            continue
        return str(folder / candidate)
    raise FileExistsError(errno.EEXIST, "A hundred thousand files have this name", name)


def add_new(temporary: Path, path: Path) -> None:
    """Let an incoming file be the library's under this name, which must be new. Raises FileExistsError, OSError."""
    link_new(temporary, path)
    try:
        library().add(path)
    except BaseException:
        path.unlink()
        raise
    sync_folder(path.parent)


def replace(temporary: Path, path: Path) -> None:
    """Let an incoming file take the place of whatever the library keeps under this name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        link_new(temporary, fresh)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)
    published(path)


def link_new(source: Path, target: Path) -> None:
    """Give the file a second name that must be new. File systems without links get a copy instead."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}:
            raise
        with target.open("xb") as stream:
            copy_hashing(source, stream)
            os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_stray_incoming() -> int:
    """Remove what a killed import left: its temporary file, and the placed one when no row came to be. How many."""
    removed = 0
    for temporary in incoming_folder().glob("*") if incoming_folder().exists() else ():
        with temporary.open("rb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # an import is still at it
            status = os.fstat(stream.fileno())
            if status.st_nlink > 1:
                remove_unrecorded(status.st_ino)
            temporary.unlink(missing_ok=True)
            removed += 1
    return removed


def remove_unrecorded(inode: int) -> None:
    """Remove the placed names of this file that no row knows. Walks all originals, after a kill at the very instant."""
    for folder, _, files in os.walk(originals_folder()):
        if Path(folder) == incoming_folder():
            continue
        for name in files:
            path = Path(folder) / name
            if path.stat().st_ino != inode:
                continue
            relative = str(path.relative_to(originals_folder()))
            known = Photo.objects.filter(path=relative, in_place=False).exists()
            if not known and not PhotoFile.objects.filter(path=relative, in_place=False).exists():
                remove(path)
