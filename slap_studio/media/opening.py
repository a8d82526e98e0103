"""Opening a file as a container of streams, and what is refused before anything of it is decoded."""

from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from slap_studio.problems import UnusableInput

LARGEST = 2**26  # pixels of a picture, twice those of 8K: a small file may claim a picture that fills the memory
_SLOWEST = 1 / 60  # frames per second, below which a clock that counts whole seconds is no clock
_TEXT_FORMATS = {"tty", "bin", "xbin", "adf", "idf"}  # FFmpeg draws text files as pictures of a terminal
# A playlist among the user's files must not make the program reach for the network.
_CONTAINER_OPTIONS = {"protocol_whitelist": "file"}


def opened(path: Path) -> InputContainer:
    """A container of local streams.

    Raises
    ------
    UnusableInput
        If the file may not be read, or is nothing that FFmpeg knows.
    """
    no_video = f"{path.name} is no video that can be read; choose an mp4, mov, mkv, webm or avi file."
    try:
        # Absolute, since FFmpeg takes what stands before a colon for a protocol.
        container = av.open(
            str(path.absolute()), mode="r", metadata_errors="replace", container_options=_CONTAINER_OPTIONS
        )
    except (av.error.FFmpegError, OSError, ValueError) as error:
        if isinstance(error, PermissionError):
            raise UnusableInput(f"{path} may not be read; change its permissions or copy it.") from error
        raise UnusableInput(no_video) from error
    if container.format.name in _TEXT_FORMATS:
        container.close()
        raise UnusableInput(no_video)
    return container


def best_stream(container: InputContainer, path: Path) -> VideoStream:
    """The stream that players choose; a cover picture of a song is none.

    Raises
    ------
    UnusableInput
        If there is no video among the streams.
    """
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream) or Disposition.attached_pic in stream.disposition:
        raise UnusableInput(f"{path.name} holds no video stream, only sound or data; choose another file.")
    return stream


def require_sense(stream: VideoStream, path: Path) -> None:
    """Refuse what nothing here decodes, pictures that no memory holds, and times that no clock has given.

    Raises
    ------
    UnusableInput
        If there is no decoder, a picture is larger than 2^26 pixels, or frames lie minutes apart on a clock of whole
        seconds.
    """
    if stream.codec_context is None:
        raise UnusableInput(
            f"{path.name} holds video of a kind that nothing here decodes; convert it to H.264 and try again."
        )
    if stream.width * stream.height > LARGEST:
        raise UnusableInput(
            f"{path.name} claims pictures of {stream.width}×{stream.height} pixels, which are too large to be read; "
            "scale it down and try again."
        )
    rate = stream.average_rate
    if rate and stream.time_base and stream.time_base >= 1 and rate < _SLOWEST:
        raise UnusableInput(
            f"{path.name} has lost its clock: its frames would lie {float(1 / rate):.0f} s apart; "
            "export it again from where it was made."
        )
