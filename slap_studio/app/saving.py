"""Writing a session, on a lane's thread."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from slap_studio.encoders.cache import Embedded
from slap_studio.session.archive import LARGEST_MEMBER, LARGEST_TOTAL
from slap_studio.session.document import Desk, Document, Picture, Source, kept_clip
from slap_studio.session.file import write_session
from slap_studio.session.state import Session

if TYPE_CHECKING:
    from slap_studio.pipeline import Clip

ROOM_BESIDE = 8 << 20  # bytes for the rest of a session: what was chosen, and pinned paths


@dataclass(frozen=True, eq=False)
class SaveRequest:
    """Write a session.

    Attributes
    ----------
    path
        Where to.
    whole
        Whether the embedded clip goes with it, so that the file can be drawn by itself.
    file
        For unsaved work: where it was last saved.
    then
        What follows once it is written.
    """

    path: Path
    session: Session
    clip: "Clip"
    desk: Desk
    whole: bool = True
    file: Path | None = None
    then: Callable[[], object] | None = None


def save(request: SaveRequest, _cancelled: Callable[[], bool]) -> None:
    """Write it.

    Raises
    ------
    UnusableInput
        If it cannot be written there.
    """
    write_session(request.path, document_of(request))


def document_of(request: SaveRequest) -> Document:
    """What is written."""
    clip = request.clip
    info = clip.info
    picture = Picture(
        info.width, info.height, info.duration, info.frame_rate, info.codec, info.streams, info.rotation
    )  # fmt: skip
    embedded = Embedded(clip.times, clip.latents, clip.thumbnails, clip.duration)
    return Document(
        request.session,
        Source(clip.content),
        kept_clip(embedded, picture, clip.encoder, clip.identity) if request.whole and _fits(clip) else None,
        desk=request.desk,
        saved_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        file="" if request.file is None else str(request.file),
    )


def _fits(clip: "Clip") -> bool:
    """Whether a session file can hold a clip; of a longer one it names the video, which is embedded in the cache."""
    room = min(LARGEST_MEMBER, LARGEST_TOTAL // 2) - ROOM_BESIDE
    return clip.latents.nbytes <= room and sum(map(len, clip.thumbnails)) <= room
