"""Is a file on disk still the one that was opened? Told without reading it."""

from dataclasses import dataclass
from pathlib import Path

from slap_studio.media.files import require_regular_file
from slap_studio.problems import UnusableInput


@dataclass(frozen=True)
class FileMark:
    """What another file, or a later state of the same one, does not share: device, number, size, time of change."""

    device: int
    number: int
    size: int
    changed: int


def mark_of(path: Path) -> FileMark:
    """The mark of a regular file as it is now.

    Raises
    ------
    UnusableInput
        If the file is missing or is not a regular file.
    """
    require_regular_file(path)
    try:
        found = path.stat()
    except OSError:
        # Taken away in this very moment.
        raise UnusableInput(gone(path)) from None
    return FileMark(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def require_unchanged(path: Path, mark: FileMark) -> None:
    """See that a file that is being read is the one whose reading began.

    Raises
    ------
    UnusableInput
        If it was changed, replaced or removed.
    """
    if not path.exists():
        raise UnusableInput(gone(path))
    if mark_of(path) != mark:
        raise UnusableInput(
            f"{path.name} changed while it was read, as if it were still being written; open it again once it is whole."
        )


def gone(path: Path) -> str:
    """A sentence on a file that is no longer there."""
    return f"{path.name} is no longer where it was; put it back, then open it again."


def changed(path: Path) -> str:
    """A sentence on a file that is another one now."""
    return f"{path.name} has changed since it was opened; open it again to see it as it is now."
