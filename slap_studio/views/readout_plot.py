"""What the path's latents read as, over the gap: stacked areas on the time band's axis."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from slap_studio.core.types import Array
from slap_studio.views.theme import Theme
from slap_studio.views.time_axis import TimeAxis

_TOKENS = ("inferred", "observed", "potential", "query", "secondary", "line")
# The second cue: every area has a hatching of its own.
_HATCHES = (
    Qt.BrushStyle.SolidPattern, Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.FDiagPattern, Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.VerPattern, Qt.BrushStyle.Dense6Pattern,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ReadoutAreas:
    """What is drawn: times in seconds [N + 2], labels, and their shares [N + 2, C], each row adding up to one."""

    times: NDArray[np.float64]
    labels: tuple[str, ...]
    shares: Array

    def at(self, time: float) -> tuple[tuple[str, float], ...] | None:
        """Labels with their shares at the latent nearest to a time, or None outside of the gap."""
        if not self.times[0] <= time <= self.times[-1]:
            return None
        row = self.shares[int(np.abs(self.times - time).argmin())]
        return tuple(zip(self.labels, (float(share) for share in row), strict=True))


class ReadoutPlot(QWidget):
    """Areas above one another, the first at the bottom, with their names where there is room."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._axis = TimeAxis()
        self._areas: ReadoutAreas | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.update()

    def show_axis(self, axis: TimeAxis) -> None:
        """Lie on another stretch of pixels: the band's axis, from this widget's own left edge."""
        self._axis = replace(axis, left=0.0)
        self.update()

    def show_areas(self, areas: ReadoutAreas | None) -> None:
        """Draw the shares of a path, or nothing."""
        self._areas = areas
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Areas from the bottom, then their names."""
        areas = self._areas
        if areas is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = np.array([self._axis.x(float(time)) for time in areas.times])
        tops = np.cumsum(areas.shares, axis=1)
        bottoms = tops - areas.shares
        for index in range(len(areas.labels)):
            self._paint_area(painter, index, x, self._y(tops[:, index]), self._y(bottoms[:, index]))
        for index, name in enumerate(areas.labels):
            self._paint_name(painter, name, x, self._y(tops[:, index]), self._y(bottoms[:, index]))

    def _y(self, heights: Array) -> Array:
        high: Array = 4 + (1 - heights) * (self.height() - 8)
        return high

    def _paint_area(self, painter: QPainter, index: int, x: Array, top: Array, bottom: Array) -> None:
        edge = [QPointF(*place) for place in zip(x, top, strict=True)]
        back = [QPointF(*place) for place in zip(x[::-1], bottom[::-1], strict=True)]
        area = QPolygonF([*edge, *back])
        painter.setPen(Qt.PenStyle.NoPen)
        for brush in area_brushes(index, self._theme):
            painter.setBrush(brush)
            painter.drawPolygon(area)
        painter.setPen(QPen(self._theme.colour(_TOKENS[index % len(_TOKENS)]), self._theme.line_width(1.2)))
        painter.drawPolyline(QPolygonF(edge))

    def _paint_name(self, painter: QPainter, name: str, x: Array, top: Array, bottom: Array) -> None:
        """The name at the place where its area is thickest, if it fits."""
        thick = bottom - top
        place = int(thick.argmax())
        painter.setFont(self._theme.font())
        width = painter.fontMetrics().horizontalAdvance(name) + 10
        high = self._theme.size(16)
        if thick[place] < high - 2 or width > x[-1] - x[0]:
            return
        left = min(max(x[place] - width / 2, x[0] + 3), x[-1] - width - 3)
        box = QRectF(left, (top[place] + bottom[place]) / 2 - high / 2, width, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("panel", 0.85))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)


def area_brushes(index: int, theme: Theme, ground: float = 0.30) -> tuple[QBrush, ...]:
    """What a candidate's area is filled with, the one over the other: its colour so opaque, and its hatching."""
    token = _TOKENS[index % len(_TOKENS)]
    plain = QBrush(theme.colour(token, ground))
    return (plain, QBrush(theme.colour(token, 0.55), _HATCHES[index % len(_HATCHES)])) if index else (plain,)
