"""Moves, adds and removes gaps: their ends stand on sampled frames, none is empty, and none overlaps another."""

from typing import TYPE_CHECKING

from slap_studio.core.times import nearest_index
from slap_studio.media.gap import Gap, check_disjoint, checked_gap, resolve_gap
from slap_studio.problems import UnusableInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from slap_studio.app.controller import Controller

SHARE = 0.1  # of the clip that a gap added at the cursor hides
USUAL_MOST = 300  # frames that a gap hides at the most before a hand has said how many


class Gaps:
    """Changes what is hidden when a hand asks."""

    def __init__(self, controller: "Controller") -> None:
        self._controller = controller

    def move(self, start: float, end: float) -> None:
        """Let the active gap hide another stretch; it stops at its neighbours."""
        times, session = self._times, self._controller.session
        if times is None or session.gap is None:
            return
        gap = snapped(
            Gap(min(start, end), max(start, end)), times, session.elsewhere, (session.gap.start, session.gap.end)
        )
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
            check_disjoint(sorted((checked, *session.elsewhere), key=lambda other: other.start))
        except UnusableInput as problem:
            self._controller.window.tell(str(problem), problem=True)
            return
        moved = snapped(checked, loaded.clip.times, session.elsewhere)
        if moved is not None:
            self._controller.change(gap=moved)

    def add_here(self) -> None:
        """Hide a tenth of the clip around the cursor, as far as there is room."""
        loaded, cursor = self._controller.loaded, self._controller.session.cursor
        if loaded is not None:
            times, duration = loaded.clip.times, loaded.clip.duration
            half = min(SHARE * duration, USUAL_MOST * duration / len(times)) / 2
            self.add(cursor - half, cursor + half)

    def add(self, start: float, end: float) -> None:
        """Hide a further stretch and work on it; where there is no room for one it is said."""
        times, session = self._times, self._controller.session
        if times is None:
            return
        middle = (start + end) / 2
        if any(gap.start < middle < gap.end for gap in session.gaps):
            self._say("There is a gap here already; put the cursor on an observed frame to add another.")
            return
        gap = snapped(Gap(start, end), times, session.gaps)
        if gap is None:
            self._say("There is no room for another gap here: it needs an anchor, a frame to hide, and an anchor.")
            return
        gaps = tuple(sorted((*session.gaps, gap), key=lambda other: other.start))
        self._controller.store.update(lambda session: session.with_gaps(gaps, gaps.index(gap)))

    def remove(self) -> None:
        """Hide the active gap's frames no more; the last gap stays."""
        session = self._controller.session
        if not session.elsewhere:
            self._say("This is the only gap, and a path needs one; move it instead (I and O).")
            return
        left, index = session.elsewhere, min(session.active, len(session.elsewhere) - 1)
        self._controller.store.update(lambda session: session.with_gaps(left, index))

    def choose(self, index: int) -> None:
        """Work on another gap."""
        self._controller.store.update(lambda session: session.with_gaps(session.gaps, index))

    def next(self) -> None:
        """Work on the gap that comes next in time, after the last one on the first, and go there."""
        session = self._controller.session
        if not session.elsewhere:
            self._say("There is one gap only; put the cursor on an observed frame and press Ctrl+G to add another.")
            return
        self.choose((session.active + 1) % len(session.gaps))
        gap = self._controller.session.gap
        assert gap is not None
        self._controller.move_cursor((gap.start + gap.end) / 2)
        self._controller.presenter.bring_into_sight(gap.start, gap.end)

    def choose_at(self, time: float) -> None:
        """Work on the gap that hides a time, if there is one."""
        for index, gap in enumerate(self._controller.session.gaps):
            if gap.start < time < gap.end:
                self.choose(index)

    @property
    def _times(self) -> "NDArray[np.float64] | None":
        loaded = self._controller.loaded
        return None if loaded is None else loaded.clip.times

    def _say(self, sentence: str) -> None:
        self._controller.window.tell(sentence, problem=False)


def snapped(
    gap: Gap, times: "NDArray[np.float64]", others: "Sequence[Gap]" = (), within: tuple[float, float] | None = None
) -> Gap | None:
    """The nearest gap whose ends are sampled frames with at least one between them, clear of others; None if none is.

    Parameters
    ----------
    within
        A stretch that lies between the others, where the gap is to stay; by default around its own middle.
    """
    first, last = within or ((gap.start + gap.end) / 2,) * 2
    # An anchor may serve the gaps on both its sides.
    low = max((nearest_index(times, other.end) for other in others if other.end <= first + 1e-9), default=0)
    high = min(
        (nearest_index(times, other.start) for other in others if other.start >= last - 1e-9), default=len(times) - 1
    )
    if high - low < 2:
        return None
    before = min(max(nearest_index(times, gap.start), low), high - 2)
    after = max(min(nearest_index(times, gap.end), high), before + 2)
    return Gap(float(times[before]), float(times[after]))


def all_snapped(gaps: "Sequence[Gap]", times: "NDArray[np.float64]") -> tuple[Gap, ...]:
    """As many of some gaps as find room beside one another, in the order of time."""
    found: list[Gap] = []
    for gap in gaps:
        middle = (gap.start + gap.end) / 2
        free = not any(other.start < middle < other.end for other in found)
        placed = snapped(gap, times, found) if free else None
        found += [] if placed is None else [placed]
    return tuple(sorted(found, key=lambda gap: gap.start))
