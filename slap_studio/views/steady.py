"""A text that changes with every answer, and leaves everything around it where it stands."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QLabel


class Steady(QLabel):
    """Takes more room when its text needs more than ever before, and gives none back until the type changes.

    Any other label has the sizes of the whole window settled anew whenever its text changes, whether or not it needs
    another size: Qt spares only those whose size is fixed.

    Parameters
    ----------
    role
        Decides how the theme dresses it.
    """

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text)
        self._room = QSize()
        if role:
            self.setProperty("role", role)

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text != self.text():
            self.setText(text)
            self._take_room()

    def changeEvent(self, event: QEvent) -> None:
        """Another type needs another room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._room = QSize()
            self._take_room()

    def _take_room(self) -> None:
        needed = self.sizeHint().expandedTo(self._room)
        if needed != self._room:
            self._room = needed
            self.setFixedSize(needed)
