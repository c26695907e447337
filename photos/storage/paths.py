"""Where files are stored: the layout of MIRAGE_DATA, on the disk or in object storage (STORAGE_URL).

Only this module knows it. Call `fetched` before you read a stored file, and `published` after you wrote one.

originals/<owner>/<yyyy>/<mm>/<name>   the originals, unless MIRAGE_STORAGE_TEMPLATE says otherwise
originals/.incoming/<random>           incoming files, each locked by the process that writes it
derived/<ab>/<sha256>/                 derived files, which can be made again
indexes/                               indexes over vectors, which can be made again
uploads/<key>                          files of unfinished uploads
copies/, streams/                      copies for download, and segments of videos that are played: for a day
"""

import errno
import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.storage import storages

from media import names, turns
from media.files import open_regular
from media.metadata import orientations
from media.storage_template import Facts, clean_name, free_number, numbered, path_for
from photos.models import FileMove, Photo, PhotoFile
from photos.storage.local_disk import LocalDisk, Unreachable

__all__ = ["Changed", "Unreachable", "clean_name"]  # what callers catch and call

BLOCK = 1024 * 1024
TRIES = 1000  # to take a name, while other imports take names too
EDITED = "edited-"  # and the key of an edit: the folder of its rendition


class Changed(OSError):
    """A file does not match its checksum."""


def originals_folder() -> Path:
    """The folder of the originals."""
    return settings.MIRAGE_DATA / "originals"


def incoming_folder() -> Path:
    """Incoming files, on the same file system as the originals, so that they can be linked to their places."""
    return originals_folder() / ".incoming"


def uploads_folder() -> Path:
    """The files of unfinished uploads."""
    return settings.MIRAGE_DATA / "uploads"


def exports_folder() -> Path:
    """Where uploaded exports lie until they are imported."""
    return settings.MIRAGE_DATA / "exports"


def copies_folder() -> Path:
    """Copies that were made for download; they are removed after a day."""
    return settings.MIRAGE_DATA / "copies"


def streams_folder() -> Path:
    """Segments of videos that somebody plays; they are removed after a day, or before if they are many."""
    return settings.MIRAGE_DATA / "streams"


def derived_root() -> Path:
    """The folder of all derived files."""
    return settings.MIRAGE_DATA / "derived"


def derived_folder(sha256: str) -> Path:
    """The derived files of the original with this checksum."""
    return derived_root() / sha256[:2] / sha256


def pictures_folder(photo: Photo) -> Path:
    """The photo's thumbnails. Those turned by a sidecar have their own folder: another owner may not turn the file."""
    return turned_folder(photo, photo.turn)


def turned_folder(photo: Photo, turn: int) -> Path:
    """The thumbnails of the photo as it looks when turned so."""
    return _turned(derived_folder(photo.sha256), turn)


def rendition_folder(photo: Photo, rendition: str, turn: int) -> Path:
    """The thumbnails of the photo with the edit of that key, turned so."""
    return _turned(derived_folder(photo.sha256) / f"{EDITED}{rendition}", turn)


def shown_folder(photo: Photo) -> Path:
    """The thumbnails that pages show: of the edited picture, or else of the original."""
    return rendition_folder(photo, photo.rendition, photo.turn) if photo.rendition else pictures_folder(photo)


def _turned(folder: Path, turn: int) -> Path:
    return folder if turn == 1 else folder / f"turned-{turn}"


def indexes_folder() -> Path:
    """The published indexes over vectors, with their sidecars."""
    return settings.MIRAGE_DATA / "indexes"


def original_path(file: Photo | PhotoFile) -> Path:
    """The path of an original or a sidecar."""
    return Path(names.actual(file.path)) if file.in_place else originals_folder() / file.path


# --- the stored library -----------------------------------------------------------------------------------------------


def library() -> LocalDisk:
    """The storage of the library: LocalDisk, or Bucket with the same methods."""
    return cast(LocalDisk, storages["library"])


def is_kept_here(path: Path) -> bool:
    """Whether the library stores this path: an original or a derived file, not a file in place."""
    return path.is_relative_to(originals_folder()) or path.is_relative_to(derived_root())


def fetched(path: Path) -> Path:
    """The path, with the file ready to be read if the library has it. Raises Unreachable."""
    if is_kept_here(path):
        library().fetch(path)
    return path


def original_file(file: Photo | PhotoFile) -> Path:
    """An original or a sidecar, ready to be read. Raises Unreachable."""
    return fetched(original_path(file))


def picture_file(photo: Photo, size: str) -> Path:
    """The thumbnail of the picture without its edit, ready to be read: what models look at. Raises Unreachable."""
    return _thumbnail(photo, size, derived_folder(photo.sha256))


def shown_file(photo: Photo, size: str) -> Path:
    """The photo's thumbnail in that size as pages show it, ready to be read. Raises Unreachable."""
    folder = derived_folder(photo.sha256)
    return _thumbnail(photo, size, folder / f"{EDITED}{photo.rendition}" if photo.rendition else folder)


def _thumbnail(photo: Photo, size: str, folder: Path) -> Path:
    """A photo turned a moment ago has one made of its thumbnail before the turn, until its stage has made it again."""
    path = fetched(_turned(folder, photo.turn) / f"{size}.webp")
    if photo.displayable and size != "animated" and not path.exists():
        for turn in (1, *turns.UPRIGHT):
            other = fetched(_turned(folder, turn) / path.name)
            if turn != photo.turn and other.exists():
                turns.turn_thumbnail(other, path, orientations.together(orientations.back(turn), photo.turn))
                return published(path)
    return path


def published(path: Path) -> Path:
    """Store what was written at the path: a file or a folder of files. Returns the path."""
    if is_kept_here(path):
        library().publish(path)
    return path


def remove(path: Path) -> None:
    """Remove a file of the library. It is no error if the file does not exist."""
    library().remove(path)


def remove_derived(sha256: str) -> None:
    """Remove the derived files of the original with this checksum."""
    library().remove_folder(derived_folder(sha256))


def kept_files(folder: Path) -> Iterator[Path]:
    """The files that the library stores below this folder, without incoming ones."""
    return library().files(folder)


def kept_size(path: Path) -> int:
    """The size of the stored file in bytes. Raises FileNotFoundError, OSError."""
    return library().size_of(path) if is_kept_here(path) else path.stat().st_size


def kept_sha256(path: Path) -> str:
    """The SHA-256 of the stored file. Raises FileNotFoundError, OSError."""
    return library().sha256_of(path) if is_kept_here(path) else sha256_of(path)


def remove_renditions(sha256: str, keep: Collection[str]) -> None:
    """Remove the derived files of edits of this original, except of those with these keys."""
    folder = derived_folder(sha256)
    parts = {file.relative_to(folder).parts[0] for file in kept_files(folder)}
    for name in parts:
        if name.startswith(EDITED) and name.removeprefix(EDITED) not in keep:
            library().remove_folder(folder / name)


def copy_derived(before: str, after: str) -> None:
    """Copy the derived files of one checksum to another."""
    source, target = derived_folder(before), derived_folder(after)
    if target.exists():
        return
    for file in list(kept_files(source)):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(fetched(file), copy)
        published(copy)


# --- adding files -----------------------------------------------------------------------------------------------------


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file's content, in hexadecimal."""
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha1_of(path: Path) -> str:
    """The SHA-1 of the file's content, in hexadecimal. Other programs name photos by it."""
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, partial(hashlib.sha1, usedforsecurity=False)).hexdigest()


@contextmanager
def incoming_copy(source: Path, sha256: str) -> Iterator[Path]:
    """A verified, synced copy of the source among the incoming files. It is removed at the end, so link it first.

    Raises Changed if the source changed since it was hashed, OSError if the disk is full.
    """
    incoming_folder().mkdir(parents=True, exist_ok=True)
    temporary = incoming_folder() / uuid.uuid4().hex
    with temporary.open("xb") as target:
        fcntl.flock(target, fcntl.LOCK_EX)  # tells a starting server that this file is in use
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
    """Whether the file is on the file system of the originals."""
    incoming_folder().mkdir(parents=True, exist_ok=True)
    return source.stat().st_dev == incoming_folder().stat().st_dev


@contextmanager
def incoming_link(source: Path) -> Iterator[Path]:
    """A hard link among the incoming files to a file that is ours and that the caller keeps locked.

    Raises OSError (EXDEV) if the file is on another file system: ask `can_link` first.
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
    """Copy the bytes. Returns their SHA-256."""
    digest = hashlib.sha256()
    with open_regular(source) as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            target.write(block)
    target.flush()
    return digest.hexdigest()


def place_original(temporary: Path, facts: Facts) -> str:
    """Link an incoming file to where the storage template says. Returns the path below the originals."""
    wanted = Path(path_for(settings.MIRAGE_STORAGE_TEMPLATE, facts))
    return place_beside(temporary, wanted.parent, wanted.name)


def place_beside(temporary: Path, folder: Path, name: str) -> str:
    """Link an incoming file into a folder below the originals, with a suffix if the name is taken."""
    name = clean_name(name)
    for _try in range(TRIES):
        number = free_number(lambda number: is_kept(str(folder / numbered(name, number))))
        if number is None:
            break
        path = folder / numbered(name, number)
        with suppress(FileExistsError):  # another import took it at this moment
            add_new(temporary, originals_folder() / path)
            return str(path)
    raise FileExistsError(errno.EEXIST, "A hundred thousand files have this name", name)


def is_kept(path: str) -> bool:
    """Whether a file has this path below the originals, or is about to move there."""
    if FileMove.objects.filter(after=path).exists():
        return True  # its photo may be deleted before the move has ended, which then removes what is there
    return is_there(originals_folder() / path)


def is_there(path: Path) -> bool:
    """Whether a file is stored at this path. Raises OSError if that cannot be known."""
    try:
        kept_size(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def add_new(temporary: Path, path: Path) -> None:
    """Add an incoming file to the library under a new name. Raises FileExistsError, OSError."""
    for _ in range(3):  # an empty folder may be removed at the moment in which it is filled
        make_folder(path.parent)
        with suppress(FileNotFoundError):
            link_new(temporary, path)
            break
    else:
        link_new(temporary, path)
    try:
        library().add(path)
    except BaseException:
        path.unlink()
        raise
    sync_folder(path.parent)


def replace(temporary: Path, path: Path) -> None:
    """Replace the file that the library stores at this path by an incoming file."""
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
    """Link the file to a new name, or copy it on file systems without links."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}:
            raise
        with target.open("xb") as stream:
            copy_hashing(source, stream)
            os.fsync(stream.fileno())


def make_folder(folder: Path) -> None:
    """Make the folder, if it is not there. Raises NotADirectoryError if a file has its name or that of one above."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, "A file has the name of this folder", str(folder)) from error


def sync_folder(folder: Path) -> None:
    """Make sure that new names in the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
