"""Texts that change with every answer, and leave everything around them where it stands.

Any other label has the sizes of the whole window settled anew whenever its text changes, whether or not it needs
another size: Qt spares only those whose size is fixed.
"""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel


class Steady(QLabel):
    """A line that takes more room when it needs more than ever before, and gives none back until the type changes.

    Parameters
    ----------
    role
        Decides how the theme dresses it.
    """

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text)
        self._room, self._widest = QSize(), 0
        if role:
            self.setProperty("role", role)

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text == self.text():
            return
        self.setText(text)
        # Its size would be asked of the style, which takes three times as long.
        if self.fontMetrics().horizontalAdvance(text) > self._widest:
            self._take_room()

    def changeEvent(self, event: QEvent) -> None:
        """Another type needs another room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._room = QSize()
            self._take_room()

    def _take_room(self) -> None:
        self._widest = self.fontMetrics().horizontalAdvance(self.text())
        needed = self.sizeHint().expandedTo(self._room)
        if needed != self._room:
            self._room = needed
            self.setFixedSize(needed)


class Elided(QLabel):
    """A line that ends in "…" where there is no room for it; the tooltip has it whole, before its hint.

    Parameters
    ----------
    role
        Decides how the theme dresses it.
    """

    def __init__(self, role: str) -> None:
        super().__init__()
        self._text = self._hint = ""
        self.setProperty("role", role)

    def text(self) -> str:
        """What would be read if there were room."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show another text; other room is asked for only where it is wanted."""
        if text == self._text:
            return
        self._text = text
        self.setAccessibleName(text)
        self._tell()
        self.update()
        if not self.isVisible() or self.sizeHint().width() > self.width():
            self.updateGeometry()

    def show_hint(self, hint: str) -> None:
        """What the tooltip says."""
        self._hint = hint
        self._tell()

    def sizeHint(self) -> QSize:
        """Room for all of it."""
        return self._room(self.fontMetrics().horizontalAdvance(self._text) + 2)

    def minimumSizeHint(self) -> QSize:
        """Hardly any width."""
        return self._room(40)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More of it may be seen now, or less."""
        super().resizeEvent(event)
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """In another type as well."""
        super().changeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().text().color())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._seen())

    def _room(self, width: int) -> QSize:
        return QSize(width, self.fontMetrics().height())

    def _seen(self) -> str:
        return self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())

    def _tell(self) -> None:
        told = self._hint if self._seen() == self._text else f"{self._text}\n{self._hint}".strip()
        if told != self.toolTip():
            self.setToolTip(told)
