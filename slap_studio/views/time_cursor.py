"""The one line through all rows of the time band."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from slap_studio.views.theme import Theme
from slap_studio.views.time_axis import TimeAxis
from slap_studio.views.time_overview import HIGH

RULER = 22  # pixels at 100 %, height of the ruler below


class Cursor(QWidget):
    """The one line through all rows; lets every click through."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._place: float | None = 0.0
        self.theme = theme

    def show_place(self, axis: TimeAxis, time: float) -> None:
        """Stand at a time, if it is in sight."""
        place = axis.x(time) if axis.holds(time, time) else None
        if place != self._place:
            self._place = place
            # All rows lie below it.
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line with a head at its top."""
        x = self._place
        if x is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = self.theme.colour("text")
        painter.setPen(QPen(colour, self.theme.line_width(1.5)))
        bottom = self.height() - self.theme.size(RULER) - HIGH - 2
        painter.drawLine(QPointF(x, 8), QPointF(x, bottom))
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, 5), QPointF(x + 5, 5), QPointF(x + 5, 11), QPointF(x, 16), QPointF(x - 5, 11)])
        )
