"""The bifurcation view: for each coupling λ, where the descent's last steps put the middle latent."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from slap_studio.core.types import Array
from slap_studio.views.controls import label
from slap_studio.views.curve_plot import CurvePlot
from slap_studio.views.theme import Theme

_HEIGHTS = ("height over the query's plane", "height over q's plane", "height")  # the first that has room


class _Dots(pg.ScatterPlotItem):
    """Points that are only seen: a click on pyqtgraph's makes an object for each, held in circles that stay."""

    def mouseClickEvent(self, event: Any) -> None:
        """Leave it to the plot."""
        event.ignore()


class BifurcationView(QWidget):
    """A point for every kept step over its coupling; a click chooses that coupling."""

    coupling_asked = Signal(float)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(self)
        self._layout = layout
        layout.setSpacing(6)
        self.note = label(
            "Each column is one long descent. One point: it settled. Two: it leaps to and fro. "
            "A smear: it has not settled, or never will.",
            "secondary",
        )
        self.note.setWordWrap(True)
        layout.addWidget(self.note)
        self.plot = CurvePlot()
        self.plot.setToolTip(self.note.text())
        self.plot.setAccessibleName("Where descents end, over the coupling λ")
        self.plot.setYRange(-1.05, 1.05, padding=0)
        self.plot.setLogMode(True, False)
        self.plot.getAxis("bottom").setLabel("coupling λ", siPrefixEnableRanges=())
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        layout.addWidget(self.plot, 1)
        self._points = _Dots(size=2.4, pen=None, pxMode=True)
        self.plot.addItem(self._points)
        self._here = pg.InfiniteLine(angle=90)
        self.plot.addItem(self._here)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        ground = theme.ground if theme.dark else theme.panel
        self.setStyleSheet(f"BifurcationView {{ background: {ground}; }}")
        self._points.setBrush(theme.colour("inferred"))
        self._points.setSize(theme.line_width(2.4))
        self._here.setPen(theme.pen("text", 1))
        font = theme.font()
        for name in ("bottom", "left"):
            axis = self.plot.getAxis(name)
            axis.setPen(theme.colour("line"))
            axis.setTextPen(theme.colour("secondary"))
            axis.setStyle(tickFont=font)
            axis.label.setFont(font)
            axis.enableAutoSIPrefix(False)
        self._name_axis()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the plot's tooltip says how to read it."""
        super().resizeEvent(event)
        self.note.setVisible(self.height() >= self._theme.size(300))
        self._name_axis()

    def _name_axis(self) -> None:
        """As fully as the axis is long; what stands above and below it takes about three lines."""
        metrics = QFontMetrics(self._theme.font())
        note = self.note.sizeHint().height() if not self.note.isHidden() else 0
        margins = self._layout.contentsMargins()
        room = self.height() - margins.top() - margins.bottom() - note - 3 * metrics.height()
        fitting = [text for text in _HEIGHTS if metrics.horizontalAdvance(text) <= room]
        # Without a range in which a prefix is wanted: pyqtgraph scales by one that is not enabled as well.
        self.plot.getAxis("left").setLabel((fitting or _HEIGHTS[-1:])[0], siPrefixEnableRanges=())

    def show_overlaid(self, above: int, _below: int) -> None:
        """So many pixels above are covered; what is covered below is not seen over this view."""
        self._layout.setContentsMargins(14, above + 4, 16, 10)
        self._name_axis()

    def show_branches(self, couplings: Array, heights: Array) -> None:
        """Draw heights [M, kept] over couplings [M]."""
        x = np.repeat(np.log10(couplings), heights.shape[1])
        self._points.setData(x, heights.ravel())
        self.plot.setXRange(float(x[0]), float(x[-1]), padding=0.01)
        decades = range(int(np.ceil(x[0] - 1e-9)), int(np.floor(x[-1] + 1e-9)) + 1)
        self.plot.getAxis("bottom").setTicks([[(decade, f"{10.0**decade:g}") for decade in decades]])

    def show_coupling(self, coupling: float) -> None:
        """Mark the present coupling; zero has no place on a logarithmic axis."""
        self._here.setVisible(coupling > 0)
        if coupling > 0:
            self._here.setValue(float(np.log10(coupling)))

    def _clicked(self, event: object) -> None:
        box = self.plot.getPlotItem().getViewBox()
        position = event.scenePos()  # type: ignore[attr-defined]
        if box.sceneBoundingRect().contains(position):
            value = float(10 ** box.mapSceneToView(position).x())
            self.coupling_asked.emit(float(f"{value:.3g}"))
