"""Making a backup while Mirage runs: the database at one moment, and every original in it.

All snapshots share the copies of originals. Each original is copied once, and its checksum verified meanwhile. A
snapshot gets its name when it is complete. The next backup removes an interrupted one and continues with its copies.
"""

import errno
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from media.sentences import english
from operations import environment, transfer
from operations.backups import snapshots
from operations.backups.snapshots import Manifest, Original, Snapshot
from photos.models import Photo, PhotoFile
from photos.storage import paths

SPARE = 100 << 20  # bytes left free on the target

Progress = Callable[[int, int], None]


class CannotBackUp(Exception):
    """The backup was not made; the message says why. Earlier backups are untouched."""


def make(
    target: Path,
    *,
    link: bool = False,
    indexes: bool = False,
    verify: bool = False,
    on_progress: Progress = lambda done, total: None,
) -> Snapshot:
    """Make a snapshot below the target. Raises CannotBackUp.

    `link` makes hard links to originals on the same disk instead of copies. `indexes` includes the indexes. `verify`
    reads earlier copies and replaces damaged ones.
    """
    if target.resolve().is_relative_to(paths.originals_folder().resolve()):
        raise CannotBackUp(english("%(target)s is inside the folder of originals.", target=target))
    try:
        with snapshots.only_one(target):
            return _make(target, link, indexes, verify, on_progress)
    except BlockingIOError as error:
        raise CannotBackUp(english("Another backup to %(target)s is running.", target=target)) from error
    except (OSError, DatabaseError) as error:
        raise CannotBackUp(
            english(
                "The backup to %(target)s failed: %(reason)s. Earlier backups are untouched.",
                target=target,
                reason=reason_of(error, target),
            )
        ) from error


def reason_of(error: OSError | DatabaseError, target: Path) -> str:
    """The reason why nothing could be written."""
    if isinstance(error, DatabaseError):
        return english("the disk is full") if "disk is full" in str(error) else str(error).strip()
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return english("the disk is full")
    return f"{error.strerror}: {error.filename or target}"


def _make(target: Path, link: bool, indexes: bool, verify: bool, on_progress: Progress) -> Snapshot:
    began, moment = time.monotonic(), datetime.now(UTC)
    remove_unfinished(target)
    folder = target / f"{snapshots.name_of(moment)}{snapshots.UNFINISHED}"
    folder.mkdir(mode=0o700)
    try:
        manifest = Manifest(made_at=moment.isoformat(), mirage=settings.VERSION, engine=connection.vendor)
        transfer.snapshot(folder / snapshots.DATABASE)
        write_settings(folder)
        if indexes and paths.indexes_folder().exists():
            shutil.copytree(paths.indexes_folder(), folder / "indexes")
        keep_originals(folder, link, verify, manifest, on_progress)
        manifest.seconds = round(time.monotonic() - began, 1)
        snapshots.write_manifest(folder, manifest)
        sync_all(folder)
        finished = folder.with_name(snapshots.name_of(moment))
        folder.rename(finished)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    paths.sync_folder(target)
    return Snapshot(finished, manifest)


def remove_unfinished(target: Path) -> None:
    """Remove what a killed backup left, except the originals that it copied."""
    for folder in target.glob(f"*{snapshots.UNFINISHED}"):
        shutil.rmtree(folder)
    for file in target.glob(".copy-*"):
        file.unlink()


def write_settings(folder: Path) -> None:
    """Store the environment variables without secrets, and the generated secret key."""
    (folder / "settings.json").write_text(json.dumps(environment.plain(), indent=1))
    secret = settings.MIRAGE_DATA / "secret_key"
    if secret.exists():
        shutil.copy2(secret, folder / "secret_key")


def keep_originals(folder: Path, link: bool, verify: bool, manifest: Manifest, on_progress: Progress) -> None:
    """Copy the originals that the target does not have yet, and count them in the manifest."""
    pool = snapshots.originals_folder(folder.parent)
    database = folder / snapshots.DATABASE
    total = absent = 0
    for original in snapshots.originals(database):
        total += 1
        if not link and not is_kept(pool / original.kept_as, original):
            absent += original.size
    check_room(folder.parent, absent)
    for done, original in enumerate(snapshots.originals(database), start=1):
        keep(pool / original.kept_as, original, link, verify, manifest)
        on_progress(done, total)
    manifest.photos = Photo.objects.count()


def is_kept(place: Path, original: Original) -> bool:
    """Whether the target has it. Files appear there only when they are complete."""
    try:
        return place.stat().st_size == original.size
    except FileNotFoundError:
        return False


def check_room(target: Path, needed: int) -> None:
    free = shutil.disk_usage(target).free
    if free < needed + SPARE:
        raise CannotBackUp(
            english(
                "%(target)s has %(free)s MB free, but the new originals need %(needed)s MB. Keep fewer "
                "backups (--keep), or use a larger disk.",
                target=target,
                free=f"{free >> 20:,}",
                needed=f"{needed >> 20:,}",
            )
        )


def keep(place: Path, original: Original, link: bool, verify: bool, manifest: Manifest) -> None:
    """Make sure that the target has this original."""
    manifest.originals += 1
    manifest.bytes += original.size
    if is_kept(place, original) and (not verify or snapshots.is_sound(place, original)):
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        source = paths.fetched(paths.originals_folder() / original.path)
        sound = (link and try_link(source, place)) or copy(source, place, original)
    except FileNotFoundError:
        moved = where_now(original)
        sound = moved is not None and copy(moved, place, original)
        if not sound:
            if is_known(original):
                manifest.missing.append(original.path)
            return  # otherwise it was deleted during the backup
    if not sound and (moved := where_now(original)):
        sound = copy(moved, place, original)
    if not sound:
        manifest.damaged.append(original.path)
    manifest.new_originals += 1
    manifest.new_bytes += original.size


def try_link(source: Path, place: Path) -> bool:
    """Make a hard link. Returns False if the file system has none or the file is on another one."""
    try:
        place.unlink(missing_ok=True)
        os.link(source, place)
    except FileNotFoundError:
        raise
    except OSError:
        return False
    return True


def copy(source: Path, place: Path, original: Original) -> bool:
    """Copy the file durably. Returns whether its checksum is right; a damaged original is better than none."""
    temporary = place.with_name(f".copy-{uuid.uuid4().hex}")
    try:
        with temporary.open("xb") as stream:
            sound = paths.copy_hashing(source, stream) == original.sha256
            os.fsync(stream.fileno())
        shutil.copystat(source, temporary)
        if sound or not is_kept(place, original):
            os.replace(temporary, place)
    finally:
        temporary.unlink(missing_ok=True)
    return sound


def is_known(original: Original) -> bool:
    """Whether the library still has this file."""
    return any(
        model.objects.filter(path=original.path, sha256=original.sha256, in_place=False).exists()
        for model in (Photo, PhotoFile)
    )


def where_now(original: Original) -> Path | None:
    """The file with the old content, if it was moved or Mirage has written into the original during the backup."""
    if is_known(original):
        return None
    rows = (model.objects.filter(sha256=original.sha256, in_place=False).first() for model in (PhotoFile, Photo))
    found = next((row for row in rows if row), None)
    path = paths.original_file(found) if found else None
    return path if path and path.exists() else None


def sync_all(folder: Path) -> None:
    """Make a folder's files survive a power cut."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    paths.sync_folder(folder)


def prune(target: Path, keep_newest: int) -> int:
    """Remove all but the newest snapshots, and originals that none needs. Returns the number of removed snapshots."""
    with snapshots.only_one(target):
        known = snapshots.snapshots(target)
        surplus = known[: max(len(known) - keep_newest, 0)]
        for snapshot in surplus:
            shutil.rmtree(snapshot.folder)
        if surplus:
            remove_unneeded(target, known[len(surplus) :])
    return len(surplus)


def remove_unneeded(target: Path, kept: list[Snapshot]) -> None:
    needed = {original.kept_as for snapshot in kept for original in snapshots.originals(snapshot.database)}
    pool = snapshots.originals_folder(target)
    for folder, _, names in os.walk(pool, topdown=False):
        for name in names:
            file = Path(folder) / name
            if str(file.relative_to(pool)) not in needed:
                file.unlink()
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()
