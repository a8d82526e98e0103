"""The process that fits maps: UMAP compiles for seconds, and in a thread it would hold up every other one."""

import os
import signal
from contextlib import suppress
from multiprocessing import util
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

import numpy as np

from slap_studio.core.types import Array

if TYPE_CHECKING:
    from slap_studio.core.globe import Globe
    from slap_studio.core.projection import Map


def serve_maps(pipe: Connection) -> None:
    """Compile, then fit a "map" or a "globe" of all latents [M, d] that come, until the other side hangs up.

    What goes back is the map or globe, or the exception that was raised.
    """
    signal.signal(signal.SIGTERM, lambda _number, _frame: _end_at_once())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        # The map can wait; the hand cannot.
        os.nice(10)
    _compile()
    # The other side may hang up at any moment, and then nobody waits for an answer.
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_fitted(*pipe.recv()))


def _fitted(kind: str, latents: Array) -> "Map | Globe | Exception":
    from slap_studio.core.globe import fit_globe
    from slap_studio.core.projection import fit_umap

    try:
        return fit_globe(latents) if kind == "globe" else fit_umap(latents)
    except Exception as fault:  # whatever it is, the other side must hear of it
        return fault


def _compile() -> None:
    from slap_studio.core.projection import fit_umap

    latents = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)
    fit_umap(latents / np.linalg.norm(latents, axis=1, keepdims=True))


def _end_at_once() -> None:
    """An exception would come up inside of whatever is being compiled, and be printed."""
    # numba and tqdm hold locks that outlive the process, and Python says so on the user's terminal.
    util._run_finalizers()  # type: ignore[attr-defined]
    os._exit(0)
