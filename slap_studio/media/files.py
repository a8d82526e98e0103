"""Files on disk: a name for their content, and writing that never leaves half a file behind."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from slap_studio.problems import Cancelled, UnusableInput

_BLOCK = 1 << 20  # bytes that are read at once


def content_hash(path: Path, cancelled: Callable[[], bool] = lambda: False) -> str:
    """SHA-256 of the whole file, in hexadecimal.

    Parameters
    ----------
    path
        A regular file.

    Raises
    ------
    UnusableInput
        If the file is missing, is not a regular file, or cannot be read.
    Cancelled
        When `cancelled` says so: an hour of video takes seconds.
    """
    require_regular_file(path)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                if cancelled():
                    raise Cancelled
                digest.update(block)
        return digest.hexdigest()
    except OSError as error:
        raise UnusableInput(_unreadable(path, error)) from error


def require_regular_file(path: Path) -> None:
    """Refuse what is not a readable regular file, without opening it: opening a pipe would wait for ever.

    Raises
    ------
    UnusableInput
        If the path is missing, is a folder, a pipe or a device, or may not be read.
    """
    try:
        if path.is_file():
            if not os.access(path, os.R_OK):
                raise PermissionError
            return
        path.stat()
    except (OSError, ValueError) as error:
        raise UnusableInput(_unreadable(path, error)) from error
    if path.is_dir():
        raise UnusableInput(f"{path} is a folder; choose a file in it.")
    raise UnusableInput(f"{path} is not an ordinary file but a pipe or a device; choose a file on disk.")


@contextmanager
def replacing(path: Path, suffix: str | None = None) -> Iterator[Path]:
    """Give a temporary path beside `path`, and move it there once it is whole.

    On success the temporary file is flushed to disk and takes the place of `path` in one step. On any
    failure it is removed, and what stood at `path` before stays as it was.

    Parameters
    ----------
    path
        The file to write; its folder is made if it is missing.
    suffix
        The ending of the temporary name, for writers that choose a format by it. By default that of
        `path`.

    Yields
    ------
    Path
        A path in the same folder, which the caller writes.

    Raises
    ------
    UnusableInput
        If the folder cannot be made or written, is full, or `path` is something other than a file.
    """
    ending = path.suffix if suffix is None else suffix
    part = path.with_name(f".{path.stem[:40]}.{secrets.token_hex(4)}.part{ending}")
    try:
        if path.exists() and not path.is_file():
            raise UnusableInput(f"{path} is not an ordinary file, so it is not overwritten; choose another name.")
        path.parent.mkdir(parents=True, exist_ok=True)
        # Taken at once, so that a folder that cannot be written is found before the work.
        part.open("xb").close()
    except UnusableInput:
        raise
    except (OSError, ValueError) as error:
        raise UnusableInput(_unwritable(path, error)) from error
    try:
        yield part
        _flush_to_disk(part)
        part.replace(path)
    except OSError as error:
        if error.filename not in {None, os.fspath(part), os.fspath(path)}:
            raise
        raise UnusableInput(_unwritable(path, error)) from error
    finally:
        part.unlink(missing_ok=True)


def _flush_to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _unreadable(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return f"There is no file {path}; check the name."
    if isinstance(error, PermissionError):
        return f"{path} may not be read; change its permissions or copy it to a folder of yours."
    return f"{path} could not be read ({_reason(error)}); copy it to another disk and try again."


def _unwritable(path: Path, error: OSError | ValueError) -> str:
    folder = path.parent
    if isinstance(error, FileNotFoundError | FileExistsError | NotADirectoryError):
        return f"There is no folder {folder} to write {path.name} in; choose another folder."
    return (
        f"{path.name} could not be written in the folder {folder} ({_reason(error)}); "
        "free some space there or choose another folder."
    )


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error) or "unknown reason"
