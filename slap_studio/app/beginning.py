"""What the work on a clip that was just opened begins with."""

from collections.abc import Callable
from dataclasses import replace

from slap_studio.app.gaps import USUAL_MOST, all_snapped
from slap_studio.app.opening import Opening
from slap_studio.app.work import ClipLoaded, ClipRequest
from slap_studio.core.types import AlignmentKind
from slap_studio.encoders import BUILT_IN_LABEL
from slap_studio.media.gap import Gap, parse_gap, resolve_gap
from slap_studio.problems import UnusableInput
from slap_studio.session.state import Session


def first_gaps(loaded: ClipLoaded, opening: Opening, tell: Callable[[str], None]) -> tuple[Gap, ...]:
    """As asked, as a session file or a sidecar suggests, or one in the middle; what cannot be hidden is told."""
    duration, times = loaded.clip.duration, loaded.clip.times
    usual = Gap(0.3 * duration, 0.3 * duration + min(0.3 * duration, USUAL_MOST * duration / len(times)))
    gaps = opening.gaps or loaded.suggested_gaps
    if opening.hide is not None:
        try:
            asked = parse_gap(opening.hide, duration)
            resolve_gap(asked, times)
            gaps = (asked,)
        except UnusableInput as problem:
            tell(str(problem))
    return all_snapped(gaps, times) or all_snapped((usual,), times) or (usual,)


def of_file(loaded: ClipLoaded, query: str, gaps: tuple[Gap, ...]) -> Session | None:
    """What a session file says, if one was opened; a query and gaps that were asked for beside it come first."""
    if loaded.document is None:
        return None
    session = loaded.document.session
    gap = session.gap if session.gap in gaps else gaps[0]
    return replace(session, query=query, gap=gap, elsewhere=tuple(other for other in gaps if other != gap))


def anew(loaded: ClipLoaded, request: ClipRequest, query: str, gaps: tuple[Gap, ...], before: Session) -> Session:
    """A clip's own gaps and query with the settings of the session before; pins stay with the clip they were put on."""
    knows = loaded.clip.encoder == BUILT_IN_LABEL
    same = (request.path, request.encoder) == (before.video, before.encoder)
    return Session(
        video=request.path, encoder=request.encoder, query=query, gap=gaps[0], elsewhere=gaps[1:],
        physics=before.physics, descent=before.descent, horizon=before.horizon, candidates=before.candidates,
        revealed=before.revealed, compared=before.compared, as_filmed=before.as_filmed,
        alignment=before.alignment if knows else AlignmentKind.COSINE,
        cursor=(gaps[0].start + gaps[0].end) / 2, pins=before.pins if same else (), look=before.look,
    )  # fmt: skip
