"""The one time axis: where a moment of the clip lies, in pixels, in every row of the time band."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

SPEEDS = (1.0, 0.5, 0.25)  # at which the cursor may go along it: as filmed, and in slow motion


@dataclass(frozen=True)
class TimeAxis:
    """A stretch of time laid over a stretch of pixels.

    Attributes
    ----------
    duration
        Seconds shown, from 0.
    left, width
        Pixels, in the coordinates of the time band.
    """

    duration: float = 1.0
    left: float = 0.0
    width: float = 1.0

    def x(self, time: float) -> float:
        """Pixel of a time."""
        return self.left + self.width * time / self.duration

    def time(self, x: float) -> float:
        """Time of a pixel, kept within the clip."""
        return min(max((x - self.left) / self.width * self.duration, 0.0), self.duration)

    def ticks(self, apart: float = 72) -> Iterator[float]:
        """Round times at least so many pixels apart."""
        raw = apart * self.duration / max(self.width, 1)
        power = 10.0 ** math.floor(math.log10(max(raw, 1e-6)))
        step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)
        for index in range(int(self.duration / step + 1e-9) + 1):
            yield round(index * step, 9)
