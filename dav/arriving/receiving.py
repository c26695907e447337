"""Receiving a file: its bytes go to a file of their own while they are hashed, block by block.

The file is locked while it is in use, so that one that a kill has left is found and removed. What did not arrive
completely is forgotten: the program sends it again.
"""

import errno
import fcntl
import hashlib
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import BinaryIO

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import override

from accounts.models import User
from dav.protocol.refusals import Refusal
from media.sentences import english
from photos.ingest import room
from photos.storage import http, paths

BLOCK = 1024 * 1024
CHECKED_EVERY = 64 * 1024 * 1024  # bytes of a file of unknown size, between two looks at the disk and the quota
PREFIX = "dav-"
YOUNG = 60  # seconds in which a file may not be locked yet


@dataclass(frozen=True)
class Received:
    """A file that has arrived."""

    path: Path
    size: int
    sha256: str
    sha1: str


def announced(request: HttpRequest) -> int | None:
    """The length of the body; None if the program does not know it before (chunked). Raises Refusal."""
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return None
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Refusal(400, english("The length of the body is no number."))
    return int(length)


def require_room(owner: User, size: int) -> None:
    """Raises Refusal unless there is room: 507 for the quota and the disk, 413 for what is too large anyway."""
    with refusing():
        room.require_room(owner, size)


@contextmanager
def refusing() -> Iterator[None]:
    """Refuses what has no room: 507 for the quota and the disk, 413 for what is too large anyway."""
    try:
        with override("en"):  # it is kept, and translated for whoever reads it
            yield
    except room.OverQuota as refused:
        raise Refusal(507, str(refused)) from refused
    except room.Refused as refused:
        raise Refusal(refused.status, str(refused)) from refused


@contextmanager
def received(request: HttpRequest, owner: User, name: str) -> Iterator[Received]:
    """The request's body as a file, which is removed at the end. Raises Refusal, if possible before reading."""
    size = announced(request)
    with with_room(owner, name, size or 0) as (file, claim):
        whole = Received(Path(file.name), *write(file, http.body_of(request), size, claim))
        require_sum(request, whole)
        yield whole


def require_sum(request: HttpRequest, file: Received) -> None:
    """Raises Refusal if the program told a sum of the bytes, as ownCloud's do, and others have arrived."""
    algorithm, _, wanted = request.headers.get("OC-Checksum", "").strip().partition(":")
    found = sum_of(file, algorithm.lower())
    if found and found.lstrip("0") != wanted.strip().lower().lstrip("0"):  # zeros at its start may be left out
        raise Refusal(400, english("The bytes were damaged on the way."))


def sum_of(file: Received, algorithm: str) -> str:
    """A sum of the file in hexadecimal digits; empty if we do not know this kind."""
    known = {"sha256": file.sha256, "sha1": file.sha1}
    if algorithm in known:
        return known[algorithm]
    if algorithm == "md5":
        with file.path.open("rb") as content:
            return hashlib.file_digest(content, partial(hashlib.md5, usedforsecurity=False)).hexdigest()
    if algorithm == "adler32":
        total = 1
        with file.path.open("rb") as content:
            while block := content.read(BLOCK):
                total = zlib.adler32(block, total)
        return f"{total:08x}"
    return ""


@contextmanager
def with_room(owner: User, name: str, size: int) -> Iterator[tuple[BinaryIO, room.Claim]]:
    """A new file for a file of that name, and the room that is held for it. Raises Refusal if there is none."""
    with ExitStack() as held:
        with refusing():
            claim = held.enter_context(room.claimed(owner, size))
        yield held.enter_context(temporary(name)), claim


@contextmanager
def temporary(name: str) -> Iterator[BinaryIO]:
    """A new file for a file of that name, locked while it is in use. Its extension decides the type of some files."""
    suffix = PurePath(paths.clean_name(name)).suffix.lower()
    path = paths.uploads_folder() / f"{PREFIX}{uuid.uuid4().hex}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield file
        finally:
            path.unlink(missing_ok=True)


def write(
    file: BinaryIO, body: Iterable[bytes | memoryview], size: int | None, claim: room.Claim | None = None
) -> tuple[int, str, str]:
    """Write the body to the file. Returns size, SHA-256 and SHA-1. Raises Refusal if it is not what was announced."""
    sums = hashlib.sha256(usedforsecurity=False), hashlib.sha1(usedforsecurity=False)
    written, next_check = 0, 0
    try:
        for block in body:
            if size is None and claim and written + len(block) > next_check:
                with refusing():
                    claim.grow_to(written + len(block))
                next_check = written + CHECKED_EVERY
            if size is not None and written + len(block) > size:
                raise Refusal(400, english("More bytes came than were announced."))
            left = memoryview(block)
            while left:
                left = left[file.write(left) :]
            for one in sums:
                one.update(block)
            written += len(block)
            if claim:
                claim.arrived(len(block))
    except UnreadablePostError as error:
        raise Refusal(400, english("The file did not arrive completely.")) from error
    except OSError as error:
        raise failed(error) from error
    if size is not None and written != size:
        raise Refusal(400, english("The file did not arrive completely."))
    return written, sums[0].hexdigest(), sums[1].hexdigest()


def failed(error: OSError) -> Refusal:
    """The answer to an error of the disk or the network."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal(507, english("The disk of the library is full."))
    return Refusal(
        503 if error.errno else 400, english("The file could not be written."), headers={"Retry-After": "60"}
    )


def remove_left() -> int:
    """Remove files that a kill has left: those that nobody has locked. Returns how many."""
    removed = 0
    for path in paths.uploads_folder().glob(f"{PREFIX}*"):
        try:
            if path.is_dir() or time.time() - path.stat().st_mtime < YOUNG:
                continue
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
                removed += 1
        except (BlockingIOError, FileNotFoundError):
            continue
    return removed
