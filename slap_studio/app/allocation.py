"""Less of the memory that is freed stays with the process, and less is kept for later.

Each of the lanes is a thread, and glibc gives threads arenas of their own, whose freed memory it keeps; it also learns
to keep ever larger blocks. torch's CPU kernels are compiled for every number of frames that is embedded at once, and up
to 1,024 of them kept, and as many descriptions of convolutions, a quarter of a megabyte each. And MKL, with which torch
multiplies matrices on Intel's processors, keeps room for it, 6 MB for each precision, with every thread that has ever
done so.
"""

import ctypes
import os
import sys
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
# The built-in encoder takes 73 kernels for its first number of frames and 26 for each further one, made anew in 10 ms;
# of descriptions 25 and 10.
_KERNELS, _DESCRIPTIONS = "80", "40"


def keep_less() -> None:
    """Tell oneDNN and MKL, before torch is imported, and glibc where it is the one; others need no telling."""
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _KERNELS)
    os.environ.setdefault("LRU_CACHE_CAPACITY", _DESCRIPTIONS)  # of torch's own layer over oneDNN
    os.environ.setdefault("MKL_DISABLE_FAST_MM", "1")
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL("libc.so.6")
        # Of any other arena than the first, what is free at its end is not given back.
        libc.mallopt(_ARENA_MAX, 1)
        # Lower, and every history of a descent would be fetched from the system page by page: 12 ms an answer.
        libc.mallopt(_MMAP_THRESHOLD, 32 << 20)
        libc.mallopt(_TRIM_THRESHOLD, 64 << 20)


def take_small_pages() -> None:
    """Have numpy ask the system for no pages of two megabytes; to be called before it is imported.

    It would ask for every array from four megabytes on, and where one was the system goes on filling such a page up
    after the array and most of the page were given back.
    """
    os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")


def give_back() -> None:
    """Hand free memory back to the system, which glibc does of its own accord only from the end of each arena.

    After some minutes of work a tenth of what the process holds is free; looking for it takes some 10 to 30 ms.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL("libc.so.6").malloc_trim(0)
