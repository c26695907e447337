"""What the C library does with memory that a process has freed."""

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4  # <malloc.h>
_KEPT = 1 << 30  # bytes at the end of the heap
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def give_back_freed() -> None:
    """Give freed memory back to the system: for a process that has worked and now mostly waits."""
    if _LIBC is not None and hasattr(_LIBC, "malloc_trim"):
        _LIBC.malloc_trim(0)


def reuse_freed() -> None:
    """From now on, keep freed memory for the next pictures instead of having the kernel clear new pages each time.

    A model that looks at pictures of many shapes asks for 30 MB a hundred times a picture, a third of its time. What is
    kept is as much as the largest picture took, until the worker ends without work.
    """
    if _LIBC is not None and hasattr(_LIBC, "mallopt"):
        _LIBC.mallopt(_M_MMAP_MAX, 0)
        _LIBC.mallopt(_M_TRIM_THRESHOLD, _KEPT)
