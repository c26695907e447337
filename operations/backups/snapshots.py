"""The layout of a backup on disk (docs/run/backup.md), which only this module knows.

TARGET/originals/<owner>/<yyyy>/<mm>/<stem>.<8 of its sha256><suffix>    shared by all snapshots
TARGET/<moment>/database.sqlite3, manifest.json, settings.json, secret_key, indexes/
TARGET/<moment>.unfinished/                                              being made, or interrupted

A snapshot's database has the paths, sizes and checksums of its originals. The path and checksum of an original say
where its copy is, so a changed file is stored beside its old version, and no list is needed.
"""

import fcntl
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from photos.models import Photo, PhotoFile

FORMAT = 1
DATABASE = "database.sqlite3"
UNFINISHED = ".unfinished"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")


class NoBackup(Exception):
    """There is no usable backup; the message says why."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file of the library, as its row describes it."""

    path: str
    sha256: str
    size: int

    @property
    def kept_as(self) -> str:
        """Its path below TARGET/originals."""
        folder, _, name = self.path.rpartition("/")
        stem, dot, suffix = name.rpartition(".")
        if not stem:
            stem, dot, suffix = name, "", ""
        return f"{folder}/{stem}.{self.sha256[:8]}{dot}{suffix}"


@dataclass(slots=True)
class Manifest:
    """The contents of a snapshot. `damaged` and `missing` originals were so when it was made."""

    made_at: str
    mirage: str
    engine: str
    photos: int = 0
    originals: int = 0
    bytes: int = 0
    new_originals: int = 0
    new_bytes: int = 0
    seconds: float = 0.0
    damaged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A complete snapshot."""

    folder: Path
    manifest: Manifest

    @property
    def target(self) -> Path:
        return self.folder.parent

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest.made_at)


def name_of(moment: datetime) -> str:
    """The name of a snapshot's folder for a moment in UTC."""
    return f"{moment:%Y-%m-%dT%H%M%SZ}"


def snapshots(target: Path) -> list[Snapshot]:
    """The complete and readable snapshots of a backup, oldest first."""
    found = []
    for folder in sorted(target.iterdir()) if target.is_dir() else ():
        if _MOMENT.fullmatch(folder.name):
            try:
                found.append(read(folder))
            except NoBackup:
                continue
    return found


def find(source: Path) -> Snapshot:
    """The snapshot at this path, or the newest of the backup at this path. Raises NoBackup."""
    if (source / "manifest.json").exists():
        return read(source)
    if not source.is_dir():
        raise NoBackup(_("%(source)s is not a folder.") % {"source": source})
    for folder in sorted(source.iterdir(), reverse=True):
        if _MOMENT.fullmatch(folder.name):
            return read(folder)
    raise NoBackup(_("%(source)s contains no complete backup of Mirage.") % {"source": source})


def read(folder: Path) -> Snapshot:
    """The snapshot in this folder. Raises NoBackup."""
    try:
        values: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        manifest = Manifest(**values) if values.get("format") == FORMAT else None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise NoBackup(_("%(folder)s cannot be read: %(error)s") % {"folder": folder, "error": error}) from error
    if manifest is None:
        raise NoBackup(
            _("Another version of Mirage made %(folder)s, in format %(format)s.")
            % {"folder": folder, "format": values.get("format")}
        )
    return Snapshot(folder, manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1))


def originals_folder(target: Path) -> Path:
    return target / "originals"


def originals(database: Path) -> Iterator[Original]:
    """The originals in a snapshot's database. Files imported in place are not included."""
    photo, file = Photo._meta.db_table, PhotoFile._meta.db_table
    wanted = "SELECT path, sha256, size FROM {} WHERE NOT in_place"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as rows:
        for row in rows.execute(f"{wanted.format(photo)} UNION {wanted.format(file)} ORDER BY path"):
            yield Original(*row)


def is_sound(file: Path, original: Original) -> bool:
    """Read the file and compare its checksum. Raises OSError."""
    if file.stat().st_size != original.size:
        return False
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == original.sha256


@contextmanager
def only_one(target: Path) -> Iterator[None]:
    """Lock this backup for writing. Raises BlockingIOError if it is locked already."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(target / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)
