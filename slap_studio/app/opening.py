"""What the studio is asked to begin with."""

from dataclasses import dataclass
from pathlib import Path

from slap_studio.encoders import BUILT_IN
from slap_studio.lessons.lesson import Lesson
from slap_studio.media.gap import Gap


@dataclass(frozen=True)
class Opening:
    """A video or a session file to open and what to do with it; None leaves the choice to the studio.

    Attributes
    ----------
    hide
        The gap as `--hide` takes it.
    encoder
        As `--encoder` takes it.
    recovered
        Whether the file is unsaved work of a day that ended without warning.
    gaps
        Several, where no `hide` says another; none for those that the clip suggests.
    lesson
        A lesson to begin with, whose clip is the video.
    """

    video: Path | None = None
    query: str | None = None
    hide: str | None = None
    encoder: str = BUILT_IN
    recovered: bool = False
    gaps: tuple[Gap, ...] = ()
    lesson: Lesson | None = None
