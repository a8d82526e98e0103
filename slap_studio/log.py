"""The log: what went wrong and what was said, in a file that does not grow, for whoever writes a bug report.

The window begins it; without one (a command, a test) nothing is written. A home path is written as ~.
"""

import faulthandler
import logging
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from slap_studio import __version__

if TYPE_CHECKING:
    from io import TextIOWrapper

log = logging.getLogger("slap_studio")
log.addHandler(logging.NullHandler())

LARGEST = 512 * 1024  # bytes of one file
BEFORE = 3  # older ones that are kept
_FORM = "%(asctime)s %(process)d %(levelname)s %(threadName)s: %(message)s"


def log_file() -> Path:
    """The platform's place for the log."""
    from platformdirs import user_log_path

    return user_log_path("slap-studio", appauthor=False) / "slap-studio.log"


def begin_log() -> Path | None:
    """Write to the log from now on, crashes of the interpreter too; None where it cannot be written."""
    from logging.handlers import RotatingFileHandler

    class Handler(RotatingFileHandler):
        def _open(self) -> "TextIOWrapper":
            stream = super()._open()
            faulthandler.enable(stream)
            return stream

        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's own name)
            """A full disk must not stop the work, nor be told with every line."""

    file = log_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = Handler(file, maxBytes=LARGEST, backupCount=BEFORE, encoding="utf-8", errors="replace")
    except (OSError, RuntimeError):
        return None
    handler.setFormatter(_Formatter(_FORM))
    log.setLevel(logging.INFO)
    # Other people's libraries are heard where something is wrong.
    root = logging.getLogger()
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    log.info("SLAP Studio %s begins, Python %s, %s", __version__, platform.python_version(), platform.platform())
    return file


def last_of_log(most: int = 200_000) -> str:
    """The end of the log, so many bytes at the most; empty where there is none."""
    try:
        with log_file().open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - most, 0))
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""


def without_home(text: str) -> str:
    """A text in which no path tells whose home it lies in."""
    try:
        home = str(Path.home())
    except RuntimeError:
        return text
    # A short one, "/" or "/root", is nobody's name; cutting "/" out would leave no path readable.
    return text.replace(home, "~") if len(home) > 1 else text


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_home(super().format(record))


def note_fault(what: str, fault: BaseException) -> None:
    """Write a fault with its way through the program."""
    log.error("%s", what, exc_info=fault)
