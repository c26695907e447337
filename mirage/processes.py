"""Ties between a process and the one that started it."""

import ctypes
import os
import signal
import sys

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def die_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Have the kernel send the calling process this signal when its parent ends, however it ends.

    For `preexec_fn`. Only Linux can do this; elsewhere a killed parent leaves its children behind.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal_number), 0, 0, 0)
    if os.getppid() == 1 and os.getpid() != 1:  # the parent was gone before the kernel knew
        os.kill(os.getpid(), signal_number)
