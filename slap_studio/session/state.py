"""What the user has chosen, as one frozen value: the session. Everything that is drawn follows from it."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from slap_studio.core.types import AlignmentKind, Descent, Physics
from slap_studio.encoders import BUILT_IN
from slap_studio.media.gap import Gap, check_disjoint
from slap_studio.session.look import Look
from slap_studio.session.pins import Pin

HORIZONS = (100, 200, 500, 1000, 2000, 5000)  # how many steps are solved, so that they can be scrubbed


@dataclass(frozen=True)
class Session:
    """One moment of a person's work.

    Attributes
    ----------
    video
        The open file, or None on the welcome page.
    encoder
        Its name as `--encoder` takes it.
    query
        The text as typed.
    gap, elsewhere
        What is hidden, in seconds: the gap that is worked on, None until a clip is there; and the clip's further gaps
        in the order of time, which are solved and drawn with it.
    physics, descent
        The action, and the K steps of size α that the path shows.
    alignment
        Which P pulls the path.
    candidates
        Texts that the readout chooses among; none for the usual ones.
    revealed, compared
        Whether the truth behind the gap, and whether other methods' paths, are shown beside the path.
    as_filmed
        Whether the truth is what was filmed even where it can be had without the tunnel.
    horizon
        How many steps are solved and kept, so that they can be scrubbed.
    cursor
        Time in seconds that all views point at.
    pins
        Paths of this clip that are kept beside the present one, the older first.
    look
        What stands on the stage, and how it is drawn.
    """

    video: Path | None = None
    encoder: str = BUILT_IN
    query: str = ""
    gap: Gap | None = None
    physics: Physics = field(default_factory=Physics)
    descent: Descent = field(default_factory=Descent)
    alignment: AlignmentKind = AlignmentKind.COSINE
    candidates: tuple[str, ...] = ()
    revealed: bool = False
    compared: bool = False
    as_filmed: bool = False
    horizon: int = 100
    cursor: float = 0.0
    elsewhere: tuple[Gap, ...] = ()
    pins: tuple[Pin, ...] = ()
    look: Look = field(default_factory=Look)

    def __post_init__(self) -> None:
        check_disjoint(self.gaps)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps of the clip in the order of time."""
        own = () if self.gap is None else (self.gap,)
        return tuple(sorted((*own, *self.elsewhere), key=_start))

    @property
    def active(self) -> int:
        """Which of the gaps is worked on."""
        return 0 if self.gap is None else self.gaps.index(self.gap)

    def with_gaps(self, gaps: tuple[Gap, ...], active: int) -> "Session":
        """The same session with other gaps, or with another of them to work on."""
        return replace(self, gap=gaps[active], elsewhere=tuple(sorted(gaps[:active] + gaps[active + 1 :], key=_start)))

    def with_physics(self, **changes: object) -> "Session":
        """The same session under another action."""
        return replace(self, physics=replace(self.physics, **changes))  # type: ignore[arg-type]

    def with_descent(self, **changes: object) -> "Session":
        """The same session after other steps."""
        return replace(self, descent=replace(self.descent, **changes))  # type: ignore[arg-type]


def _start(gap: Gap) -> float:
    return gap.start


def horizon_for(horizon: int, steps: int) -> int:
    """How many steps are to be solved so that these can be shown: never fewer than were."""
    return max(horizon, next((enough for enough in HORIZONS if enough >= steps), HORIZONS[-1]))
