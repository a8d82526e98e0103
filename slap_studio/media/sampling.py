"""Which frames of a clip are embedded: those on screen at an even rate, each with its own time."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from slap_studio.media.video import TOLERANCE, Decoded, Frame, VideoFile, VideoInfo
from slap_studio.problems import Cancelled


@dataclass(frozen=True)
class Sampling:
    """How densely a clip is sampled.

    Attributes
    ----------
    rate
        Frames per second asked for.
    at_least
        A clip that would give fewer is sampled more densely, as far as it has frames.
    at_most
        A clip that would give more is sampled more sparsely.
    """

    rate: float = 10.0
    at_least: int = 32
    at_most: int = 2000

    def rate_for(self, info: VideoInfo) -> float:
        """Frames per second for a clip.

        Where the clip's own rate is known every frame, every second one, … is taken: a rate in between
        would come unevenly, and time steps are meant to be equal.
        """
        duration = max(info.duration, 1e-3)
        if info.frame_rate is None:
            return min(max(self.rate, self.at_least / duration), self.at_most / duration)
        frames = duration * info.frame_rate
        # The limits hold for the whole step, not for the rate before it is rounded to one.
        widest = math.floor(frames / self.at_least + 1e-6)
        narrowest = math.ceil(frames / self.at_most - 1e-6)
        return info.frame_rate / max(1, narrowest, min(round(info.frame_rate / self.rate), widest))

    def takes_every_frame(self, info: VideoInfo) -> bool:
        """Whether no frame is left out, whatever its time."""
        return info.frame_rate is not None and self.rate_for(info) == info.frame_rate

    def lowered_for(self, info: VideoInfo) -> bool:
        """Whether a clip is too long for the rate."""
        return info.duration * self.rate > self.at_most

    def describe(self, info: VideoInfo) -> str:
        """A sentence on what is sampled."""
        rate = f"{self.rate_for(info):.3g} frames per second are sampled"
        return f"The clip is long: {rate} instead of {self.rate:g}." if self.lowered_for(info) else f"{rate}."


class SampledFrames(Iterator[Frame]):
    """The distinct sampled frames of a clip in one pass, with memory flat in its length.

    Attributes
    ----------
    damaged
        Packets that could not be decoded so far.
    end
        Seconds: when the last frame seen so far ends, as far as its neighbours tell.
    """

    def __init__(
        self,
        info: VideoInfo,
        sampling: Sampling,
        progress: Callable[[float], None] = lambda share: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.damaged = 0
        self.end = 0.0
        self._info = info
        self._interval = 0.0 if sampling.takes_every_frame(info) else 1 / sampling.rate_for(info)
        self._progress = progress
        self._cancelled = cancelled
        self._frames = self._chosen()

    def __next__(self) -> Frame:
        return next(self._frames)

    def _chosen(self) -> Iterator[Frame]:
        with VideoFile(self._info.path, self._cancelled) as video:
            asked, on_screen = 0.0, None
            for count, frame in enumerate(video.frames()):
                if self._cancelled():
                    raise Cancelled
                # Every moment asked for before this frame belongs to the one on screen until now.
                if on_screen is not None and asked + TOLERANCE < frame.time:
                    yield self._give(on_screen)
                    asked = self._next_moment(asked, frame.time)
                if on_screen is None:
                    shown_for = 1 / (self._info.frame_rate or 25)
                else:
                    # No longer than frames are shown on average: a pause before the last one is not its own length.
                    shown_for = min(frame.time - on_screen.time, frame.time / count)
                self.end, self.damaged = frame.time + shown_for, video.damaged
                on_screen = frame
            if on_screen is not None and asked + TOLERANCE < self.end:
                yield self._give(on_screen)
            self.damaged = video.damaged

    def _next_moment(self, asked: float, time: float) -> float:
        """The first moment asked for that is not before a time."""
        if self._interval == 0:
            return time
        return asked + self._interval * max(1, math.ceil((time - TOLERANCE - asked) / self._interval))

    def _give(self, frame: Decoded) -> Frame:
        self._progress(min(1.0, frame.time / max(self._info.duration, 1e-3)))
        return frame.picture()
