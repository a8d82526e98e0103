"""What is different in the built program (app.spec): it is its own interpreter, and brings its own libraries."""

import os
import sys


def is_bundled() -> bool:
    """Whether this is the built program and not a Python that runs the package."""
    return bool(getattr(sys, "frozen", False))


def own_command() -> list[str]:
    """The words that start this very program once more, to which arguments are added."""
    return [sys.executable] if is_bundled() else [sys.executable, "-m", "slap_studio"]


def prepare() -> None:
    """In the built program, make ready what Python would have been; to be called before anything else.

    Does not come back in a process that the program started as its helper: there it serves until it is ended.
    """
    if not is_bundled():
        return
    _give_somewhere_to_print()
    _give_back_library_path()
    # The helper process of the map is this program again, told by its arguments.
    import multiprocessing

    multiprocessing.freeze_support()


def _give_somewhere_to_print() -> None:
    """A Windows program without a console has no streams, which progress bars of libraries do not expect."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (for as long as the program runs)
    if sys.stderr is None:
        sys.stderr = sys.stdout


def _give_back_library_path() -> None:
    """Programs of the system that are started from here (a browser, Xvfb) must find the system's libraries.

    The loader has read the path already, and every helper of ours sets its own again.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)
