"""Files that the system asks a running program to open: on macOS a double click is an event, not an argument."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent


class AskedBySystem(QObject):
    """Watches the application for such events, for as long as its parent lives.

    Parameters
    ----------
    ask
        What is done with the file.
    """

    def __init__(self, parent: QObject, ask: Callable[[Path], None]) -> None:
        super().__init__(parent)
        self._ask = ask

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a file that is to be opened; let everything else pass."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._ask(Path(event.file()))
            return True
        return super().eventFilter(watched, event)
