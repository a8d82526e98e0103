"""The room that embedded clips take on disk: what was used least recently goes first, and never what is being read.

Unfinished work (`.part`) goes when nobody came back to it for a month. Programs that run at once share the folder: a
clip that one of them reads is locked, by a lock of the system's that falls with its process, and the others leave it.
"""

import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LIMIT = 5 << 30  # bytes of embedded clips, whole or not
DAY = 86_400.0  # seconds
FORGOTTEN = 30 * DAY  # after which unfinished work goes
QUIET = 600.0  # within which somebody may be at work on it: chunks come every few seconds
_CLIP, _PART = re.compile(r"[0-9a-f]{40}\.npz"), re.compile(r"[0-9a-f]{40}\.part")
_HALF = re.compile(r"\.[0-9a-f]{40}\.[0-9a-f]{8}\.part\.npz")  # being written, or left so by a program that was killed
_GOING = ".going"  # of a folder that is on its way out


@dataclass(frozen=True)
class Kept:
    """Something in the cache: a clip, or one that is embedded in part.

    Attributes
    ----------
    used
        When it was used last: seconds of the clock on the wall, which may have been set back since.
    size
        Bytes.
    """

    path: Path
    used: float
    size: int

    @property
    def whole(self) -> bool:
        """Whether all of the clip is there."""
        return _CLIP.fullmatch(self.path.name) is not None


def kept(folder: Path) -> tuple[Kept, ...]:
    """What the cache holds, what was used least recently first; names that the cache does not give are passed over."""
    found = []
    for path in _entries(folder):
        with suppress(OSError):
            about = path.stat()
            if _CLIP.fullmatch(path.name):
                found.append(Kept(path, about.st_mtime, about.st_size))
            elif _PART.fullmatch(path.name):
                found.append(Kept(path, about.st_mtime, sum(chunk.stat().st_size for chunk in path.iterdir())))
    return tuple(sorted(found, key=lambda one: one.used))


def make_room(folder: Path, open_now: Collection[Path], limit: int = LIMIT) -> int:
    """Take away what is forgotten, and then what is too much; bytes that were freed.

    Parameters
    ----------
    open_now
        Places of clips that stay, whatever they take.
    """
    now = time.time()
    _sweep(folder, now)
    freed, left = 0, []
    for one in kept(folder):
        forgotten = not one.whole and now - one.used > FORGOTTEN
        if forgotten and _took_away(one):
            freed += one.size
        else:
            left.append(one)
    over = sum(one.size for one in left) - limit
    for one in left:
        if over <= 0:
            break
        idle = one.whole or abs(now - one.used) > QUIET
        if one.path not in open_now and idle and _took_away(one):
            freed, over = freed + one.size, over - one.size
    return freed


def clear(folder: Path, open_now: Collection[Path] = ()) -> int:
    """Take away all clips that nobody reads; bytes that were freed."""
    return make_room(folder, open_now, limit=0)


def freed_words(size: int) -> str:
    """For people: what clearing has done."""
    if not size:
        return "The cache holds nothing but what is open."
    return f"{size / 1e6:,.1f} MB of embedded clips were cleared; they are embedded again when they are opened."


def used_now(path: Path) -> None:
    """A clip, or part of one, was used: it goes last."""
    with suppress(OSError):
        os.utime(path)


def claim(file: BinaryIO | int) -> None:
    """Until this open file is closed, no other program takes it away."""
    # Windows takes no open file away in any case; a disk without locks keeps what was opened readable.
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


@contextmanager
def _unclaimed(path: Path) -> Iterator[bool]:
    """Whether nobody reads a clip; while this holds nobody begins to."""
    if sys.platform == "win32":
        yield True
        return
    import fcntl

    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except OSError:
            pass
        yield True


def _took_away(one: Kept) -> bool:
    """Whether it could be taken away: not if it was used since it was looked at, or is being read."""
    try:
        if one.path.stat().st_mtime != one.used:
            return False
        if not one.whole:
            going = one.path.with_name(f".{one.path.stem}.{secrets.token_hex(4)}{_GOING}")
            one.path.rename(going)
            shutil.rmtree(going, ignore_errors=True)
            return True
        with _unclaimed(one.path) as free:
            if free and one.path.stat().st_mtime == one.used:
                one.path.unlink()
                return True
    except OSError:
        pass
    return False


def _sweep(folder: Path, now: float) -> None:
    """What programs left that were killed: folders on their way out, and files half written."""
    for path in _entries(folder):
        if path.name.startswith(".") and path.name.endswith(_GOING):
            shutil.rmtree(path, ignore_errors=True)
        elif _HALF.fullmatch(path.name):
            with suppress(OSError):
                if now - path.stat().st_mtime > DAY:
                    path.unlink()


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
