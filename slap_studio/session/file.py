"""Session files: a session written to `.slap` and read again, and its video found (docs/session-file.md).

Document ─ plain ─→ session.json and arrays ─ archive ─→ .slap       write_session
.slap ─ archive ─→ members ─ plain ─→ Document, every part checked   read_session
Document ─→ its video, where it lay or beside the file               find_video
"""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from slap_studio import __version__
from slap_studio.media.files import content_hash
from slap_studio.problems import UnusableInput
from slap_studio.session.archive import damaged, read_archive, write_archive
from slap_studio.session.document import Document, check
from slap_studio.session.plain import plain, read

SUFFIX = ".slap"
FORMAT = "SLAP Studio session"
VERSION = 1  # raised with every change that a program of before could not read
HEAD = "session.json"
LARGEST_HEAD = 4 << 20  # bytes
_RETIRED = {"desk": ("view",)}  # entries of older programs that say what another one says as well


def is_session(path: Path) -> bool:
    """Whether a file is named like a session's."""
    return path.suffix.lower() == SUFFIX


def write_session(path: Path, document: Document) -> None:
    """Write a session beside the path and put it in its place.

    Raises
    ------
    UnusableInput
        If it cannot be written there; what stood there stays.
    """
    video = document.session.video
    if video is None:
        raise UnusableInput("There is no work to save yet; open a video first.")
    # A path from where the program was started means nothing to whoever opens the file.
    session = replace(document.session, video=video.absolute())
    source = replace(document.source, beside=_beside(video, path.parent))
    members: dict[str, bytes] = {}
    body = plain(replace(document, session=session, source=source), members)
    head = {"format": FORMAT, "version": VERSION, "written_by": f"SLAP Studio {__version__}", **body}
    text = json.dumps(head, indent=1, allow_nan=False)
    write_archive(path, {HEAD: text.encode("utf-8"), **members})


def read_session(path: Path) -> Document:
    """Read a session.

    Raises
    ------
    UnusableInput
        If it is none, was written by a later program, or anything in it is not as it was written.
    """
    members = read_archive(path)
    head = _head(path, members)
    version = head.pop("version", None)
    if head.pop("format", None) != FORMAT or type(version) is not int or version < 1:
        raise UnusableInput(f"{path.name} is no session of SLAP Studio; choose a file that it saved.")
    if version > VERSION:
        raise UnusableInput(
            f"{path.name} was saved by a newer SLAP Studio (its format is {version}, this program knows {VERSION}); "
            "update the program to open it."
        )
    head.pop("written_by", None)
    _drop_retired(head)
    try:
        document: Document = read(Document, head, members)
        _check_members(document, members)
        check(document)
    except UnusableInput as problem:
        raise damaged(path, str(problem).rstrip(".")) from None
    return document


def find_video(document: Document, file: Path) -> Path | None:
    """The session's video where it lay, or as it lay beside the session file; None if none of these is that video."""
    video, beside = document.session.video, document.source.beside
    if video is None:
        return None
    places = [video, file.parent / video.name, *([file.parent / beside] if beside else [])]
    return next((place for place in dict.fromkeys(places) if _is_file(place) and is_video_of(document, place)), None)


def is_video_of(document: Document, path: Path) -> bool:
    """Whether a file is byte for byte the video that a session was saved with."""
    return content_hash(path) == document.source.content


def _head(path: Path, members: dict[str, bytes]) -> dict[str, Any]:
    data = members.get(HEAD)
    if data is None:
        raise UnusableInput(f"{path.name} is no session of SLAP Studio; choose a file that it saved.")
    if len(data) > LARGEST_HEAD:
        raise damaged(path, f"its {HEAD} is too long")
    try:
        head = json.loads(data.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise damaged(path, f"its {HEAD} cannot be read") from None
    if not isinstance(head, dict):
        raise damaged(path, f"its {HEAD} holds no session")
    return head


def _drop_retired(head: dict[str, Any]) -> None:
    for part, names in _RETIRED.items():
        holder = head.get(part)
        if isinstance(holder, dict):
            for name in names:
                holder.pop(name, None)


def _check_members(document: Document, members: dict[str, bytes]) -> None:
    """Refuse what is there and belongs to nothing."""
    used: dict[str, bytes] = {}
    plain(document, used)
    if {HEAD, *used} != set(members):
        raise UnusableInput("it has parts that belong to nothing, or the same one twice")


def _beside(video: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(video.resolve(), folder.resolve())).as_posix()
    except (ValueError, OSError):
        return ""  # another drive


def _is_file(path: Path) -> bool:
    try:
        return path.is_file() and os.access(path, os.R_OK)
    except (OSError, ValueError):
        return False


def _no_number(name: str) -> None:
    raise ValueError(name)
