"""The gap: which frames are hidden between two anchors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from slap_studio.media.video import TOLERANCE
from slap_studio.problems import UnusableInput

_HOW = "write two times such as 1.5:3.2 in seconds or 30%:60%"


@dataclass(frozen=True)
class Gap:
    """A stretch of time in seconds; the frames strictly inside are hidden, one exactly on a border is an anchor."""

    start: float
    end: float


@dataclass(frozen=True)
class ResolvedGap:
    """A gap on a clip's sampled frames.

    Attributes
    ----------
    before, after
        Indices of the anchors: the last frame not later than the start, the first not earlier than the end.
    hidden
        Indices of the N frames between them.
    """

    before: int
    after: int
    hidden: tuple[int, ...]


def parse_gap(text: str, duration: float) -> Gap:
    """Read START:END in seconds or percent of a clip's duration.

    Raises
    ------
    UnusableInput
        If it is not two finite numbers, or the gap is reversed, empty or outside the clip.
    """
    parts = text.split(":")
    if len(parts) != 2:
        raise UnusableInput(f"The gap {text!r} is not START:END; {_HOW}.")
    start, end = (_seconds(part, duration) for part in parts)
    return checked_gap(start, end, duration)


def checked_gap(start: float, end: float, duration: float) -> Gap:
    """A gap of a clip.

    Raises
    ------
    UnusableInput
        If it is not of finite numbers, reversed, empty or outside the clip.
    """
    if not (math.isfinite(start) and math.isfinite(end)):
        raise UnusableInput(f"The gap {start}–{end} s is not of two finite numbers; {_HOW}.")
    if start == end:
        raise UnusableInput(f"The gap is empty: it begins and ends at {start:.2f} s; let it end later.")
    if start > end:
        raise UnusableInput(f"The gap is reversed: it begins at {start:.2f} s and ends at {end:.2f} s; swap the two.")
    if start < 0 or end > duration + TOLERANCE:
        raise UnusableInput(
            f"The gap {start:.2f}–{end:.2f} s lies outside the clip, which lasts {duration:.2f} s; "
            "choose times within it."
        )
    return Gap(start, end)


def check_disjoint(gaps: Sequence[Gap]) -> None:
    """See that gaps stand in the order of time and that none begins before the one before it has ended.

    Raises
    ------
    UnusableInput
        If two overlap or are out of order.
    """
    for first, second in pairwise(gaps):
        if second.start < first.end:
            raise UnusableInput(
                f"The gap {second.start:.2f}–{second.end:.2f} s begins before the gap {first.start:.2f}–"
                f"{first.end:.2f} s has ended; keep an observed frame between them."
            )


def resolve_gap(gap: Gap, times: NDArray[np.float64]) -> ResolvedGap:
    """Find anchors and hidden frames among ascending frame times [M] in seconds.

    Raises
    ------
    UnusableInput
        If no anchor is left on a side, or no frame lies between them.
    """
    before = int(np.searchsorted(times, gap.start + TOLERANCE, side="right")) - 1
    after = int(np.searchsorted(times, gap.end - TOLERANCE, side="left"))
    if before < 0:
        raise UnusableInput(f"No frame is left before the gap as its first anchor; begin it after {times[0]:.2f} s.")
    if after >= len(times):
        raise UnusableInput(f"No frame is left after the gap as its last anchor; end it by {times[-1]:.2f} s.")
    if after - before < 2:
        raise UnusableInput(
            f"The gap {gap.start:.2f}–{gap.end:.2f} s hides no sampled frame; make it longer or move it over one."
        )
    return ResolvedGap(before, after, tuple(range(before + 1, after)))


def _seconds(text: str, duration: float) -> float:
    percent = text.strip().endswith("%")
    try:
        value = float(text.strip().removesuffix("%"))
    except ValueError:
        raise UnusableInput(f"{text!r} in the gap is no number; {_HOW}.") from None
    if not math.isfinite(value):
        raise UnusableInput(f"{text!r} in the gap is no finite number; {_HOW}.")
    return value / 100 * duration if percent else value
