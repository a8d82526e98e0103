"""The one time axis: where a moment of the clip lies, in pixels, in every row of the time band."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

SPEEDS = (1.0, 0.5, 0.25)  # at which the cursor may go along it: as filmed, and in slow motion
FEWEST_FRAMES = 4.0  # that a stretch shows at the least
AROUND = 3.0  # times a gap's length that is shown when the gap is brought into sight
_AHEAD = 0.9  # of the stretch that lies before the cursor once a page was turned


@dataclass(frozen=True)
class TimeAxis:
    """A stretch of time laid over a stretch of pixels.

    Attributes
    ----------
    duration
        Seconds of the whole clip, from 0.
    left, width
        Pixels, in the coordinates of the time band.
    first
        Second at which the stretch that is shown begins.
    zoom
        How many times longer the clip is than that stretch; 1 shows all of it.
    least
        Seconds that a stretch shows at the least.
    """

    duration: float = 1.0
    left: float = 0.0
    width: float = 1.0
    first: float = 0.0
    zoom: float = 1.0
    least: float = 0.0

    @property
    def shown(self) -> float:
        """Seconds in sight."""
        return self.duration / self.zoom

    @property
    def last(self) -> float:
        """Second at which the stretch that is shown ends."""
        return self.first + self.shown

    @property
    def whole(self) -> bool:
        """Whether all of the clip is in sight."""
        return self.zoom == 1.0

    def x(self, time: float) -> float:
        """Pixel of a time."""
        return self.left + self.width * (time - self.first) / self.shown

    def time(self, x: float) -> float:
        """Time of a pixel, kept within the clip."""
        return min(max(self.first + (x - self.left) / self.width * self.shown, 0.0), self.duration)

    def holds(self, start: float, end: float) -> bool:
        """Whether a stretch of time is in sight as a whole."""
        return self.first - 1e-9 <= start and end <= self.last + 1e-9

    def meets(self, begin: float, end: float) -> bool:
        """Whether pixels of a stretch are in sight."""
        return begin <= self.left + self.width and end >= self.left

    def ticks(self, apart: float = 72) -> Iterator[float]:
        """Round times in sight, at least so many pixels apart."""
        raw = apart * self.shown / max(self.width, 1)
        power = 10.0 ** math.floor(math.log10(max(raw, 1e-6)))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
        for index in range(math.ceil(self.first / step - 1e-9), int(self.last / step + 1e-9) + 1):
            yield round(index * step, 9)

    # ---- other stretches -----------------------------------------------------------------

    def showing(self, start: float, end: float) -> "TimeAxis":
        """The same with another stretch in sight, as far as the clip goes and no nearer than `least`."""
        most = max(self.duration / max(self.least, 1e-9), 1.0)
        zoom = min(max(self.duration / max(end - start, 1e-9), 1.0), most)
        if zoom < 1 + 1e-6:
            return replace(self, first=0.0, zoom=1.0)
        shown = self.duration / zoom
        first = (start + end - shown) / 2
        return replace(self, first=min(max(first, 0.0), self.duration - shown), zoom=zoom)

    def zoomed(self, factor: float, around: float) -> "TimeAxis":
        """So many times nearer, or farther below 1; a time in sight stays at its pixel, if the clip's ends let it."""
        near = replace(self, first=0.0).showing(0.0, self.shown / factor)
        return near.beginning(around - (around - self.first) * near.shown / self.shown)

    def beginning(self, first: float) -> "TimeAxis":
        """As near as now, from another time on."""
        return replace(self, first=min(max(first, 0.0), self.duration - self.shown))

    def scrolled(self, pixels: float) -> "TimeAxis":
        """As near as now, so many pixels on."""
        return self.beginning(self.first + pixels / self.width * self.shown)

    def reaching(self, time: float) -> "TimeAxis":
        """As near as now, and no farther on or back than it takes to have a time in sight."""
        return self.beginning(min(max(self.first, time - self.shown), time))

    def turned_to(self, time: float) -> "TimeAxis":
        """With a time in sight: as it is, or the page before or after turned, or around it where it is far away."""
        if self.holds(time, time):
            return self
        if self.last < time <= self.last + self.shown:
            return self.beginning(time - (1 - _AHEAD) * self.shown)
        if self.first - self.shown <= time < self.first:
            return self.beginning(time - _AHEAD * self.shown)
        return self.beginning(time - self.shown / 2)

    def around(self, start: float, end: float) -> "TimeAxis":
        """With a stretch in the middle third."""
        middle, half = (start + end) / 2, AROUND * (end - start) / 2
        return self.showing(middle - half, middle + half)
