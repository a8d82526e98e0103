"""Frames → an H.264 video file, written beside its place and moved there when whole."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from slap_studio.media.files import replacing
from slap_studio.problems import UnusableInput

# Averaged chroma and exact rounding: without them a thin red line loses its colour.
_CONVERSION = Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.BITEXACT
_AVCOL_SPC_BT709 = 1


def write_video(path: Path, frames: Iterable[NDArray[np.uint8]], *, rate: float, crf: int = 20) -> None:
    """Write frames as H.264 in MP4 (yuv420p, BT.709, index at the front).

    The same frames give the same bytes with the same version of the encoder: one thread, no dates.

    Parameters
    ----------
    path
        The file to write, ending in ``.mp4`` or ``.mov``. It appears only when it is whole.
    frames
        RGB images [H, W, 3], all of one even height and width.
    rate
        Frames per second, 0.01 to 1000.
    crf
        Constant rate factor of x264, 0 (lossless) to 51.

    Raises
    ------
    UnusableInput
        If there is no frame, a side is odd, the frames differ in size, the rate is no number
        from 0.01 to 1000, or the file cannot be written.
    """
    if not 0.01 <= rate <= 1000:
        raise UnusableInput(f"A video cannot have {rate} frames per second; give a number from 0.01 to 1000.")
    if path.suffix.lower() not in {".mp4", ".mov"}:
        raise UnusableInput(f"{path.name} does not end in .mp4; choose a name that does.")
    frame_rate = Fraction(rate).limit_denominator(1001)
    with replacing(path) as part, av.open(part, "w", container_options=_CONTAINER_OPTIONS) as container:
        _encode(container, frames, frame_rate, crf)


_CONTAINER_OPTIONS = {"movflags": "+faststart", "fflags": "+bitexact"}


def _encode(container: OutputContainer, frames: Iterable[NDArray[np.uint8]], rate: Fraction, crf: int) -> None:
    stream: VideoStream | None = None
    shape: tuple[int, ...] = ()
    for index, image in enumerate(frames):
        if stream is None:
            shape = _checked_shape(image)
            stream = _add_stream(container, shape, rate, crf)
        if image.shape != shape:
            raise UnusableInput(
                f"Frame {index} is of size {image.shape}, the first is {shape}; give frames of one size."
            )
        container.mux(stream.encode(_to_yuv(image, index, rate)))
    if stream is None:
        raise UnusableInput("There is no frame to write; give at least one.")
    container.mux(stream.encode())


def _checked_shape(image: NDArray[np.uint8]) -> tuple[int, ...]:
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"frames are uint8 RGB [H, W, 3], not {image.dtype} {image.shape}")
    height, width = image.shape[:2]
    if height % 2 or width % 2 or not height or not width:
        raise UnusableInput(f"A video of {width}×{height} pixels cannot be written; make both sides even.")
    return image.shape


def _add_stream(container: OutputContainer, shape: tuple[int, ...], rate: Fraction, crf: int) -> VideoStream:
    # On AVX-512 machines x264's macroblock tree reads memory that nobody wrote: the same frames then give
    # different bytes from run to run.
    options = {"crf": str(crf), "preset": "slow", "x264-params": "mbtree=0"}
    stream = container.add_stream("libx264", rate=rate, options=options)
    stream.height, stream.width = shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.color_range = ColorRange.MPEG
    stream.colorspace = _AVCOL_SPC_BT709
    stream.color_primaries = ColorPrimaries.BT709
    stream.color_trc = ColorTrc.BT709
    # x264's bytes depend on the number of threads, so the machine's core count must not enter.
    stream.codec_context.thread_count = 1
    return stream


def _to_yuv(image: NDArray[np.uint8], index: int, rate: Fraction) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24").reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=_CONVERSION,
        threads=1,
    )
    frame.pts = index
    frame.time_base = 1 / rate
    return frame
