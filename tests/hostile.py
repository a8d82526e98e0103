"""Hostile clips made by code: every frame's picture tells the time at which it was put into the file.

The answer never comes from the decoder that is tested: a frame carries its own milliseconds as black and white
fields, with a white field first and a black one last, so that a picture that is turned or mirrored reads as none.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import count
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

SIZE = (96, 64)  # width and height in pixels
COLUMNS, ROWS = 6, 4
BITS = COLUMNS * ROWS - 2
CLOCK = 1000  # ticks of a second
STEADY = tuple(each / 10 for each in range(48))  # seconds: the times of a clip at an even rate


def stamped(time: float, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture [H, W, 3] that tells a time in seconds, to the millisecond."""
    value = round(1000 * time)
    fields = np.array([1, *((value >> bit) & 1 for bit in range(BITS)), 0], dtype=np.uint8).reshape(ROWS, COLUMNS)
    width, height = size
    y, x = (np.arange(height) * ROWS) // height, (np.arange(width) * COLUMNS) // width
    return np.repeat(255 * fields[y][:, x][..., None], 3, axis=2).astype(np.uint8)


def stamp_in(image: NDArray[np.uint8]) -> float | None:
    """The time that a picture tells, or None if it is blurred, turned or no such picture."""
    height, width = image.shape[:2]
    y = ((np.arange(ROWS) + 0.5) * height / ROWS).astype(int)
    x = ((np.arange(COLUMNS) + 0.5) * width / COLUMNS).astype(int)
    fields = image[y][:, x].mean(axis=2).ravel()
    if ((fields > 70) & (fields < 185)).any() or fields[0] < 128 or fields[-1] > 128:
        return None
    return sum(1 << bit for bit, value in enumerate(fields[1:-1]) if value > 128) / 1000


def between(first: float, last: float) -> tuple[float, ...]:
    return tuple(each for each in STEADY if first - 1e-6 <= each <= last + 1e-6)


# ---- writing ------------------------------------------------------------------------------


def write(
    path: Path,
    times: Iterable[float] = STEADY,
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    size: tuple[int, int] = SIZE,
    turned: int = 0,
    aspect: Fraction | None = None,
    key_every: int = 8,
    b_frames: int = 0,
    decoys: int = 0,
    options: dict[str, str] | None = None,
    kept: Callable[[int], bool] = lambda index: True,
    emptied: Callable[[int], bool] = lambda index: False,
    picture: Callable[[float, tuple[int, int]], NDArray[np.uint8]] = stamped,
) -> Path:
    """Write a clip of stamped frames; packets that are not `kept` are left out, those `emptied` hold nothing.

    `turned` is the counter-clockwise display rotation of pictures that are stored turned the other way; `aspect` the
    sample aspect ratio of pictures that are stored squeezed; `decoys` are smaller black streams beside the clip's own.
    """
    width, height = size
    squeezed = (round(width / aspect), height) if aspect else size
    with own_priority(), av.open(str(path), "w", container_options=options or {}) as container:
        stored = squeezed[::-1] if turned % 180 else squeezed
        stream = _stream(container, codec, stored, pixels, key_every, b_frames)
        if aspect:
            stream.codec_context.sample_aspect_ratio = 1 / aspect if turned % 180 else aspect
        if turned:
            stream.set_display_rotation(turned)
        others = [_stream(container, "libx264", (32, 32), "yuv420p", 8, 0) for _ in range(decoys)]
        packets = count()

        def put(stream: av.VideoStream, frame: av.VideoFrame | None) -> None:
            for packet in stream.encode(frame):
                index = -1 if stream in others else next(packets)
                if index < 0 or kept(index):
                    container.mux(hollow(packet) if index >= 0 and emptied(index) else packet)

        for time in times:
            for each in (*others, stream):
                image = np.zeros((32, 32, 3), np.uint8) if each in others else picture(time, squeezed)
                turns = 0 if each in others else -turned // 90
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(np.rot90(image, turns)), format="rgb24")
                frame.pts, frame.time_base = round(time * CLOCK), Fraction(1, CLOCK)
                put(each, frame)
        for each in (*others, stream):
            put(each, None)
    return path


@contextmanager
def own_priority() -> Iterator[None]:
    """Stay no more urgent than before.

    The encoder of AV1 makes the thread that calls it, and with it all that this one begins from then on, real-time
    where it may (as root, on Linux): the tests in the window beside this one would stand still until it ends.
    """
    if not hasattr(os, "sched_getscheduler"):
        yield
        return
    policy, rank = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, rank)


def hollow(packet: av.Packet) -> av.Packet:
    """A packet at the same time without any data."""
    empty = av.Packet(b"")
    empty.stream, empty.time_base = packet.stream, packet.time_base
    empty.pts, empty.dts, empty.duration = packet.pts, packet.dts, packet.duration
    return empty


def _stream(
    container: av.container.OutputContainer, codec: str, size: tuple[int, int], pixels: str, key_every: int, b: int
) -> av.VideoStream:
    options = {"g": str(key_every), "bf": str(b), "threads": "1"}
    if codec == "libx264":
        options |= {"preset": "ultrafast", "crf": "10", "b-adapt": "0", "sc_threshold": "0"}
    elif codec == "libx265":
        options = {
            "preset": "ultrafast",
            "crf": "10",
            "x265-params": f"log-level=none:pools=1:bframes={b}:keyint={key_every}:min-keyint={key_every}",
        }
    elif codec == "libsvtav1":
        options = {"preset": "8", "crf": "20", "svtav1-params": "lp=1"}
    stream = container.add_stream(codec, rate=25, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = pixels
    # An AVI file counts frames, not milliseconds.
    stream.codec_context.time_base = Fraction(1, 10 if container.format.name == "avi" else CLOCK)
    return stream


def hour(path: Path) -> Path:
    """Write an hour at 30 frames per second; every frame tells the second in which it is shown."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=30, options={"g": "1"})
        stream.width, stream.height, stream.pix_fmt = 24, 16, "gray"
        for second in range(3600):
            frame = av.VideoFrame.from_ndarray(stamped(second, (24, 16)), format="rgb24")
            frame.pts, frame.time_base = second, Fraction(1)
            (data,) = (bytes(packet) for packet in stream.encode(frame))
            for tick in range(30):
                packet = av.Packet(data)
                packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, CLOCK), True
                packet.pts = packet.dts = second * CLOCK + round(tick * CLOCK / 30)
                container.mux(packet)
    return path


def patched(path: Path, *changes: tuple[bytes, int, bytes]) -> Path:
    """Overwrite bytes: each change names a mark in the file, an offset from its last place, and what stands there."""
    data = bytearray(path.read_bytes())
    for mark, offset, new in changes:
        at = data.rfind(mark)
        assert at >= 0, mark
        data[at + offset : at + offset + len(new)] = new
    path.write_bytes(data)
    return path


def cut(path: Path, first: float, last: float) -> Path:
    """Keep a part of a file's bytes, from a share of it to a share."""
    data = path.read_bytes()
    path.write_bytes(data[round(first * len(data)) : round(last * len(data))])
    return path


def spoilt(path: Path, packets: Sequence[int], how: Callable[[bytes], bytes]) -> Path:
    """Overwrite the data of some packets of a file by as many other bytes, in place."""
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    for index in packets:
        begin, length = places[index]
        assert begin is not None
        new = how(bytes(data[begin : begin + length]))
        assert len(new) == length
        data[begin : begin + length] = new
    path.write_bytes(data)
    return path


def noise_inside(data: bytes) -> bytes:
    """Noise in the second half of a packet: the headers stay whole."""
    half = len(data) // 2
    return data[:half] + np.random.default_rng(len(data)).bytes(len(data) - half)


def ones(data: bytes) -> bytes:
    """Nothing but ones."""
    return b"\xff" * len(data)
