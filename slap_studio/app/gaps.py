"""Moves the gap: its ends stand on sampled frames, and it is never empty."""

from typing import TYPE_CHECKING

import numpy as np

from slap_studio.media.gap import Gap, checked_gap, resolve_gap
from slap_studio.problems import UnusableInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from slap_studio.app.controller import Controller


class Gaps:
    """Changes what is hidden when a hand asks."""

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller

    def move(self, start: float, end: float) -> None:
        """Hide another stretch; its ends snap to sampled frames, and it never becomes empty."""
        loaded = self._controller.loaded
        if loaded is None:
            return
        gap = snapped(Gap(min(start, end), max(start, end)), loaded.clip.times)
        if gap is not None:
            self._controller.change(gap=gap)

    def mark(self, end: str) -> None:
        """Let the gap begin ("in") or end ("out") at the cursor; the other end makes way."""
        loaded, session = self._controller.loaded, self._controller.session
        if loaded is None or session.gap is None:
            return
        gap, here, last = session.gap, session.cursor, float(loaded.clip.times[-1])
        length = gap.end - gap.start
        start, stop = (here, gap.end if gap.end > here else min(here + length, last)) if end == "in" else (
            gap.start if gap.start < here else max(here - length, 0.0), here
        )  # fmt: skip
        try:
            checked = checked_gap(start, stop, loaded.clip.duration)
            resolve_gap(checked, loaded.clip.times)
        except UnusableInput as problem:
            self._controller.window.tell(str(problem), problem=True)
            return
        self.move(start, stop)


def snapped(gap: Gap, times: "NDArray[np.float64]") -> Gap | None:
    """The nearest gap whose ends are sampled frames with at least one between them, or None."""
    before = int(np.abs(times - gap.start).argmin())
    after = int(np.abs(times - gap.end).argmin())
    before = min(before, len(times) - 3)
    after = max(after, before + 2)
    return Gap(float(times[before]), float(times[after])) if after < len(times) else None
