"""Less of the memory that is freed stays with the process.

Each of the lanes is a thread, and glibc gives threads arenas of their own, whose freed memory it keeps; it also learns
to keep ever larger blocks. In a window that is open all day the two look like a leak of hundreds of megabytes.
"""

import ctypes
import sys
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of glibc's malloc.h


def give_memory_back() -> None:
    """Tell glibc, where it is the one; other platforms' allocators need no telling."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(_ARENA_MAX, 2)
        # Lower, and every history of a descent would be fetched from the system page by page: 12 ms an answer.
        libc.mallopt(_MMAP_THRESHOLD, 32 << 20)
        libc.mallopt(_TRIM_THRESHOLD, 64 << 20)
