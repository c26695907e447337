"""Running calls that read untrusted files in a child process that can be killed.

A `Sandbox` keeps one child alive (media/sandbox_child.py) and sends it calls by name. The child has a memory limit,
writes no core dump, has none of our secrets or sockets, and dies with us. A call that takes too long is ended with
SIGKILL, and the next call starts a new child. The overhead of a call is 0.1 ms.
"""

import io
import logging
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from media.sentences import english

logger = logging.getLogger(__name__)

MEMORY = 3 << 30  # bytes of address space, for a 200-megapixel picture and its copy
CALLS = 500  # after which a child is replaced, because decoders leak memory
SECONDS = 60.0
MAX_REPLY = 64 << 20  # bytes
_START_SECONDS = 60.0
_ROOT = Path(__file__).resolve().parent.parent
_HEADER = struct.Struct("<Q")

TOO_SLOW = english("Reading this file took too long and was stopped.")
TOO_LARGE = english("Reading this file needs more memory than is allowed.")
CRASHED = english("This file is damaged so that it crashes the decoder.")


class UnreadableFile(Exception):
    """A file cannot be read. The message tells the owner why."""


class SandboxedError(Exception):
    """Any other exception of the called function, with its name and message, and the child's traceback as text."""

    def __init__(self, summary: str, traceback: str) -> None:
        super().__init__(summary)
        self.traceback = traceback

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (str(self), self.traceback)


class _ChildDied(Exception):
    """The child ended during a call. `code` is its exit code, negative for a signal."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Sandbox:
    """One limited child process, started by the first call. Threads can share it; calls run one at a time."""

    def __init__(self, *, memory: int = MEMORY, calls: int = CALLS) -> None:
        """`memory` is the child's limit in bytes, `calls` how many calls it serves before it is replaced."""
        self._memory, self._max_calls = memory, calls
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child. A later call starts a new one."""
        with self._lock:
            self._discard()

    def abandon(self) -> None:
        """In a forked process: leave the child to the parent, and close our copy of the pipe that keeps it alive."""
        if self._child is not None and not self._lock.locked():
            self._discard()

    def call(self, function: str, /, *args: Any, seconds: float = SECONDS, **kwargs: Any) -> Any:
        """Call `"package.module:function"` in the child. The result may have plain types and dataclasses of ours.

        Raises UnreadableFile if the function does, takes longer than `seconds`, needs too much memory or crashes
        its process. Raises SandboxedError for every other exception.
        """
        request = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            try:
                return self._attempt(request, seconds)
            except _ChildDied as death:
                if death.code != -signal.SIGKILL:
                    logger.warning("%s ended the sandbox with status %d", function, death.code)
                    raise UnreadableFile(CRASHED) from None
            except MemoryError:
                pass
            return self._last_attempt(request, seconds)

    def _last_attempt(self, request: bytes, seconds: float) -> Any:
        """Try again in a new child: memory leaked by earlier calls, or a SIGKILL from outside, is not the file's fault.

        If the kernel killed the child because memory ran out, it will do so again.
        """
        self._discard()
        try:
            return self._attempt(request, seconds)
        except MemoryError:
            raise UnreadableFile(TOO_LARGE) from None
        except _ChildDied as death:
            raise UnreadableFile(TOO_LARGE if death.code == -signal.SIGKILL else CRASHED) from None

    def _attempt(self, request: bytes, seconds: float) -> Any:
        child = self._ready_child()
        child.calls += 1
        try:
            outcome = child.exchange(request, seconds)
        except TimeoutError:
            self._discard()
            raise UnreadableFile(TOO_SLOW) from None
        except EOFError:
            raise _ChildDied(self._discard()) from None
        except BaseException:
            self._discard()  # an interrupt or a bad reply: the next call must not read the rest of it
            raise
        if outcome[0] == "memory" or child.calls >= self._max_calls:
            self._discard()
        return _unwrap(outcome)

    def _ready_child(self) -> "_Child":
        if self._child is not None and not self._child.is_usable():
            self._discard()
        if self._child is None:
            self._child = _Child(self._memory)
        return self._child

    def _discard(self) -> int:
        child, self._child = self._child, None
        return child.end() if child is not None else 0


class _Child:
    """The child process and our ends of its pipes."""

    def __init__(self, memory: int) -> None:
        self.calls = 0
        self._owner = os.getpid()
        requests_out, self._requests = os.pipe()
        self._replies, replies_in = os.pipe()
        lifeline_out, self._lifeline = os.pipe()
        theirs = (requests_out, replies_in, lifeline_out)
        command = [sys.executable, "-m", "media.sandbox_child", *map(str, theirs), str(memory)]
        try:
            self._process = subprocess.Popen(
                command, cwd=_ROOT, env=_environment(), pass_fds=theirs, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        finally:
            for fd in theirs:
                os.close(fd)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        try:
            self._receive(time.monotonic() + _START_SECONDS)
        except (EOFError, TimeoutError) as problem:
            code = self.end()
            raise RuntimeError(f"the sandbox did not start (status {code})") from problem

    def is_usable(self) -> bool:
        """Whether it is alive and ours: after a fork it belongs to the parent."""
        return self._owner == os.getpid() and self._process.poll() is None

    def exchange(self, request: bytes, seconds: float) -> tuple[Any, ...]:
        """Send a request and wait for its outcome. Raises TimeoutError, or EOFError if the child is gone."""
        deadline = time.monotonic() + seconds
        try:
            _write(self._requests, _HEADER.pack(len(request)) + request)
        except BrokenPipeError:
            raise EOFError from None
        return _SafeUnpickler(io.BytesIO(self._receive(deadline))).load()

    def _receive(self, deadline: float) -> bytes:
        (size,) = _HEADER.unpack(self._read(_HEADER.size, deadline))
        if size > MAX_REPLY:
            raise ValueError(f"a reply of {size} bytes")
        return self._read(size, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        poll = select.poll()
        poll.register(self._replies, select.POLLIN)
        parts = bytearray()
        while len(parts) < size:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TimeoutError
            part = os.read(self._replies, min(size - len(parts), 1 << 20))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def end(self) -> int:
        """Kill the child if it is ours, and close the pipes. Returns its exit code."""
        code = 0
        if self._owner == os.getpid():
            try:
                # A dead child closes its pipe a moment before its exit code is available.
                code = self._process.wait(timeout=0.5 if self._has_hung_up() else 0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                code = self._process.wait()
        for fd in (self._requests, self._replies, self._lifeline):
            os.close(fd)
        return code

    def _has_hung_up(self) -> bool:
        poll = select.poll()
        poll.register(self._replies, 0)
        return any(events & select.POLLHUP for _, events in poll.poll(0))


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _environment() -> dict[str, str]:
    """The child's environment: none of our secrets, and one thread per library, as there is a worker per core."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ") if name in os.environ}
    return kept | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def _unwrap(outcome: tuple[Any, ...]) -> Any:
    match outcome:
        case ("result", value):
            return value
        case ("unreadable", message):
            raise UnreadableFile(message)
        case ("memory",):
            raise MemoryError
        case ("error", summary, traceback):
            raise SandboxedError(summary, traceback)
    raise SandboxedError(f"an unknown outcome: {outcome[:1]!r}", "")


_PLAIN = {
    "builtins": {"set", "frozenset", "bytearray", "complex"},
    "collections": {"OrderedDict", "deque"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
    "pathlib": {"PosixPath", "PurePosixPath"},
    "pathlib._local": {"PosixPath", "PurePosixPath"},  # Python 3.13
    "zoneinfo": {"ZoneInfo._unpickle"},
}


class _SafeUnpickler(pickle.Unpickler):
    """Loads only plain types and our own dataclasses, so that a compromised child cannot make us call anything else."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        if module.startswith(("media.", "vision.")) and "." not in name:
            found = getattr(import_module(module), name, None)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} may not come out of the sandbox")


_shared: Sandbox | None = None
_shared_lock = threading.Lock()


def shared() -> Sandbox:
    """The sandbox of this process."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = Sandbox()
        return _shared


def _forget_shared() -> None:
    """In a forked process: the parent's sandbox is not ours, and threads that do not exist here may hold the locks."""
    global _shared, _shared_lock
    if _shared is not None:
        _shared.abandon()
    _shared, _shared_lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_shared)
