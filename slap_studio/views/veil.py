"""Covers a part of the window until the student has predicted what stands there."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from slap_studio.views.theme import RADIUS, Theme

WORDS = "Hidden until you predict"


class Veil(QWidget):
    """Lies over an area of its parent and follows it; takes the mouse, so that nothing below can be asked either."""

    def __init__(self, parent: QWidget, area: Callable[[], QRect], theme: Theme) -> None:
        super().__init__(parent)
        self._covered, self._area = parent, area
        self._theme = theme
        self.setAccessibleName(WORDS)
        self.setToolTip("The lesson shows this once you have predicted.")
        parent.installEventFilter(self)
        self.place()
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.update()

    def place(self) -> None:
        """Cover the area, above all else."""
        self.setGeometry(self._area())
        self.raise_()

    def lift(self) -> None:
        """Away with it."""
        self._covered.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's size, and stay above what is put into it later."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self.place()
        elif event.type() is QEvent.Type.ChildAdded:
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """A plain surface with a dashed rim, and the words where there is room for them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.colour("raised"))
        painter.setPen(QPen(self._theme.colour("secondary"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 2, RADIUS - 2)
        painter.setPen(self._theme.colour("secondary"))
        words = painter.fontMetrics().elidedText(WORDS, Qt.TextElideMode.ElideRight, max(self.width() - 12, 0))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
