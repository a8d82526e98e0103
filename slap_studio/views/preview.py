"""The frame under the pointer, shown once the pointer has rested for a moment."""

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from slap_studio.views.theme import Theme

DWELL = 125  # milliseconds the pointer rests before the frame is shown


class Preview(QLabel):
    """Lies over its parent, out of the pointer's way, and lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._pending: tuple[QPixmap, QPointF] | None = None
        self._dwell = QTimer(self, singleShot=True, interval=DWELL)
        self._dwell.timeout.connect(self._appear)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self.setStyleSheet(
            f"background: {theme.raised}; border: 2px solid {theme.line}; border-radius: 6px; padding: 3px;"
        )

    def offer(self, picture: QPixmap | None, point: QPointF) -> None:
        """After a moment, show a frame beside the pointer; None takes it away."""
        if picture is None:
            self._dwell.stop()
            self._pending = None
            self.hide()
            return
        self._pending = (picture, point)
        if self.isVisible():
            self._appear()
        elif not self._dwell.isActive():
            self._dwell.start()

    def _appear(self) -> None:
        parent = self.parentWidget()
        if self._pending is None or parent is None:
            return
        picture, point = self._pending
        self.setPixmap(picture)
        self.adjustSize()
        left = min(point.x() + 16, parent.width() - self.width() - 8)
        above = point.y() - self.height() - 14
        self.move(int(left), int(above if above > 8 else point.y() + 18))
        self.show()
        self.raise_()
