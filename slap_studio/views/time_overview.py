"""The whole clip in one thin line below the ruler, while only a stretch of it is in sight: where that lies in it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from slap_studio.views.theme import Theme
from slap_studio.views.time_axis import TimeAxis

HIGH = 10  # pixels
_BAR = 4
_NARROWEST = 14  # pixels of the stretch, so that a hand can take it however long the clip is


class Overview(QWidget):
    """A bar with the gaps and the stretch in sight, which a hand moves; nothing while all of the clip is in sight."""

    scrolled = Signal(float)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._axis = TimeAxis()
        self._gaps: tuple[tuple[float, float], ...] = ()
        self._cursor = 0.0
        self._grip: float | None = None
        self.setToolTip("The whole clip, and the stretch in sight; drag it to another place (Shift+Z shows the whole).")
        self.setAccessibleName("Stretch of the clip in sight")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.hide()

    def sizeHint(self) -> QSize:
        """As high as it is."""
        return QSize(100, HIGH)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.update()

    def show_axis(self, axis: TimeAxis) -> None:
        """Show which stretch is in sight."""
        self._axis = axis
        self.setVisible(not axis.whole)
        self.update()

    def show_gaps(self, gaps: tuple[tuple[float, float], ...]) -> None:
        """Show what is hidden, in seconds."""
        self._gaps = gaps
        self.update()

    def show_cursor(self, time: float) -> None:
        """Show where the cursor is."""
        self._cursor = time
        if self.isVisible():
            self.update()

    @property
    def thumb(self) -> QRectF:
        """Where the stretch in sight lies on the bar."""
        axis = self._axis
        left, right = self._x(axis.first), self._x(axis.last)
        aside = max(_NARROWEST - (right - left), 0.0) / 2
        left = min(max(left - aside, 0.5), self.width() - _NARROWEST - 0.5)
        return QRectF(left, 0.5, min(max(right - left, _NARROWEST), self.width() - 0.5 - left), HIGH - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The bar, the gaps on it, the stretch in sight, the cursor."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme, top = self._theme, (HIGH - _BAR) / 2
        painter.setBrush(theme.colour("line"))
        painter.drawRoundedRect(QRectF(0, top, self.width(), _BAR), _BAR / 2, _BAR / 2)
        painter.setBrush(theme.colour("inferred"))
        for start, end in self._gaps:
            painter.drawRect(QRectF(self._x(start), top, max(self._x(end) - self._x(start), 2), _BAR))
        painter.setPen(theme.colour("secondary"))
        painter.setBrush(theme.colour("text", 0.18))
        painter.drawRoundedRect(self.thumb, _BAR, _BAR)
        painter.setPen(theme.colour("text"))
        x = self._x(self._cursor)
        painter.drawLine(QPointF(x, 0), QPointF(x, HIGH))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the stretch where it is; elsewhere it comes to the pointer first."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        if not self.thumb.left() <= x <= self.thumb.right():
            self.scrolled.emit(self._time(x) - self._axis.shown / 2)
        self._grip = self._time(x) - self._axis.first
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the stretch."""
        if self._grip is not None:
            self.scrolled.emit(self._time(event.position().x()) - self._grip)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def _x(self, time: float) -> float:
        return self.width() * time / self._axis.duration

    def _time(self, x: float) -> float:
        return x / max(self.width(), 1) * self._axis.duration
