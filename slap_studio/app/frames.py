"""Single frames for the window, on a lane's thread: of the very file that was opened, or none."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from slap_studio.media.files import content_hash
from slap_studio.media.unchanged import changed, gone, mark_of
from slap_studio.media.video import VideoFile
from slap_studio.problems import UnusableInput

if TYPE_CHECKING:
    from slap_studio.media.unchanged import FileMark


@dataclass(frozen=True)
class FrameRequest:
    """Fetch the frame on screen at a time in seconds, of the file with that mark or at least that content."""

    path: Path
    time: float
    mark: "FileMark | None" = None
    content: str = ""


class Frames:
    """Fetches single frames; keeps the file open between two requests."""

    def __init__(self) -> None:
        self._file: VideoFile | None = None

    def fetch(self, request: FrameRequest, cancelled: Callable[[], bool]) -> QImage:
        """The upright frame as an image.

        Raises
        ------
        UnusableInput
            If the file is gone or another one now: frames of two files are never mixed.
        Cancelled
            When `cancelled` says so.
        """
        try:
            file = self._opened(request, cancelled)
            file.cancelled = cancelled
            frame = file.at(request.time).picture()
            if mark_of(request.path) != file.mark:
                raise UnusableInput(changed(request.path))
        except BaseException:
            # One that was stopped halfway would go on from there.
            self.close()
            raise
        height, width = frame.image.shape[:2]
        # The copy owns its bytes and has the format that is drawn fastest.
        return QImage(frame.image.data, width, height, 3 * width, QImage.Format.Format_RGB888).convertToFormat(
            QImage.Format.Format_RGB32
        )

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self, request: FrameRequest, cancelled: Callable[[], bool]) -> VideoFile:
        """The file as it was when the last frame was fetched, or opened anew."""
        if not request.path.exists():
            raise UnusableInput(gone(request.path))
        mark = mark_of(request.path)
        if self._file is not None and (self._file.path, self._file.mark) == (request.path, mark):
            return self._file
        self.close()
        # One that was only copied back or touched holds the same as ever.
        if request.mark not in (None, mark) and content_hash(request.path, cancelled) != request.content:
            raise UnusableInput(changed(request.path))
        self._file = VideoFile(request.path, cancelled)
        return self._file
