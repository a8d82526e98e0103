"""A session file becomes a clip again, on the clip lane's thread: with its video, or with what it holds itself."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from slap_studio.app.work import ClipLoaded, ClipRequest, Engine, VideoWanted, laid_out
from slap_studio.core.types import AlignmentKind
from slap_studio.encoders import BUILT_IN_LABEL
from slap_studio.media.cuts import Cuts
from slap_studio.media.gap import checked_gap, resolve_gap
from slap_studio.media.unchanged import mark_of
from slap_studio.media.video import VideoInfo
from slap_studio.problems import UnusableInput
from slap_studio.session.document import Document
from slap_studio.session.file import find_video, is_video_of, read_session

if TYPE_CHECKING:
    from slap_studio.pipeline import Clip


def reopened(engine: Engine, request: ClipRequest, cancelled: Callable[[], bool]) -> ClipLoaded | VideoWanted:
    """A session's clip with what was chosen on it; or that its video is wanted, if nobody was asked for it yet.

    Raises
    ------
    UnusableInput
        If the file or the video cannot be used, or is another video.
    """
    document = read_session(request.path)
    if request.video is not None and not is_video_of(document, request.video):
        name = document.session.video.name if document.session.video else "its video"
        raise UnusableInput(
            f"{request.video.name} is not the {name} that {request.path.name} was made with; choose that very file, "
            f"or open {request.video.name} by itself."
        )
    video = request.video or (None if request.without_video else find_video(document, request.path))
    if video is None and not request.without_video:
        return VideoWanted(document)
    chosen = replace(document.session, video=video or document.session.video)
    clip = _kept(engine, replace(document, session=chosen), with_video=video is not None)
    if clip is None:
        if video is None:
            raise UnusableInput(
                f"{request.path.name} needs its video, because its latents are not kept in it or were made by another "
                "encoder; find the video and open the session again."
            )
        clip = engine.embedded(video, chosen.encoder, cancelled)
    for gap in chosen.gaps:
        resolve_gap(checked_gap(gap.start, gap.end, clip.duration), clip.times)
    if clip.encoder != BUILT_IN_LABEL:
        chosen = replace(chosen, alignment=AlignmentKind.COSINE)
    return replace(
        laid_out(clip, chosen.gaps, chosen.query),
        document=replace(document, session=chosen),
        without_video=video is None,
    )


def _kept(engine: Engine, document: Document, *, with_video: bool) -> "Clip | None":
    """The clip as the file holds it, where it holds one that its encoder of today would make."""
    from slap_studio.pipeline import Clip

    kept, session = document.clip, document.session
    encoder = engine.encoder(session.encoder)
    if kept is None or kept.identity != encoder.identity or session.video is None:
        return None
    info = VideoInfo(session.video, **asdict(kept.picture))
    return Clip(
        info, kept.times, kept.latents, kept.pictures, kept.duration, encoder.label, (), document.source.content,
        encoder.identity, mark_of(session.video) if with_video else None, Cuts.of(kept.times, kept.pictures),
    )  # fmt: skip
