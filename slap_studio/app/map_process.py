"""The process that fits maps: UMAP compiles for seconds, and in a thread it would hold up every other one."""

import os
import signal
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing import util
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_path

from slap_studio.bundled import is_bundled
from slap_studio.core.types import Array
from slap_studio.processors import GENTLE

if TYPE_CHECKING:
    from slap_studio.core.globe import Globe
    from slap_studio.core.projection import Map


def serve_maps(pipe: Connection, *, gently: bool = True) -> None:
    """Compile, then fit a "map" or a "globe" of all latents [M, d] that come, until the other side hangs up.

    What goes back is the map or globe, or the exception that was raised. Done gently, it makes way for all else on the
    machine.
    """
    signal.signal(signal.SIGTERM, lambda _number, _frame: _end_at_once())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if gently and hasattr(os, "nice"):
        # The map can wait; the hand cannot.
        os.nice(GENTLE)
    _give_the_compiler_a_place()
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


def _give_the_compiler_a_place() -> None:
    """What UMAP compiles is kept for the next start; without a place to keep it, it cannot even be imported.

    numba keeps it beside UMAP's sources where it may write there, but never inside of the built program.
    """
    found = find_spec("umap")
    beside = Path(found.origin).parent if found is not None and found.origin is not None else None
    if "NUMBA_CACHE_DIR" in os.environ or (beside is not None and not is_bundled() and os.access(beside, os.W_OK)):
        return
    place = user_cache_path("slap-studio", appauthor=False) / "compiled"
    try:
        place.mkdir(parents=True, exist_ok=True)
        may = os.access(place, os.W_OK)
    except OSError:
        may = False
    # In a folder of this process otherwise, which vanishes with it.
    os.environ["NUMBA_CACHE_DIR"] = str(place) if may else util.get_temp_dir()


def _compile() -> None:
    from slap_studio.core.projection import fit_umap

    latents = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)
    fit_umap(latents / np.linalg.norm(latents, axis=1, keepdims=True))


def _end_at_once() -> None:
    """An exception would come up inside of whatever is being compiled, and be printed."""
    # numba and tqdm hold locks that outlive the process, and Python says so on the user's terminal.
    util._run_finalizers()  # type: ignore[attr-defined]
    os._exit(0)
