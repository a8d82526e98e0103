"""Where unsaved work is kept against a crash: one file for each running program, locked while it runs.

The lock is the system's: it falls when its process ends, however it ends. Work whose lock is free was left behind.
"""

import os
import secrets
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from platformdirs import user_state_path

from slap_studio.problems import UnusableInput
from slap_studio.session.document import Document
from slap_studio.session.file import SUFFIX, read_session, write_session

_LOCK = ".lock"


def unsaved_folder() -> Path:
    """The platform's place for what a program was doing."""
    return user_state_path("slap-studio", appauthor=False) / "unsaved"


@dataclass(frozen=True, eq=False)
class LeftBehind:
    """Unsaved work of a program that ended without taking it away; locked as long as this program offers it.

    Attributes
    ----------
    file
        As `session.file` writes it.
    document
        What it holds.
    lock
        Held by this process.
    """

    file: Path
    document: Document
    lock: BinaryIO

    @property
    def name(self) -> str:
        """What the work is called: the session file that it was last saved in, or its video."""
        video = self.document.session.video
        return Path(self.document.file).name if self.document.file else video.name if video else ""

    def discard(self) -> None:
        """Take it away for good."""
        self.file.unlink(missing_ok=True)
        _let_go(self.file.with_suffix(_LOCK), self.lock)

    def release(self) -> None:
        """Leave it where it is, for another program to offer."""
        self.lock.close()


class Shelf:
    """The running program's unsaved work; used by one thread at a time but for `clear`, which waits for a write to end.

    Parameters
    ----------
    folder
        Made when something is first kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / f"{os.getpid()}-{secrets.token_hex(4)}{SUFFIX}"
        self._lock: BinaryIO | None = None
        self._closed = False
        self._writing = threading.Lock()

    def keep(self, document: Document) -> None:
        """Write the work, in the place of what was kept before.

        Raises
        ------
        UnusableInput
            If it cannot be written; what was kept before stays.
        """
        with self._writing:
            if self._closed:
                return
            if self._lock is None:
                self._lock = self._own_lock()
            write_session(self.file, document)

    def clear(self, *, for_good: bool = False) -> None:
        """Take the work away: it is saved, given up, or the program ends in peace; then nothing more is kept."""
        with self._writing:
            self._closed = self._closed or for_good
            self.file.unlink(missing_ok=True)
            if self._lock is not None:
                _let_go(self.file.with_suffix(_LOCK), self._lock)
                self._lock = None

    def left_behind(self) -> tuple[LeftBehind, ...]:
        """Work that no running program owns, the newest first; what cannot be read is left where it is."""
        self._sweep()
        found = []
        for file in sorted(self.folder.glob(f"*{SUFFIX}"), key=_age):
            held = None if file == self.file or file.name.startswith(".") else _locked(file.with_suffix(_LOCK))
            if held is None:
                continue
            try:
                found.append(LeftBehind(file, read_session(file), held))
            except UnusableInput:
                held.close()
        return tuple(found)

    def _sweep(self) -> None:
        """Take away what no work belongs to: locks without any, and what was half written when a program was killed."""
        for lock in self.folder.glob(f"*{_LOCK}"):
            held = None if lock.with_suffix(SUFFIX).exists() else _locked(lock)
            if held is not None:
                _let_go(lock, held)
        for part in self.folder.glob(f".*.part{SUFFIX}"):
            if not (self.folder / f"{part.name[1:].split('.')[0]}{_LOCK}").exists():
                part.unlink(missing_ok=True)

    def _own_lock(self) -> BinaryIO:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnusableInput(
                f"Unsaved work cannot be kept against a crash, because {self.folder} cannot be made "
                f"({error.strerror}); save often."
            ) from error
        held = _locked(self.file.with_suffix(_LOCK))
        if held is None:
            raise UnusableInput(f"Unsaved work cannot be kept against a crash in {self.folder}; save often.")
        return held


def _age(file: Path) -> float:
    try:
        return -file.stat().st_mtime
    except OSError:
        return 0.0


def _locked(path: Path) -> BinaryIO | None:
    """The lock file, locked; None if another process holds it, or it cannot be opened."""
    try:
        held = path.open("ab")
    except OSError:
        return None
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Another program may have taken the file away between its opening and its locking.
        if os.path.samestat(path.stat(), os.fstat(held.fileno())):
            return held
    except OSError:
        pass
    held.close()
    return None


def _let_go(path: Path, held: BinaryIO) -> None:
    """Take a lock file away and free it; Windows wants it the other way round."""
    if sys.platform == "win32":
        held.close()
    with suppress(OSError):
        path.unlink(missing_ok=True)
    held.close()
