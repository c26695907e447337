"""Makers of segments: one for each viewer at most, and only so many at once, over all processes of the site.

A maker is a thread of the site that holds a sandbox. Its viewer's wish (media/streams/wishes.py) says what to make, so
any process of the site can tell it. Locks on files say which viewers have a maker; they end with their process.
"""

import fcntl
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.security.origin import address_of
from media.files import readable_name
from media.sandbox import Sandbox, SandboxedError, UnreadableFile, shared
from media.sentences import english
from media.streams import wishes
from media.streams.plans import QUALITIES, SOFTWARE, Plan, Quality
from photos.storage import paths
from photos.storage.streaming import sources
from photos.storage.streaming.sources import Source

log = logging.getLogger(__name__)

MOST = max(2, (os.cpu_count() or 2) // 2)  # makers at once
IDLE_SECONDS = 20.0  # after which a maker that nobody asks ends
WAIT_SECONDS = 25.0  # for a segment, before the player is told to ask again
SURE_SECONDS = 1.0  # after which a request that the player has left for another does not wait any more
CALL_SECONDS = 1800.0  # after which a maker hangs and is stopped; it begins again after half of them
PAUSE = 0.03
TRYING = english("This video cannot be converted for playing.")
SLOT = "slot-"  # and a number: the lock that one of the makers holds
FAILED = "failed"  # the file that says why segments cannot be made


class Busy(Exception):
    """The segment is not there yet: it takes long, or too many videos are being played."""


_running: dict[str, threading.Thread] = {}
_lock = threading.Lock()
_waiting = threading.BoundedSemaphore(max(1, settings.MIRAGE_WEB_THREADS // 2))  # the others answer other requests


def viewer_of(request: HttpRequest) -> str:
    """Who plays: a session of a user or a guest, or else a place in the network."""
    session = request.session.session_key or ""
    parts = (str(request.user.pk or ""), session, "" if session else address_of(request) or "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def segment_file(viewer: str, source: Source, quality: Quality, number: int) -> Path:
    """The file of a segment, made now if it is not there. Raises UnreadableFile, Busy, OSError."""
    folder = source.folder / quality.name
    folder.mkdir(parents=True, exist_ok=True)
    wish = viewers_folder() / f"{viewer}.json"
    wishes.write_wish(wish, folder, quality.name, number, source.file)
    wanted = folder / wishes.name_of(number)
    if not wanted.exists():
        if not start(viewer, wish):
            raise Busy
        with place_to_wait():
            wait_for(wanted, viewer, wish, number)
    return wanted


@contextmanager
def place_to_wait() -> Iterator[None]:
    """One of the site's threads that may wait. Raises Busy if all of these do."""
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _waiting.release()


def wait_for(wanted: Path, viewer: str, wish: Path, number: int) -> None:
    """Wait for a segment. Raises UnreadableFile, and Busy if it takes too long or its player wants another now."""
    begun = time.monotonic()
    while not wanted.exists():
        if reason := failure_of(wanted.parent):
            raise UnreadableFile(reason)
        waited = time.monotonic() - begun
        if waited > WAIT_SECONDS or (waited > SURE_SECONDS and not is_wanted(wish, wanted.parent, number)):
            raise Busy
        if not start(viewer, wish):
            raise Busy
        time.sleep(PAUSE)
        wishes.keep(wish)


def is_wanted(wish: Path, folder: Path, number: int) -> bool:
    """Whether the wish still leads to this segment."""
    found = wishes.read_wish(wish)
    return found is not None and found.folder == str(folder) and 0 <= number - found.segment < wishes.AHEAD


def begin(viewer: str, source: Source, quality: Quality) -> None:
    """Begin with the first segment: the player asks for it next."""
    folder = source.folder / quality.name
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / wishes.name_of(0)).exists():
        wish = viewers_folder() / f"{viewer}.json"
        wishes.write_wish(wish, folder, quality.name, 0, source.file)
        start(viewer, wish)


def forget_failure(source: Source) -> None:
    """Let a video that could not be converted be tried again."""
    for quality in QUALITIES:
        (source.folder / quality.name / FAILED).unlink(missing_ok=True)


def failure_of(folder: Path) -> str:
    """Why segments cannot be made; empty if nothing is known."""
    try:
        return (folder / FAILED).read_text()
    except FileNotFoundError:
        return ""


def viewers_folder() -> Path:
    """Where wishes and locks lie."""
    folder = paths.streams_folder() / ".viewers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def start(viewer: str, wish: Path) -> bool:
    """Start a maker for this viewer, unless there is one. False if there are too many."""
    with _lock:
        if (running := _running.get(viewer)) and running.is_alive():
            return True
        own = locked(viewers_folder() / f"{viewer}.lock")
        if own is None:
            return True  # another process has one
        slot = next(
            (found for number in range(MOST) if (found := locked(viewers_folder() / f"{SLOT}{number}.lock"))), None
        )
        if slot is None:
            own.close()
            return False
        thread = threading.Thread(target=work, args=(viewer, wish, own, slot), name=f"maker {viewer}", daemon=True)
        _running[viewer] = thread
        thread.start()
        return True


def locked(path: Path) -> BinaryIO | None:
    """The file, locked until it is closed. None if somebody else has locked it, or just removed it."""
    file = path.open("wb")
    with suppress(BlockingIOError, FileNotFoundError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return file
    file.close()
    return None


def remove_locks() -> None:
    """Remove the locks of viewers who have no maker."""
    for path in viewers_folder().glob("*.lock"):
        if not path.name.startswith(SLOT) and (held := locked(path)):
            path.unlink(missing_ok=True)
            held.close()


def work(viewer: str, wish: Path, *locks: BinaryIO) -> None:
    """What a maker does: follow the wish until it is old."""
    try:
        sources.trim()
        remove_locks()
        with Sandbox() as sandbox:
            while (wanted := wishes.read_wish(wish)) and wanted.age < IDLE_SECONDS:
                if not make(sandbox, wish, wanted):
                    break
        wish.unlink(missing_ok=True)
    finally:
        with _lock:
            _running.pop(viewer, None)
            for lock in locks:
                lock.close()


def make(sandbox: Sandbox, wish: Path, wanted: wishes.Wish) -> bool:
    """Make segments while the wish is for this video. Whether to go on."""
    folder, file = Path(wanted.folder), Path(wanted.source)
    plan = sources.read_plan(folder.parent)
    quality = next((one for one in QUALITIES if one.name == wanted.quality), None)
    if plan is None or quality is None or failure_of(folder):
        return False
    for name in dict.fromkeys((encoder(), SOFTWARE)):  # x264 stands in where a graphics card fails
        reason = follow(sandbox, file, folder, wish, plan, quality, name)
        if not reason:
            return True
    (folder / FAILED).write_text(reason)
    return False


def follow(sandbox: Sandbox, file: Path, folder: Path, wish: Path, plan: Plan, quality: Quality, encoder: str) -> str:
    """Make segments with this encoder while they are wished for. Returns why that failed; empty if it did not."""
    call: Callable[..., object] = sandbox.call
    try:
        with readable_name(file) as path:
            args = path, folder, wish, plan, quality, IDLE_SECONDS, CALL_SECONDS / 2, encoder
            call("media.streams.making:follow", *args, seconds=CALL_SECONDS)
    except UnreadableFile as error:
        return str(error)
    except SandboxedError as error:
        log.error("%s cannot be converted: %s\n%s", file, error, error.traceback)
        return TRYING
    return ""


def encoder_in_words() -> str:
    """What encodes videos while they are played, for the administrator."""
    if not encoder.cache_info().currsize:
        return _("Not tried yet: a graphics card is looked for when the first video is played")
    return {
        "h264_nvenc": "NVIDIA NVENC",
        "h264_qsv": "Intel Quick Sync",
        "h264_v4l2m2m": "V4L2",
    }.get(encoder(), _("The processor (x264); no graphics card that encodes was found"))


@cache
def encoder() -> str:
    """The encoder that works here: one of a graphics card, or x264."""
    try:
        best: str = shared().call("media.streams.encoders:best")
    except (UnreadableFile, SandboxedError) as error:  # a driver may crash, or hang
        log.warning("No graphics card encodes videos here: %s", error)
        return SOFTWARE
    return best
