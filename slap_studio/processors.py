"""Who computes on which of the machine's cores."""

import os
import sys
import threading
from contextlib import suppress

FEW = 4  # cores: where there are more, one that turns round keeps nobody from working
GENTLE = 10  # what Linux calls niceness: who has it is given a tenth of a core that somebody else wants as well


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def leave_cores_free() -> None:
    """Keep libraries' helper threads from holding cores that they do not need; to be called before they are imported.

    Helpers do not sleep when a product is done: each turns round on a core of its own in case of another one,
    OpenBLAS's for some 25 ms and OpenMP's (torch's) for a while. On two cores, solving and painting, or a
    model and the decoding of its next frames, then share the other core.
    """
    # Products of numpy's are small here; the large ones are torch's.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if cores() <= FEW:
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")


def leave_one_to_the_window() -> None:
    """Let torch compute on all cores but one; to be called before it is imported.

    A product that is split over all of them is done when its last part is, and that waits for the core that paints.
    """
    os.environ.setdefault("OMP_NUM_THREADS", str(max(cores() - 1, 1)))


def yield_to_the_window() -> None:
    """Let this thread, and those that it begins, have what the others leave of the cores, where these are few.

    Only Linux gives each thread a priority of its own: elsewhere it is the process's, and everything stays as it is.
    """
    if sys.platform == "linux" and cores() <= FEW:
        # A sandbox may forbid it.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GENTLE)
