"""The parts of an export: folders and zip files. Files are unpacked one by one, when they are needed.

The names in an archive never become paths on the disk: files are unpacked under names of our own.
"""

import fcntl
import os
import shutil
import unicodedata
import uuid
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings

from media import names
from media.files import DAMAGED_ZIP, open_regular, require_regular
from media.left_out import why_left_out, why_not_entered
from media.sentences import english
from photos.ingest import intake
from photos.ingest.walking import Walk, leads_into
from photos.storage import paths

CHUNK = 1024 * 1024
OTHER_ARCHIVES = (".tgz", ".tar.gz", ".tar", ".tbz", ".tar.bz2", ".txz", ".tar.xz", ".7z", ".rar")
ARCHIVES = (".zip", *OTHER_ARCHIVES)


class BadExport(Exception):
    """The export cannot be imported at all; the message says why."""


class DamagedMember(Exception):
    """A file in an archive cannot be unpacked; the message says why."""


@dataclass(frozen=True)
class Member:
    """A file of an export. `path` is its name there, with "/"; `modified_at` is in seconds since 1970."""

    source: "Source"
    path: str
    size: int
    modified_at: float

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return PurePosixPath(self.path).parent.name

    @property
    def label(self) -> str:
        """Its place, for reports."""
        return f"{self.source.path}/{self.path}"

    def read(self, limit: int) -> bytes:
        """Its first bytes. Raises DamagedMember."""
        return self.source.read(self, limit)

    def staged(self) -> AbstractContextManager[Path]:
        """The file on the disk during the context. Raises DamagedMember and OSError."""
        return self.source.staged(self)


class Source(ABC):
    """A folder or an archive. `ours` means that staged files are copies that the import may keep.

    Listing the members fills `left_out` and `failures`.
    """

    ours = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.left_out: dict[str, str] = {}
        self.failures: dict[str, str] = {}

    @abstractmethod
    def members(self) -> Iterator[Member]:
        """All files in it."""

    @abstractmethod
    def read(self, member: Member, limit: int) -> bytes:
        """A file's first bytes."""

    @abstractmethod
    def staged(self, member: Member) -> AbstractContextManager[Path]:
        """A file on the disk."""


class Folder(Source):
    """A folder on the disk."""

    def __init__(self, path: Path, within: Sequence[Path] | None = None) -> None:
        super().__init__(path)
        self.within = within  # links are followed only into these; None: everywhere
        self.files: dict[str, Path] = {}  # by the member's path, which may differ in how accents are encoded

    def members(self) -> Iterator[Member]:
        walk = Walk(self.path, settings.MIRAGE_DATA.resolve(), self.within)
        for path, _ in walk.files():
            try:
                status = path.stat()
                require_regular(status, path)
            except OSError as error:
                self.failures[str(path)] = intake.explain(error)
                continue
            own = path.relative_to(self.path).as_posix()
            name = own if tidy(own) in self.files else tidy(own)  # two names may differ only in their encoding
            self.files[name] = path
            yield Member(self, name, status.st_size, status.st_mtime)
        self.left_out |= {str(path): why for path, why in walk.left_out.items()}
        self.left_out |= {
            str(link): english("leads back to %(target)s", target=target) for link, target in walk.loops.items()
        }
        self.failures |= {str(folder): intake.explain(error) for folder, error in walk.failures.items()}

    def read(self, member: Member, limit: int) -> bytes:
        with open_regular(self.files[member.path]) as file:
            return file.read(limit)

    @contextmanager
    def staged(self, member: Member) -> Iterator[Path]:
        yield self.files[member.path]


class Zip(Source):
    """A zip file."""

    ours = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self.archive = zipfile.ZipFile(path)
        except (OSError, *DAMAGED_ZIP) as error:
            raise BadExport(unreadable(path, error)) from error
        self.infos = {tidy(info.filename): info for info in self.archive.infolist() if not info.is_dir()}

    def members(self) -> Iterator[Member]:
        for path, info in self.infos.items():
            inner = PurePosixPath(path)
            if any(is_hidden(part) for part in inner.parts):
                continue
            closed = (why_not_entered(folder) for folder in inner.parents)
            if why := why_left_out(inner.name) or next(filter(None, closed), ""):
                self.left_out[f"{self.path}/{path}"] = why
            else:
                yield Member(self, path, info.file_size, modified(info))

    def read(self, member: Member, limit: int) -> bytes:
        with in_words(), self.archive.open(self.infos[member.path]) as stream:
            return stream.read(limit)

    @contextmanager
    def staged(self, member: Member) -> Iterator[Path]:
        """The file, unpacked among the incoming files. After a kill, the next start removes it."""
        info = self.infos[member.path]
        if info.file_size > settings.MIRAGE_UPLOAD_MAX_MB * 1_000_000:
            raise DamagedMember(english("The file is larger than MIRAGE_UPLOAD_MAX_MB allows."))
        intake.require_space(info.file_size)
        paths.incoming_folder().mkdir(parents=True, exist_ok=True)
        temporary = paths.incoming_folder() / f"{uuid.uuid4().hex}{extension(member.name)}"
        try:
            with temporary.open("xb") as target:
                fcntl.flock(target, fcntl.LOCK_EX)  # keeps others from removing it (photos.storage.paths)
                with in_words(), self.archive.open(info) as stream:
                    shutil.copyfileobj(stream, target, CHUNK)
                target.flush()
                os.utime(temporary, (member.modified_at, member.modified_at))
                yield temporary
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn the errors that zipfile raises into DamagedMember."""
    try:
        yield
    except DAMAGED_ZIP as error:
        raise DamagedMember(english("The archive is damaged: %(reason)s", reason=error)) from error
    except RuntimeError as error:  # zipfile's error for encrypted archives
        raise DamagedMember(english("The file cannot be unpacked: %(reason)s", reason=error)) from error


def open_sources(roots: list[Path], within: Sequence[Path] | None = None) -> list[Source]:
    """The parts of an export. A folder with nothing but archives means the archives. Raises BadExport.

    With `within`, links that lead out of these folders are left out.
    """
    found: list[Source] = []
    for root in roots:
        if root.is_dir():
            archives = sorted(path for path in root.iterdir() if path.name.lower().endswith(ARCHIVES))
            if within is not None:
                archives = [path for path in archives if leads_into(path, within)]
            found += [Zip(path) for path in archives]
            if len(archives) < sum(1 for path in root.iterdir() if not path.name.startswith(".")):
                found.append(Folder(Path(os.path.abspath(root)), within))
        elif root.exists():
            found.append(Zip(root))
        else:
            raise BadExport(english("There is nothing at %(path)s.", path=names.shown(root)))
    return found


def unreadable(path: Path, error: Exception) -> str:
    """The reason why an archive cannot be imported, and what to do."""
    if path.name.lower().endswith(OTHER_ARCHIVES):
        return english(
            "%(path)s is not a zip file. Unpack it and import the folder, or request zip files instead.",
            path=names.shown(path),
        )
    return english("%(path)s is not a readable zip file: %(reason)s", path=names.shown(path), reason=error)


def is_hidden(name: str) -> bool:
    """Whether a file or folder with this name belongs to the system, not to the export."""
    return name == "__MACOSX" or (name.startswith(".") and name not in (".", ".."))


def tidy(path: str) -> str:
    """The path with "/" and composed accents (NFC)."""
    return unicodedata.normalize("NFC", path.replace("\\", "/"))


def extension(name: str) -> str:
    """The extension for the unpacked file, if it has only letters and digits."""
    suffix = PurePosixPath(name).suffix
    return suffix if suffix[1:].isalnum() and len(suffix) <= 8 and suffix.isascii() else ""


def modified(info: zipfile.ZipInfo) -> float:
    """The file's time of modification in the archive, which has no time zone, as the server's time."""
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
