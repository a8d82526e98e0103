"""How much memory the process holds."""

import ctypes
import gc
import sys
from pathlib import Path

import numpy as np

_STATUS = Path("/proc/self/statm")

_PARTS = (
    "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
)  # fmt: skip


class _Allocated(ctypes.Structure):
    """glibc's struct mallinfo2."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in _PARTS)


def used_bytes() -> int | None:
    """Bytes in blocks that the allocator has given out, without what it keeps free; None where it is not glibc's."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        told = ctypes.CDLL("libc.so.6").mallinfo2
    except (OSError, AttributeError):
        return None
    told.restype = _Allocated
    allocated = told()
    return int(allocated.uordblks + allocated.hblkhd)


def resident_bytes() -> int:
    """Bytes of the process that lie in memory now; where the system does not tell, the most that ever did."""
    import resource

    if _STATUS.exists():
        return int(_STATUS.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def array_bytes() -> int:
    """Bytes of the arrays of numpy's and torch's that the garbage collector's objects hold; a second's look."""
    torch = sys.modules.get("torch")
    found: dict[tuple[str, int], int] = {}
    for holder in gc.get_objects():
        for held in gc.get_referents(holder):
            # By its type: some of the libraries' objects warn or raise when they are asked for their class.
            kind = type(held)
            if issubclass(kind, np.ndarray) and held.base is None:
                found["numpy", id(held)] = held.nbytes
            elif torch is not None and issubclass(kind, torch.Tensor) and held.layout is torch.strided:
                storage = held.untyped_storage()
                found["torch", storage.data_ptr()] = storage.nbytes()
    return sum(found.values())
