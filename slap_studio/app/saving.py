"""Writing a session, on a lane's thread."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from slap_studio.encoders.cache import Embedded
from slap_studio.session.document import Desk, Document, Picture, Source, kept_clip
from slap_studio.session.file import write_session
from slap_studio.session.state import Session

if TYPE_CHECKING:
    from slap_studio.pipeline import Clip


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
        kept_clip(embedded, picture, clip.encoder, clip.identity) if request.whole else None,
        desk=request.desk,
        saved_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        file="" if request.file is None else str(request.file),
    )
