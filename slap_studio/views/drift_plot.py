"""How far the path strays from the truth, over the gap, on the time band's axis; other methods dashed and grey."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen, QResizeEvent

from slap_studio.core.types import Array
from slap_studio.views.curve_plot import CurvePlot
from slap_studio.views.stage.pictures import DASHES
from slap_studio.views.theme import Theme

LINE = 12  # pixels between two names
BESIDE = 8  # pixels between a curve's end and its name: the cursor may stand there


@dataclass(frozen=True, eq=False)
class DriftCurves:
    """What is drawn.

    Attributes
    ----------
    times
        Of the hidden latents [N], seconds.
    ours, others
        Angles to the truth in degrees [N]: of the drawn path, and of other methods by their names.
    drift, against
        D_sem of the drawn path, and in words what the truth is.
    """

    times: Array
    ours: Array
    others: tuple[tuple[str, Array], ...]
    drift: float
    against: str


class DriftPlot(CurvePlot):
    """Angles in degrees; each other method has dashes of its own and its name at its end."""

    def __init__(self) -> None:
        # pyqtgraph resizes a plot while it is being made.
        self._theme: Theme | None = None
        self._curves: DriftCurves | None = None
        self._last = 1.0
        super().__init__()
        self.hide_axes()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self._draw()

    def show_stretch(self, first: float, last: float) -> None:
        """Span what is in sight of the clip, in seconds; names move to where their curves leave it."""
        self._last = last
        self.setXRange(first, last, padding=0)
        if self._curves is not None:
            self._draw()

    def show_curves(self, curves: DriftCurves | None) -> None:
        """Draw curves, or nothing."""
        self._curves = curves
        self._draw()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Names stand so many pixels from one another, however high the plot is."""
        super().resizeEvent(event)
        # A plot that is being closed is resized once more, without what it drew on.
        if self._curves is not None and self.plotItem is not None:
            self._draw()

    def _draw(self) -> None:
        self.clear()
        curves, theme = self._curves, self._theme
        if curves is None or theme is None or not len(curves.times):
            return
        lines = [curves.ours, *(line for _, line in curves.others)]
        low, high = min(float(line.min()) for line in lines), max(float(line.max()) for line in lines)
        low, high = max(low - 0.1 * (high - low) - 0.5, 0.0), high + 0.1 * (high - low) + 0.5
        self.setYRange(low, high, padding=0)
        # Where the gap goes on out of sight, names stand at the last place that is seen.
        named = max(int(np.searchsorted(curves.times, self._last, side="right")) - 1, 0)
        heights = self._label_heights([float(line[named]) for _, line in curves.others], low, high, theme.size(LINE))
        for index, (name, line) in enumerate(curves.others):
            pen = theme.pen("secondary", 1.4)
            pen.setDashPattern(list(DASHES[index % len(DASHES)]))
            self._line(curves.times, line, pen)
            self._name(name, float(curves.times[named]), heights[index], theme, within=named < len(curves.times) - 1)
        self._line(curves.times, curves.ours, theme.pen("inferred", 2.4))

    def _line(self, times: Array, angles: Array, pen: QPen) -> None:
        curve = self.add_curve()
        curve.setPen(pen)
        curve.setData(times, angles)

    def _label_heights(self, heights: list[float], low: float, high: float, line: int) -> list[float]:
        """Where names stand: as near to their curves as the others and the edges of the plot allow."""
        degree = (high - low) / max(self.height(), 1)  # of a pixel
        first, last = low + line / 2 * degree, high - line / 2 * degree
        apart = min(line * degree, (last - first) / max(len(heights) - 1, 1))
        placed, order = list(heights), sorted(range(len(heights)), key=heights.__getitem__)
        for index in order:
            placed[index] = max(placed[index], first)
            first = placed[index] + apart
        for index in reversed(order):
            placed[index] = min(placed[index], last)
            last = placed[index] - apart
        return placed

    def _name(self, name: str, x: float, y: float, theme: Theme, *, within: bool) -> None:
        text = pg.TextItem(name, color=theme.secondary)
        text.setFont(theme.font(11))
        beside = BESIDE / max(text.boundingRect().width(), 1.0)
        text.setAnchor((1 + beside if within else -beside, 0.5))
        text.setPos(x, y)
        self.addItem(text)
