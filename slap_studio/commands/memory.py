"""How much memory the process holds."""

import ctypes
import gc
import sys
from pathlib import Path
from typing import Any

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
    kinds = (np.ndarray,) if torch is None else (np.ndarray, torch.Tensor)
    found: dict[tuple[type, int], int] = {}
    for holder in gc.get_objects():
        held = gc.get_referents(holder)
        for one in held:
            # By its type: some of the libraries' objects warn or raise when they are asked for their class.
            if issubclass(type(one), kinds):
                found.update(_storage(one, kinds))
            elif type(one) in (dict, tuple) and not gc.is_tracked(one):
                # The collector leaves out what holds nothing but such as arrays.
                held.extend(gc.get_referents(one))
    return sum(found.values())


def _storage(array: Any, kinds: tuple[type, ...]) -> dict[tuple[type, int], int]:
    """Where an array's numbers lie, and how many bytes: of a part those of the whole, whosever it is."""
    while issubclass(type(array), np.ndarray):
        if not issubclass(type(array.base), kinds):
            return {(np.ndarray, array.__array_interface__["data"][0]): array.nbytes}
        array = array.base
    if array.layout is not sys.modules["torch"].strided:
        return {}
    storage = array.untyped_storage()
    return {(type(array), storage.data_ptr()): storage.nbytes()}
