"""Hard cuts: where the picture of a clip is another at once, so that no path across it means anything.

Two frames differ by the share of their 32 × 18 blurred cells whose colours lie more than 12 apart in Lab. A cut is
where neighbours among the sampled frames differ by more than 0.35 and by 2.5 times as much as their surroundings do,
and where the pictures further out differ as well: a pan is no cut, and neither is a flash. Fades and dissolves are
none either.

All sampled frames are looked at, the hidden ones too, and this is for the warning alone: the solver sees none of it.
In a long clip only the frames in and around a gap are, since only a cut inside a gap matters.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from slap_studio.problems import Cancelled

LONGEST = 3000  # frames: a longer clip is not searched as a whole, which would keep people waiting
CELLS = (32, 18)
_APART = 12.0  # in Lab as OpenCV keeps it in bytes
_CHANGED, _STANDS_OUT = 0.35, 2.5
_SURROUNDINGS, _USUAL = 4, 80  # neighbours on each side, and their percentile: another cut near by hides none


class Cuts:
    """The cuts of a clip, searched for stretch by stretch; what was looked at once is not looked at again.

    One thread searches; any may ask what was found.

    Parameters
    ----------
    times
        Of the sampled frames [M], seconds.
    thumbnails
        Their JPEG bytes.

    Attributes
    ----------
    found
        Seconds, ascending: of the first frame after each cut.
    """

    def __init__(self, times: NDArray[np.float64] | None = None, thumbnails: Sequence[bytes] = ()) -> None:
        self.found: tuple[float, ...] = ()
        self._times = np.empty(0) if times is None else times
        self._thumbnails = thumbnails
        pairs = max(len(self._times) - 1, 0)
        self._changed = np.full(pairs, np.nan)
        self._judged = np.zeros(pairs, dtype=bool)

    @classmethod
    def of(cls, times: NDArray[np.float64], thumbnails: Sequence[bytes]) -> "Cuts":
        """Those of a clip: of one that is not too long all of them, now."""
        made = cls(times, thumbnails)
        if len(times) <= LONGEST:
            made.search()
        return made

    def between(self, before: float, after: float) -> tuple[float, ...]:
        """Those found so far that lie between the anchors at two times in seconds."""
        return tuple(cut for cut in self.found if before < cut <= after)

    def is_searched(self, before: float, after: float) -> bool:
        """Whether all cuts between the anchors at two times are known."""
        return bool(self._judged[self._pairs(before, after)].all())

    def search(
        self, before: float = -np.inf, after: float = np.inf, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        """Find all cuts between the anchors at two times.

        Raises
        ------
        Cancelled
            When `cancelled` says so; what was looked at by then is remembered.
        """
        wanted = self._pairs(before, after)
        unknown = wanted.start + np.flatnonzero(~self._judged[wanted])
        if not len(unknown):
            return
        self._compare(
            max(unknown[0] - _SURROUNDINGS, 0), min(unknown[-1] + _SURROUNDINGS + 1, len(self._changed)), cancelled
        )
        cuts = [float(self._times[index + 1]) for index in unknown if self._stands_out(index) and self._stays(index)]
        self._judged[unknown] = True
        self.found = tuple(sorted({*self.found, *cuts}))

    def _pairs(self, before: float, after: float) -> slice:
        """Which neighbours lie on either side of a time between two others: those whose second frame does."""
        first, last = np.searchsorted(self._times[1:], [before, after], side="right")
        return slice(int(first), int(last))

    def _compare(self, first: int, last: int, cancelled: Callable[[], bool]) -> None:
        """By how much each frame of a stretch differs from the next."""
        known, cells = -1, None
        for index in range(first, last):
            if cancelled():
                raise Cancelled
            if np.isnan(self._changed[index]):
                here = cells if known == index else self._cells(index)
                known, cells = index + 1, self._cells(index + 1)
                self._changed[index] = _difference(here, cells)

    def _stands_out(self, index: int) -> bool:
        low, changed = max(0, index - _SURROUNDINGS), self._changed
        around = np.concatenate([changed[low:index], changed[index + 1 : index + 1 + _SURROUNDINGS]])
        usual = float(np.percentile(around, _USUAL)) if len(around) else 0.0
        return bool(changed[index] > max(_CHANGED, _STANDS_OUT * usual))

    def _stays(self, index: int) -> bool:
        """Whether what came stays and what went does not come back at once, as it would after a flash."""
        further = [(index, index + 2), (index - 1, index + 1)]
        pairs = [(first, second) for first, second in further if first >= 0 and second < len(self._times)]
        return all(_difference(self._cells(first), self._cells(second)) > _CHANGED for first, second in pairs)

    def _cells(self, index: int) -> NDArray[np.float32] | None:
        """Blurred colours; None where there is no picture any more."""
        data = np.frombuffer(self._thumbnails[index], dtype=np.uint8)
        picture = cv2.imdecode(data, cv2.IMREAD_REDUCED_COLOR_2) if len(data) else None
        if picture is None:
            return None
        small = cv2.cvtColor(cv2.resize(picture, CELLS, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2LAB)
        blurred: NDArray[np.float32] = cv2.GaussianBlur(small.astype(np.float32), (0, 0), 1.0)
        return blurred


def sentence(cuts: Sequence[float]) -> str:
    """For people: what was found in a gap; empty where nothing was."""
    if not cuts:
        return ""
    where = ", ".join(f"{cut:.2f}" for cut in cuts[:5]) + (" …" if len(cuts) > 5 else "")
    return (
        f"The clip is cut inside the gap, at {where} s: before and after are different shots, and a smooth path from "
        "one to the other means nothing; let the gap begin or end there. To find cuts all sampled frames were looked "
        "at, the hidden ones too; the solver saw none of these."
    )


def _difference(first: NDArray[np.float32] | None, second: NDArray[np.float32] | None) -> float:
    """The share of the cells that changed, 0 to 1; of a picture that is not there nothing is said."""
    if first is None or second is None:
        return 0.0
    return float((np.linalg.norm(first - second, axis=2) > _APART).mean())
