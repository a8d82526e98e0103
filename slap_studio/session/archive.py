"""A zip of a few named members, written whole and read with suspicion: nothing is unpacked to the disk."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from slap_studio.media.files import replacing, require_regular_file
from slap_studio.problems import UnusableInput

LARGEST_FILE = 256 << 20  # bytes; 2,000 frames with a latent of 1,024 numbers and a thumbnail each take 25 MB
LARGEST_MEMBER = 256 << 20
LARGEST_TOTAL = 384 << 20
MOST_MEMBERS = 1000
_LARGEST_DIRECTORY = 256 << 10
_END = struct.Struct("<4s4H2LH")  # of the central directory; where no comment follows it is the file's last 22 bytes
_FAULTS = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
    KeyError, IndexError, OverflowError,
)  # fmt: skip


def write_archive(path: Path, members: Mapping[str, bytes]) -> None:
    """Write members into a zip beside the path, flush it to the disk, and put it in the path's place.

    Raises
    ------
    UnusableInput
        If it cannot be written there; what stood there stays.
    """
    with replacing(path) as beside, zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            # One date for all: the same work gives the same bytes.
            archive.writestr(zipfile.ZipInfo(name), data)


def read_archive(path: Path) -> dict[str, bytes]:
    """All members of a zip by their names.

    Raises
    ------
    UnusableInput
        If the file is missing, is no zip, is cut off or damaged, or holds more than any session does or members with
        names that no session has.
    """
    require_regular_file(path)
    try:
        with path.open("rb") as file:
            _check_end(path, file)
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                _check_members(path, members)
                return {member.filename: _read(archive, member) for member in members}
    except UnusableInput:
        raise
    except _FAULTS as error:
        raise damaged(path) from error


def damaged(path: Path, why: str = "") -> UnusableInput:
    """The sentence for a file that cannot be read."""
    reason = f" ({why})" if why else ""
    return UnusableInput(f"{path.name} is cut off or damaged{reason}; take another copy of it, or begin anew.")


def _check_end(path: Path, file: BinaryIO) -> None:
    """Look at the end first: it says how much there is before any of it is read."""
    size = file.seek(0, 2)
    if size > LARGEST_FILE:
        raise UnusableInput(f"{path.name} has {size >> 20} MB, more than any session; choose another file.")
    file.seek(0)
    if file.read(2) != b"PK":
        raise UnusableInput(f"{path.name} is no session of SLAP Studio; choose a file that it saved.")
    if size < _END.size:
        raise damaged(path)
    file.seek(size - _END.size)
    mark, _disk, _first, _here, count, directory, _offset, _comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\5\6":
        raise damaged(path)
    if count > MOST_MEMBERS or directory > _LARGEST_DIRECTORY:
        raise _too_much(path)


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise damaged(path, "a part is there twice")
    for name in names:
        parts = name.split("/")
        if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts):
            raise UnusableInput(f"{path.name} holds a part named {name[:60]!r}, as no session does; do not use it.")
    # Of other ways to compress, zipfile would unpack a whole block at once, however large.
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise damaged(path, "it is packed in a way that no session is")
    if any(member.file_size > LARGEST_MEMBER for member in members):
        raise _too_much(path)
    if sum(member.file_size for member in members) > LARGEST_TOTAL:
        raise _too_much(path)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's bytes; never more than it says it has, which was checked."""
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
        # The end is reached, so that the check sum has been compared.
        if len(data) != member.file_size or stream.read(1):
            raise zipfile.BadZipFile(member.filename)
    return data


def _too_much(path: Path) -> UnusableInput:
    return UnusableInput(f"{path.name} would unpack to more than any session holds; do not use it.")
