"""A video file as frames at their own times. The only reader of videos.

Times are timestamps (pts × time base), never frame numbers over a frame rate, and count from the file's first
frame. Pictures come upright and in their displayed shape. What damage has reached is left out, never shown.
"""

import itertools
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from slap_studio.media.opening import LARGEST, best_stream, opened, require_sense
from slap_studio.media.unchanged import mark_of, require_unchanged
from slap_studio.problems import Cancelled, UnusableInput

TOLERANCE = 5e-4  # seconds: two ways to round one timestamp are one time
TALLEST = 720  # pixels: larger pictures are scaled down while they are decoded
_NEAR = 1.5  # seconds ahead that are decoded rather than sought
_HOPELESS = 300  # damaged packets in a row after which a file is given up
_HELD = 3  # frames that may lie before a damaged one and lean on it: as many as encoders put there by default
_THREADS, _IN_FLIGHT = 16, 2**27  # a decoder's threads at most, and the pixels that they may hold together
_LOOK_EVERY = 256  # packets between two looks whether the file is still the same
_SPARSE, _DENSE = 3e4, 1e9  # bits per second between which a file is believed how long it is; others are cheap to count
_COUNTED_FROM_ZERO = ("matroska", "flv")  # containers whose duration is the time at which they end


@dataclass(frozen=True)
class VideoInfo:
    """What a file says of itself, and that its first frame decodes.

    Attributes
    ----------
    width, height
        Pixels as displayed: after rotation and sample aspect ratio.
    duration
        Seconds from the first frame to the end of the last, as the container has it; a file may be wrong
        about it.
    frame_rate
        Average per second; a hint, None if the file does not know.
    codec
        Name of the decoder.
    streams
        Number of video streams; the one that players choose is read.
    rotation
        Degrees counter-clockwise that the pictures are turned for display.
    """

    path: Path
    width: int
    height: int
    duration: float
    frame_rate: float | None
    codec: str
    streams: int
    rotation: int


@dataclass(frozen=True, eq=False)
class Frame:
    """A decoded frame: its time in seconds, and its picture RGB [H, W, 3]."""

    time: float
    image: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Decoded:
    """A frame as it left the decoder: its time in seconds, its data, the shape of its stored pixels."""

    time: float
    raw: VideoFrame
    pixel_aspect: Fraction | None

    def picture(self, tallest: int = TALLEST) -> Frame:
        """The upright picture in its displayed shape, at most so many pixels high."""
        width, height = displayed_size(self.raw.width, self.raw.height, self.pixel_aspect, 0)
        scale = min(1.0, tallest / (width if self.raw.rotation % 180 else height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        image = self.raw.reformat(width=size[0], height=size[1], format="rgb24", interpolation="AREA").to_ndarray()
        return Frame(self.time, np.ascontiguousarray(np.rot90(image, round(self.raw.rotation / 90))))


class VideoFile:
    """An open file: one pass over its frames, or the frame on screen at any time. Used by one thread at a time.

    Parameters
    ----------
    cancelled
        Asked before every packet; once it says so, decoding raises `Cancelled` and the file is only good to be closed.

    Attributes
    ----------
    mark
        Of the file as it was opened. One that changes while it is read is given up.
    damaged
        Packets and frames that are left out because of damage, so far.

    Raises
    ------
    UnusableInput
        If the file cannot be read, is no video, or none of its frames decodes.
    """

    _here: Decoded | None
    _ahead: Decoded | None

    def __init__(self, path: Path, cancelled: Callable[[], bool] = lambda: False) -> None:
        self.mark = mark_of(path)
        if self.mark.size == 0:
            raise UnusableInput(f"{path.name} is empty; copy or record it again.")
        self.path = path
        self.cancelled = cancelled
        self.damaged = 0
        self._timeless, self._without_data = False, True
        self._container = opened(path)
        try:
            self._begin_decoding()
            if self._here is None:
                raise UnusableInput(self._nothing_decoded())
        except BaseException:
            self._container.close()
            raise
        self._first = self._here
        # Every other time counts from here: a file may begin late.
        self._origin = self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go, with its decoder's pictures: the pass over them refers to this object, a circle of 8 MB."""
        self._decoder.close()
        self._here = self._ahead = None
        self._container.close()

    def info(self) -> VideoInfo:
        """What the file says of itself."""
        raw = self._first.raw
        width, height = displayed_size(raw.width, raw.height, self._stream.sample_aspect_ratio, raw.rotation)
        rate = self._stream.average_rate
        return VideoInfo(
            path=self.path,
            width=width,
            height=height,
            duration=self._duration(),
            frame_rate=float(rate) if rate else None,
            codec=self._codec(),
            streams=len(self._container.streams.video),
            rotation=raw.rotation,
        )

    def frames(self) -> Iterator[Decoded]:
        """All frames from the first, each later than the one before; damaged ones are left out and counted."""
        self.damaged = 0
        self._restart()
        yield from self._later_than(-1.0)

    def frames_from(self, time: float) -> Iterator[Decoded]:
        """The frame on screen at a time, and all after it as `frames` gives them."""
        self.damaged = 0
        shown = self.at(time)
        yield shown
        yield from self._later_than(shown.time)

    def at(self, time: float) -> Decoded:
        """The frame on screen at a time: the last that is not later. Before the first frame, the first."""
        wanted = self._origin + time + TOLERANCE
        if self._here is None or not self._here.time <= wanted <= self._here.time + _NEAR:
            self._seek(wanted)
        while self._ahead is not None and self._ahead.time <= wanted:
            self._here, self._ahead = self._ahead, next(self._decoder, None)
        return self._shown(self._here or self._first)

    # ---- decoding -------------------------------------------------------------------------

    def _later_than(self, last: float) -> Iterator[Decoded]:
        while self._ahead is not None:
            frame = self._here = self._ahead
            self._ahead = next(self._decoder, None)
            time = frame.time - self._origin
            if time > last:
                last = time
                yield self._shown(frame)

    def _shown(self, frame: Decoded) -> Decoded:
        return replace(frame, time=frame.time - self._origin)

    def _begin_decoding(self) -> None:
        self._stream = best_stream(self._container, self.path)
        require_sense(self._stream, self.path)
        self._stream.thread_type = "AUTO"
        pixels = self._stream.width * self._stream.height
        if pixels > _IN_FLIGHT // _THREADS:
            self._stream.codec_context.thread_count = max(1, _IN_FLIGHT // pixels)
        self._stream.codec_context.options = {"max_pixels": str(LARGEST)}
        self._decoder = self._decode()
        self._here = self._ahead = next(self._decoder, None)

    def _decode(self) -> Generator[Decoded, None, None]:
        """Frames with timestamps from wherever the container stands; what damage has reached is passed over.

        A frame may lean on any since the last key frame, and on a later one that is decoded before it.
        """
        held: deque[VideoFrame] = deque()
        clock, spoilt = self._clock(), False
        for raw in self._raw():
            if raw is None or raw.is_corrupt:
                spoilt = True
                while raw is not None and held and not held[-1].key_frame:
                    held.pop()
                    self.damaged += 1
            spoilt &= raw is None or raw.is_corrupt or not raw.key_frame
            if spoilt or raw is None:
                self.damaged += 1
                continue
            held.append(raw)
            if len(held) > (_HELD if self._stream.codec_context.has_b_frames else 0):
                yield from clock(held.popleft())
        for raw in held:
            yield from clock(raw)

    def _raw(self) -> Iterator[VideoFrame | None]:
        """Frames as the decoder gives them, and None for every packet that it cannot decode."""
        in_a_row = 0
        packets = self._container.demux(self._stream)
        for count in itertools.count():
            if self.cancelled():
                raise Cancelled
            if count % _LOOK_EVERY == _LOOK_EVERY - 1:
                require_unchanged(self.path, self.mark)
            try:
                packet = next(packets)
                if packet.size == 0 and packet.pts is not None:
                    # The picture before it stays, as Theora says it; no decoder takes this.
                    continue
                self._without_data &= packet.size == 0
                # Cut off or full of holes, as the container knows: a decoder might show what is left of it.
                decoded = [None] if packet.is_corrupt else packet.decode()
            except StopIteration:
                require_unchanged(self.path, self.mark)
                return
            except (av.error.FFmpegError, ValueError):
                in_a_row += 1
                if in_a_row > _HOPELESS:
                    return
                yield None
                continue
            if decoded:
                in_a_row = 0
            yield from decoded

    def _clock(self) -> Callable[[VideoFrame], Iterator[Decoded]]:
        """Gives frames their times.

        An AVI file holds no times but the order of decoding, which is as even as the frames that come out.
        """
        by_order = self._container.format.name == "avi"
        last: list[int] = []

        def timed(raw: VideoFrame) -> Iterator[Decoded]:
            at = raw.dts if by_order else raw.pts
            if by_order and at is None and len(last) == 2:
                at = 2 * last[1] - last[0]
            self._timeless |= at is None
            if at is not None and raw.time_base:
                last[:] = [*last[-1:], at]
                yield Decoded(float(at * raw.time_base), raw, self._stream.sample_aspect_ratio)

        return timed

    def _restart(self) -> None:
        self._go_to(0)

    def _seek(self, wanted: float) -> None:
        """Stand on the last key frame not later than a time, and decode from there."""
        # Some files seek to a key frame after the time asked for: then further back, and at last from the start.
        for back in (0.0, 2.0, 10.0):
            if wanted - back > self._origin:
                self._go_to(int((wanted - back) / (self._stream.time_base or 1)))
                if self._here is not None and self._here.time <= wanted:
                    return
        self._restart()

    def _go_to(self, pts: int) -> None:
        with suppress(av.error.FFmpegError):
            begin = self._stream.start_time or 0
            self._container.seek(max(pts, min(begin, 0)), stream=self._stream, backward=True)
            self._decoder = self._decode()
            self._here = self._ahead = next(self._decoder, None)
            if pts > 0 or (self._here is not None and self._here.time <= self._first.time + TOLERANCE):
                return
        # The file does not seek: open it again.
        self._container.close()
        require_unchanged(self.path, self.mark)
        self._container = opened(self.path)
        self._begin_decoding()

    # ---- facts ----------------------------------------------------------------------------

    def _begin(self) -> float:
        """Time at which the file begins: that of its first frame, also where this one is damaged."""
        stream = self._stream
        if self.damaged and stream.start_time is not None and stream.time_base:
            return min(self._first.time, float(stream.start_time * stream.time_base))
        return self._first.time

    def _nothing_decoded(self) -> str:
        name = self.path.name
        if self._timeless:
            return f"{name} holds frames that carry no times, as a bare stream does; convert it to mp4 or mkv first."
        if self._without_data:
            return f"{name} opens, but holds no pictures: it was cut off or never finished; copy or record it again."
        codec = self._codec()
        advice = "copy or record it again" if codec == "h264" else "convert it to H.264 and try again"
        return f"{name} opens, but none of its frames can be decoded ({codec}); {advice}."

    def _codec(self) -> str:
        return str(self._stream.codec_context.name)

    def _duration(self) -> float:
        """What the file says, if that can be, or else what its packets say."""
        claimed = self._claimed_duration()
        bits = 8 * self.mark.size
        return claimed if claimed > 0 and _SPARSE <= bits / claimed <= _DENSE else self._counted_duration()

    def _claimed_duration(self) -> float:
        stream = self._stream
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        if not self._container.duration:
            return 0.0
        # Matroska keeps it as text, where it keeps it at all.
        from_zero = self._container.format.name.startswith(_COUNTED_FROM_ZERO)
        start = 0 if from_zero else self._container.start_time or 0
        return float(self._container.duration / av.time_base) - max(0.0, self._origin - start / av.time_base)

    def _counted_duration(self) -> float:
        """From the packets' timestamps, without decoding: for files that do not say."""
        end = 0.0
        with opened(self.path) as container:
            stream = best_stream(container, self.path)
            with suppress(av.error.FFmpegError):
                for packet in container.demux(stream):
                    if self.cancelled():
                        raise Cancelled
                    if packet.pts is not None and packet.time_base:
                        end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        return max(end - self._origin, 0.0)


def probe(path: Path, cancelled: Callable[[], bool] = lambda: False) -> VideoInfo:
    """Open a file, decode its first frame and close it.

    Raises
    ------
    UnusableInput, Cancelled
        As `VideoFile`.
    """
    with VideoFile(path, cancelled) as video:
        return video.info()


def displayed_size(width: int, height: int, aspect: Fraction | None, rotation: int) -> tuple[int, int]:
    """Size on screen of stored pixels: widened by the sample aspect ratio, then turned."""
    if aspect is not None and aspect > 0 and aspect != 1:
        width = max(1, round(width * aspect))
    return (height, width) if rotation % 180 else (width, height)
