"""Making a backup while Mirage runs: the database as it is at one moment, and every original that it names.

Originals are copied once and shared by all snapshots, each checked against its sum while it is copied. A snapshot
appears under its name when it is complete; one that was interrupted is removed by the next, which goes on from there.
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

from operations import environment, transfer
from operations.backups import snapshots
from operations.backups.snapshots import Manifest, Original, Snapshot
from photos.models import Photo, PhotoFile
from photos.storage import paths

SPARE = 100 << 20  # bytes left free on the target

Progress = Callable[[int, int], None]


class CannotBackUp(Exception):
    """The backup was not made; the message says why. What the target held before is still there."""


def _quiet(_done: int, _total: int) -> None:
    pass


def make(
    target: Path, *, link: bool = False, indexes: bool = False, verify: bool = False, on_progress: Progress = _quiet
) -> Snapshot:
    """Make a snapshot below the target. `link`: hard links to originals on the same disk, instead of copies.

    `indexes`: the indexes too. `verify`: read again what earlier backups copied, and copy anew what is damaged.
    """
    if target.resolve().is_relative_to(paths.originals_folder().resolve()):
        raise CannotBackUp(f"{target} lies among the originals.")
    try:
        with snapshots.only_one(target):
            return _make(target, link, indexes, verify, on_progress)
    except BlockingIOError as error:
        raise CannotBackUp(f"Another backup into {target} is being made.") from error
    except (OSError, DatabaseError) as error:
        raise CannotBackUp(
            f"The backup into {target} was not finished: {reason_of(error, target)}. Earlier ones are untouched."
        ) from error


def reason_of(error: OSError | DatabaseError, target: Path) -> str:
    """Why nothing could be written, in words."""
    if isinstance(error, DatabaseError):
        return "the disk is full" if "disk is full" in str(error) else str(error).strip()
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "the disk is full"
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
    """Remove what a killed backup left; the originals that it copied stay and need not be copied again."""
    for folder in target.glob(f"*{snapshots.UNFINISHED}"):
        shutil.rmtree(folder)
    for file in target.glob(".copy-*"):
        file.unlink()


def write_settings(folder: Path) -> None:
    """The variables that this installation is run with, secrets left out, and the secret it made itself."""
    (folder / "settings.json").write_text(json.dumps(environment.plain(), indent=1))
    secret = settings.MIRAGE_DATA / "secret_key"
    if secret.exists():
        shutil.copy2(secret, folder / "secret_key")


def keep_originals(folder: Path, link: bool, verify: bool, manifest: Manifest, on_progress: Progress) -> None:
    """Copy what the target does not have yet, and count into the manifest."""
    pool = snapshots.originals_folder(folder.parent)
    database = folder / snapshots.DATABASE
    total = 0
    absent = 0
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
    """Whether the target has it: a file appears there when it is complete."""
    try:
        return place.stat().st_size == original.size
    except FileNotFoundError:
        return False


def check_room(target: Path, needed: int) -> None:
    free = shutil.disk_usage(target).free
    if free < needed + SPARE:
        raise CannotBackUp(
            f"{target} has {free >> 20:,} MB free and the new originals take {needed >> 20:,} MB. "
            "Keep fewer backups (--keep), or take a larger disk."
        )


def keep(place: Path, original: Original, link: bool, verify: bool, manifest: Manifest) -> None:
    """See to it that the target has this original."""
    manifest.originals += 1
    manifest.bytes += original.size
    if is_kept(place, original) and (not verify or snapshots.is_sound(place, original)):
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        source = paths.fetched(paths.originals_folder() / original.path)
        if link and try_link(source, place):
            sound = True
        else:
            sound = copy(source, place, original)
    except FileNotFoundError:
        if is_known(original):
            manifest.missing.append(original.path)
        return  # else it was deleted while the backup went on
    if not sound and (moved := where_now(original)):
        sound = copy(moved, place, original)
    if not sound:
        manifest.damaged.append(original.path)
    manifest.new_originals += 1
    manifest.new_bytes += original.size


def try_link(source: Path, place: Path) -> bool:
    """A second name for the file; False where the file system has none, or it lies on another."""
    try:
        place.unlink(missing_ok=True)
        os.link(source, place)
    except FileNotFoundError:
        raise
    except OSError:
        return False
    return True


def copy(source: Path, place: Path, original: Original) -> bool:
    """Copy the file whole and make it last. Whether its sum is right: a damaged original is better than none."""
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
    """Where the same bytes lie since the file was written to during the backup: it left a copy of what it was."""
    if is_known(original):
        return None
    copy = PhotoFile.objects.filter(sha256=original.sha256, in_place=False).first()
    return paths.original_file(copy) if copy else None


def sync_all(folder: Path) -> None:
    """Make a folder's files last through a power cut."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    paths.sync_folder(folder)


def prune(target: Path, keep_newest: int) -> int:
    """Remove all but the newest snapshots, and the originals that no snapshot needs any more. How many snapshots."""
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
