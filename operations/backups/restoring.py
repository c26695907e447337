"""Restoring a backup into an empty installation. After an interruption, run it again to continue."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from accounts.models import User
from mirage.wording import number_in_words
from operations import transfer
from operations.backups import snapshots
from operations.backups.snapshots import Original, Snapshot
from photos import pipeline
from photos.models import Photo, StageRun
from photos.storage import paths

Progress = Callable[[int, int], None]
CHUNK = 2000


class CannotRestore(Exception):
    """Nothing was restored; the message says why."""


@dataclass(slots=True)
class Restored:
    """The result. `damaged` originals have a wrong checksum in the backup, `missing` ones are not in it."""

    photos: int = 0
    originals: int = 0
    damaged: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def restore(snapshot: Snapshot, on_progress: Progress = lambda done, total: None) -> Restored:
    """Restore the originals, then the database, so that an installation with a database is complete.

    Raises CannotRestore.
    """
    if holds_something():
        raise CannotRestore(
            _("%(folder)s already holds a library: restore into an empty MIRAGE_DATA.")
            % {"folder": settings.MIRAGE_DATA}
        )
    if version(snapshot.manifest.mirage) > version(settings.VERSION):
        raise CannotRestore(
            _("Mirage %(mirage)s made this backup, but this is %(version)s: upgrade first.")
            % {"mirage": snapshot.manifest.mirage, "version": settings.VERSION}
        )
    check_room(snapshot)
    restored = Restored()
    bring_originals(snapshot, restored, on_progress)
    secret = snapshot.folder / "secret_key"
    if secret.exists():
        shutil.copy2(secret, settings.MIRAGE_DATA / "secret_key")
    if (snapshot.folder / "indexes").exists():
        shutil.copytree(snapshot.folder / "indexes", paths.indexes_folder(), dirs_exist_ok=True)
    bring_database(snapshot)
    make_derived_again()
    restored.photos = Photo.objects.count()
    return restored


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdecimal())


def holds_something() -> bool:
    """Whether the database has a user. A database without tables has none."""
    try:
        return User.objects.exists()
    except DatabaseError:
        return False


def check_room(snapshot: Snapshot) -> None:
    settings.MIRAGE_DATA.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.MIRAGE_DATA).free
    needed = snapshot.manifest.bytes + snapshot.database.stat().st_size
    there = sum(paths.kept_size(file) for file in paths.kept_files(paths.originals_folder()))
    if free + there < needed:
        raise CannotRestore(
            _("%(folder)s has %(free)s MB free, but the backup needs %(needed)s MB.")
            % {
                "folder": settings.MIRAGE_DATA,
                "free": number_in_words(free >> 20),
                "needed": number_in_words(needed >> 20),
            }
        )


def bring_originals(snapshot: Snapshot, restored: Restored, on_progress: Progress) -> None:
    for done, original in enumerate(snapshots.originals(snapshot.database), start=1):
        bring(snapshot, original, restored)
        restored.originals += 1
        on_progress(done, snapshot.manifest.originals)


def bring(snapshot: Snapshot, original: Original, restored: Restored) -> None:
    """Copy an original to its place, unless a sound one is there."""
    place = paths.originals_folder() / original.path
    kept = snapshots.originals_folder(snapshot.target) / original.kept_as
    if is_there(place, original):
        return
    try:
        with paths.incoming_copy(kept, original.sha256) as temporary:
            paths.replace(temporary, place)
    except FileNotFoundError:
        restored.missing.append(original.path)
    except paths.Changed:  # its checksum is wrong, but it is better than nothing
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(kept, place)
        paths.published(place)
        restored.damaged.append(original.path)


def is_there(place: Path, original: Original) -> bool:
    """Whether the library already has a sound copy."""
    try:
        return paths.kept_size(place) == original.size and paths.kept_sha256(place) == original.sha256
    except FileNotFoundError:
        return False


def bring_database(snapshot: Snapshot) -> None:
    """Load a copy of the snapshot's database, because loading migrates it."""
    copy = settings.MIRAGE_DATA / "restored.sqlite3"
    try:
        shutil.copyfile(snapshot.database, copy)
        transfer.load(copy)
    finally:
        copy.unlink(missing_ok=True)


def make_derived_again() -> None:
    """Queue the stages that make derived files, which are not in the backup, and release all claims."""
    StageRun.objects.filter(status=StageRun.Status.RUNNING).update(status=StageRun.Status.WAITING, claim="", worker="")
    for stage in ("thumbnails", "playback", "motion"):
        pipeline.retry(StageRun.objects.filter(stage=stage, status=StageRun.Status.DONE))


def settings_then(snapshot: Snapshot) -> dict[str, str]:
    """The installation's environment variables at the time of the backup, without secrets."""
    file = snapshot.folder / "settings.json"
    return json.loads(file.read_text()) if file.exists() else {}
