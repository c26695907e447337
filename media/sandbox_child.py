"""The child of media/sandbox.py: reads calls from a pipe, runs them one by one, writes the outcomes.

    python -m media.sandbox_child REQUESTS REPLIES LIFELINE MEMORY

takes three inherited file descriptors and a number of bytes.
"""

import ctypes
import fcntl
import os
import pickle
import resource
import signal
import struct
import sys
import traceback
from importlib import import_module
from typing import Any, BinaryIO

from media.sandbox import UnreadableFile

_HEADER = struct.Struct("<Q")
_F_SETSIG = 10  # linux/fcntl.h; in the fcntl module since Python 3.13
_PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h


def main(requests: BinaryIO, replies: BinaryIO, lifeline: int, memory: int) -> None:
    """Serve calls until the parent closes the pipe."""
    _die_with_parent(lifeline)
    _limit(memory)
    _send(replies, ("result", "ready"))
    with open(os.devnull, "wb") as nowhere:  # drops what decoders print about broken files
        os.dup2(nowhere.fileno(), 2)
    while header := requests.read(_HEADER.size):
        (size,) = _HEADER.unpack(header)
        _send(replies, _outcome(requests.read(size)))


def _die_with_parent(lifeline: int) -> None:
    """Let the kernel send SIGKILL when the parent's end of this pipe closes.

    PR_SET_PDEATHSIG would do so when the *thread* that started us ends, and threads of a pool end early.
    """
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # if memory runs out, the kernel kills us first


def _outcome(request: bytes) -> tuple[Any, ...]:
    try:
        name, args, kwargs = pickle.loads(request)
        module, _, function = name.partition(":")
        return "result", getattr(import_module(module), function)(*args, **kwargs)
    except UnreadableFile as problem:
        return "unreadable", str(problem)
    except MemoryError:
        return ("memory",)
    except Exception as problem:  # noqa: BLE001 - the caller gets every exception
        return "error", f"{type(problem).__name__}: {problem}", traceback.format_exc()


def _send(replies: BinaryIO, outcome: tuple[Any, ...]) -> None:
    try:
        data = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, TypeError, AttributeError) as problem:
        data = pickle.dumps(("error", f"{type(problem).__name__}: {problem}", traceback.format_exc()))
    replies.write(_HEADER.pack(len(data)) + data)
    replies.flush()


if __name__ == "__main__":
    _requests, _replies, _lifeline, _memory = map(int, sys.argv[1:])
    main(os.fdopen(_requests, "rb"), os.fdopen(_replies, "wb"), _lifeline, _memory)
