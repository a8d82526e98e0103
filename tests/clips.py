"""Tiny clips made by code: every frame carries its number, every corner its colour."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

BITS = 6
SIZE = (96, 64)  # width and height in pixels


def numbered(number: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture [H, W, 3] that shows a number as bars, white for 1."""
    width, height = size
    bars = [(number >> bit) & 1 for bit in range(BITS)]
    row = np.repeat(np.array(bars, dtype=np.uint8) * 255, -(-width // BITS))[:width]
    return np.repeat(np.repeat(row[None, :, None], height, axis=0), 3, axis=2)


def number_in(image: NDArray[np.uint8]) -> int:
    """The number that a picture shows."""
    width = image.shape[1]
    middles = [int((bit + 0.5) * width / BITS) for bit in range(BITS)]
    return sum(1 << bit for bit, x in enumerate(middles) if image[:, x].mean() > 127)


def corners(size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture with quarters red, green (above), blue and white (below)."""
    width, height = size
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[: height // 2, : width // 2] = (255, 0, 0)
    image[: height // 2, width // 2 :] = (0, 255, 0)
    image[height // 2 :, : width // 2] = (0, 0, 255)
    image[height // 2 :, width // 2 :] = (255, 255, 255)
    return image


def corner_names(image: NDArray[np.uint8]) -> str:
    """Letters of the quarters' colours, in reading order: "rgbw" is upright."""
    height, width = image.shape[:2]
    names = {(1, 0, 0): "r", (0, 1, 0): "g", (0, 0, 1): "b", (1, 1, 1): "w"}
    places = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return "".join(names[tuple(int(value > 127) for value in image[place])] for place in places)


def write(
    path: Path,
    frames: Sequence[NDArray[np.uint8]],
    times: Sequence[float],
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    key_every: int = 8,
    b_frames: int = 2,
    turned: int = 0,
    aspect: Fraction | None = None,
    decoys: int = 0,
    options: dict[str, str] | None = None,
) -> Path:
    """Write frames at their times in seconds (to the millisecond), in the container of the path's ending.

    `turned` is the counter-clockwise display rotation; `decoys` smaller video streams come before the clip's own;
    `options` are the container's.
    """
    height, width = frames[0].shape[:2]
    with av.open(str(path), "w", container_options=options or {}) as container:
        others = [_stream(container, "libx264", (32, 32), "yuv420p", key_every, 0) for _ in range(decoys)]
        stream = _stream(container, codec, (width, height), pixels, key_every, b_frames)
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if turned:
            stream.set_display_rotation(turned)
        for image, time in zip(frames, times, strict=True):
            for each in (*others, stream):
                shown = image if each is stream else np.zeros((32, 32, 3), dtype=np.uint8)
                frame = av.VideoFrame.from_ndarray(shown, format="rgb24")
                frame.pts, frame.time_base = round(time * 1000), Fraction(1, 1000)
                container.mux(each.encode(frame))
        for each in (*others, stream):
            container.mux(each.encode())
    return path


def counter(path: Path, count: int = 24, rate: float = 10.0, **more: Any) -> Path:
    """Write frames that carry the numbers 0, 1, 2, … at an even rate."""
    return write(path, [numbered(index) for index in range(count)], [index / rate for index in range(count)], **more)


def sound(path: Path) -> Path:
    """Write half a second of silence."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), dtype=np.float32), format="fltp", layout="stereo")
        frame.sample_rate = 44100
        for index in range(20):
            frame.pts = index * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def _stream(
    container: av.container.OutputContainer,
    codec: str,
    size: tuple[int, int],
    pixels: str,
    key_every: int,
    b_frames: int,
) -> av.video.VideoStream:
    options = {"g": str(key_every), "bf": str(b_frames), "threads": "1"}
    if codec == "libx264":
        options |= {"preset": "ultrafast", "crf": "10", "b-adapt": "0", "sc_threshold": "0"}
    stream = container.add_stream(codec, rate=25, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = pixels
    stream.codec_context.time_base = Fraction(1, 1000)
    return stream
