"""Who computes on which of the machine's cores."""

import os


def leave_cores_free() -> None:
    """Let OpenBLAS compute on the thread that asks it; to be called before numpy is imported.

    Its helpers do not sleep when a product is done: each turns round on a core of its own for some 25 ms, in case of
    another one. An answer asks for a few small products, so that half of a machine with two cores did nothing else,
    and painting and solving shared the other half. Large products are torch's, which has helpers of its own.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
