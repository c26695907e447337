"""Resumable uploads: creating them, adding bytes, importing the finished file, deleting them.

Each upload has a file whose length is the number of bytes that have arrived. A server that is killed loses nothing, and
no lock is held while waiting for the network. The row says who owns the upload and how large it will be.
"""

import errno
import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from media.sentences import english
from mirage.registry import Registry
from photos.ingest import intake, room
from photos.ingest.comebacks import Comebacks
from photos.ingest.room import NoSpace, Refused, TooLarge
from photos.ingest.tus import Checksum, Verifier
from photos.models import ImportFailure, Photo, StageRun, Upload
from photos.storage import paths

KEPT = timedelta(days=7)
UNFINISHED_SHOWN = 200
# What other apps add to photos on the upload page: values by the photo's id.
REMARKS: Registry[Callable[[Sequence[Photo]], Mapping[int, Mapping[str, Any]]]] = Registry("remark")
UNATTENDED = timedelta(minutes=2)  # after this time the server finishes a complete upload by itself


class WrongOffset(Refused):
    """The bytes do not continue the file: the client should ask how much has arrived."""

    status = 409


class WrongChecksum(Refused):
    status = 460  # defined by tus


class Busy(Refused):
    status = 423


class Incomplete(Refused):
    status = 409


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a browser says about a file before sending it."""

    name: str
    size: int
    folder: str = ""
    modified_at: datetime | None = None
    is_export: bool = False
    purpose: str = ""


# --- adding bytes -----------------------------------------------------------------------------------------------------


def create(owner: User, announced: Announcement) -> Upload:
    """Create an upload. Raises Refused if it is too large for the installation, the quota or the disk."""
    with room.claimed(owner, announced.size):
        return Upload.objects.create(
            owner=owner,
            name=announced.name.replace("\0", "_"),  # PostgreSQL does not store NUL
            size=announced.size,
            folder=announced.folder,
            modified_at=announced.modified_at,
            is_export=announced.is_export,
            purpose=announced.purpose,
        )


def file_of(upload: Upload) -> Path:
    """The upload's file. It has the original's extension, which decides the type of some files."""
    suffix = PurePath(paths.clean_name(upload.name)).suffix.lower()
    return paths.uploads_folder() / f"{upload.key}{suffix}"


def received(upload: Upload) -> int:
    """How many bytes have arrived."""
    try:
        return file_of(upload).stat().st_size
    except FileNotFoundError:
        return 0


def unfinished(owner: User) -> list[Upload]:
    """The latest unfinished uploads; `offset` is the number of bytes that have arrived."""
    begun = list(owner.uploads.filter(is_export=False).order_by("-created_at")[:UNFINISHED_SHOWN])
    for upload in begun:
        upload.offset = received(upload)
    return begun


def failures_of(photos: Iterable[Photo]) -> dict[int, str]:
    """Why photos cannot be shown: photo id -> the error of the failed stage."""
    hidden = [photo.pk for photo in photos if not photo.displayable]
    failed = StageRun.objects.filter(photo__in=hidden, status=StageRun.Status.FAILED)
    return dict(failed.values_list("photo_id", "error"))


def append(upload: Upload, offset: int, blocks: Iterable[bytes | memoryview], checksum: Checksum | None = None) -> int:
    """Append bytes at `offset`, which must be the file's end. Returns how many bytes the file has now.

    Bytes that arrived before an interruption are kept, unless a checksum was announced. Raises Refused, and whatever
    reading `blocks` raises.
    """
    verifier = Verifier(checksum) if checksum else None
    with _open(upload) as file:
        position = offset
        try:
            if os.fstat(file).st_size != offset:
                raise WrongOffset(_(english("These bytes belong elsewhere.")))
            for block in blocks:
                if position + len(block) > upload.size:
                    raise TooLarge(_(english("More bytes came than were announced.")))
                _write(file, position, block)
                position += len(block)
                if verifier:
                    verifier.update(block)
            if verifier and not verifier.matches():
                raise WrongChecksum(_(english("The bytes were damaged on the way.")))
        except BaseException:
            if verifier:
                _cut_back(file, position, offset)
            raise
        finally:
            note_progress(upload, os.fstat(file).st_size)
    return position


def note_progress(upload: Upload, offset: int) -> None:
    """Save in the row how much has arrived, for lists and for cleaning up. The file's length is what counts."""
    upload.offset, upload.touched_at = offset, timezone.now()
    Upload.objects.filter(pk=upload.pk).update(offset=offset, touched_at=upload.touched_at)


@contextmanager
def _open(upload: Upload) -> Iterator[int]:
    path = file_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _locked(file: int) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _write(file: int, position: int, block: bytes | memoryview) -> None:
    """Write a block at the file's end. Raises WrongOffset if another request has written there."""
    view = memoryview(block)
    with _locked(file):
        if os.fstat(file).st_size != position:
            raise WrongOffset(_(english("Another request is uploading this file.")))
        try:
            while view:
                written = os.pwrite(file, view, position)
                view, position = view[written:], position + written
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoSpace(_(english("The disk of the library is full."))) from error
            raise


def _cut_back(file: int, position: int, offset: int) -> None:
    with _locked(file):
        if os.fstat(file).st_size == position:
            os.ftruncate(file, offset)


# --- finishing and deleting -------------------------------------------------------------------------------------------


def finish(upload: Upload, sha256: str = "") -> intake.Outcome:
    """Take the complete file into the library. With `sha256`, only if that is its checksum.

    Raises Refused, and OSError if the library cannot be written to. The upload then stays as it is.
    """
    with _open(upload) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(_(english("This file is already being imported."))) from error
        if os.fstat(file).st_size != upload.size:
            raise Incomplete(_(english("This file has not arrived completely.")))
        whole = file_of(upload)
        found = paths.sha256_of(whole)
        if sha256 and found != sha256:
            discard(upload)
            words = english("The file was damaged on the way, or changed meanwhile. Please upload it again.")
            raise WrongChecksum(_(words))
        comebacks = Comebacks(upload.owner)
        outcome = intake.ingest(
            upload.owner,
            whole,
            name=upload.name,
            modified_at=upload.modified_at.timestamp() if upload.modified_at else None,
            ours=True,
            sha256=found,
            comebacks=comebacks,
            folder=upload.folder,
        )
        outcome = replace(outcome, change=comebacks.flush())
        discard(upload)
    return outcome


def discard(upload: Upload) -> None:
    """Delete an upload and its file."""
    ImportFailure.objects.filter(owner=upload.owner_id, path=str(file_of(upload))).delete()
    upload.delete()
    file_of(upload).unlink(missing_ok=True)


def finish_unattended() -> int:
    """Import complete uploads whose browsers never finished them. Returns how many.

    If that fails, the upload is listed under Needs attention and not tried again.
    """
    complete = Upload.objects.filter(is_export=False, offset=F("size"), touched_at__lt=timezone.now() - UNATTENDED)
    return sum(_finish_or_record(upload) for upload in complete.select_related("owner")[:100])


def _finish_or_record(upload: Upload) -> bool:
    path = file_of(upload)
    if ImportFailure.objects.filter(owner=upload.owner_id, path=str(path)).exists():
        return False
    if not path.exists():  # it is on another machine, which will finish it
        return False
    try:
        finish(upload)
    except Refused:
        return False
    except OSError as error:
        intake.record_failure(upload.owner, path, intake.explain(error), in_place=False)
        return False
    return True


def remove_expired() -> int:
    """Delete unfinished uploads and parts of exports that received nothing for a week, and files without a row.

    Returns how many.
    """
    limit = timezone.now() - KEPT
    removed = 0
    for upload in Upload.objects.filter(Q(offset__lt=F("size")) | Q(is_export=True), touched_at__lt=limit):
        if received(upload) == upload.size and not upload.is_export:
            note_progress(upload, upload.size)  # complete after all: the row was out of date
        else:
            discard(upload)
            removed += 1
    return removed + _remove_orphans(limit)


def _remove_orphans(limit: datetime) -> int:
    removed = 0
    for path in paths.uploads_folder().glob("*"):
        with suppress(FileNotFoundError):  # an upload may have ended meanwhile
            if path.stat().st_mtime < limit.timestamp() and not Upload.objects.filter(key=path.stem).exists():
                path.unlink()
                removed += 1
    return removed


def expires_at(upload: Upload) -> datetime:
    """When the upload will be deleted if no more bytes arrive."""
    return upload.touched_at + KEPT
