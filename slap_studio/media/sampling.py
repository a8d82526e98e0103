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
    at_most: int = 100_000

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


@dataclass(frozen=True)
class Mark:
    """Where a pass over a clip stood when it gave a frame, so that another goes on as if there had been one.

    Attributes
    ----------
    time, number
        Of the given frame: seconds, and how many frames of the file come before it.
    asked
        Seconds: the next moment that is asked for; infinite after the last frame.
    end
        Seconds: when the given frame ended, as far as was known.
    damaged
        Packets that could not be decoded so far.
    """

    time: float
    number: int
    asked: float
    end: float
    damaged: int


@dataclass(frozen=True, eq=False)
class Sampled(Frame):
    """A frame that was asked for, and where the pass stood when it was given."""

    mark: Mark


class SampledFrames(Iterator[Sampled]):
    """The distinct sampled frames of a clip in one pass, with memory flat in its length.

    Parameters
    ----------
    since
        Where an earlier pass stood: only the frames after it are given.
    recognised
        Whether the frame that was given last looks as it did. Where it does not, because the file decodes otherwise
        from a key frame in its middle, it is decoded from its start; nothing is given twice.

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
        since: Mark | None = None,
        recognised: Callable[[Frame], bool] = lambda frame: True,
    ) -> None:
        self.damaged = 0 if since is None else since.damaged
        self.end = 0.0 if since is None else since.end
        self._info = info
        self._interval = 0.0 if sampling.takes_every_frame(info) else 1 / sampling.rate_for(info)
        self._progress = progress
        self._cancelled = cancelled
        self._since = since
        self._recognised = recognised
        self._frames = self._chosen()

    def __next__(self) -> Sampled:
        return next(self._frames)

    def _chosen(self) -> Iterator[Sampled]:
        since = self._since
        known = 0 if since is None else since.damaged
        asked, on_screen, last = (0.0, None, -1) if since is None else (since.asked, None, since.number)
        with VideoFile(self._info.path, self._cancelled) as video:
            for number, frame in self._decoded(video):
                if self._cancelled():
                    raise Cancelled
                if since is not None and number <= since.number:
                    # It was given, and its end is known as well as it was.
                    on_screen = frame
                    continue
                # Every moment asked for before this frame belongs to the one on screen until now.
                fresh = since is None or number > since.number + 1
                if on_screen is not None and fresh and asked + TOLERANCE < frame.time:
                    asked = self._next_moment(asked, frame.time)
                    yield self._give(on_screen, number - 1, asked)
                if on_screen is None:
                    shown_for = 1 / (self._info.frame_rate or 25)
                else:
                    # No longer than frames are shown on average: a pause before the last one is not its own length.
                    shown_for = min(frame.time - on_screen.time, frame.time / number)
                self.end, self.damaged = frame.time + shown_for, known + video.damaged
                last, on_screen = number, frame
            self.damaged = known + video.damaged
            if on_screen is not None and asked + TOLERANCE < self.end:
                yield self._give(on_screen, last, math.inf)

    def _decoded(self, video: VideoFile) -> Iterator[tuple[int, Decoded]]:
        """Frames with their numbers in the file, from the one that was given last."""
        since = self._since
        if since is None:
            yield from enumerate(video.frames())
            return
        later = video.frames_from(since.time)
        first = next(later)
        if first.time == since.time and self._recognised(first.picture()):
            yield since.number, first
            yield from enumerate(later, since.number + 1)
        else:
            yield from enumerate(video.frames())

    def _next_moment(self, asked: float, time: float) -> float:
        """The first moment asked for that is not before a time."""
        if self._interval == 0:
            return time
        return asked + self._interval * max(1, math.ceil((time - TOLERANCE - asked) / self._interval))

    def _give(self, frame: Decoded, number: int, asked: float) -> Sampled:
        self._progress(min(1.0, frame.time / max(self._info.duration, 1e-3)))
        picture = frame.picture()
        return Sampled(picture.time, picture.image, Mark(frame.time, number, asked, self.end, self.damaged))
