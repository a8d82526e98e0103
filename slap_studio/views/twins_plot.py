"""How far two starts that were almost the same are apart after each step, on a logarithmic scale."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPen

from slap_studio.core.types import Array
from slap_studio.views.curve_plot import CurvePlot
from slap_studio.views.theme import Theme

_SMALLEST = 1e-16  # below it is rounding; two starts that fell together have no logarithm


class TwinsPlot(CurvePlot):
    """log₁₀ of the distance over the steps; a line across where they began."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Distance of the twin starts over the steps")
        self.setToolTip("Distance of the two paths after each step: root mean square over the hidden latents.")
        self.setLabel("bottom", "step")
        self.setLabel("left", "log₁₀ of the distance")
        self._line = self.add_curve()
        self._began = pg.InfiniteLine(angle=0)
        self.addItem(self._began)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._line.setPen(theme.pen("inferred", 2.2))
        began = QPen(theme.colour("secondary"), 1)
        began.setDashPattern([4, 4])
        began.setCosmetic(True)
        self._began.setPen(began)
        font = theme.font(12)
        for name in ("bottom", "left"):
            axis = self.getAxis(name)
            axis.setPen(theme.colour("line"))
            axis.setTextPen(theme.colour("secondary"))
            axis.setStyle(tickFont=font)
            axis.label.setFont(font)
            axis.enableAutoSIPrefix(False)

    def show_distances(self, distances: Array) -> None:
        """Draw distances [K + 1]."""
        heights = np.log10(np.maximum(distances, _SMALLEST))
        self._line.setData(np.arange(len(heights)), heights)
        self._began.setValue(float(heights[0]))
        low, high = float(heights.min()), float(heights.max())
        margin = max(0.06 * (high - low), 0.25)
        self.setYRange(low - margin, high + margin, padding=0)
        self.setXRange(0, max(len(heights) - 1, 1), padding=0.01)
