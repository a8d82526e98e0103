"""The ground that all curves are drawn on: no grey, no menu, no mouse of pyqtgraph's own."""

import pyqtgraph as pg
from PySide6.QtCore import Qt

from slap_studio.views.curve import Curve


class CurvePlot(pg.PlotWidget):
    """A transparent plot without axes whose curves fill it to the edge; subclasses add them."""

    def __init__(self) -> None:
        super().__init__(background=None)
        # Without this the palette's ground would be painted over what lies behind.
        self.setStyleSheet("background: transparent")
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        plot = self.getPlotItem()
        plot.layout.setContentsMargins(0, 0, 0, 0)
        plot.getViewBox().setDefaultPadding(0)

    def hide_axes(self) -> None:
        """Leave the axes to whoever draws them beside the plot."""
        for side in ("left", "bottom"):
            self.getPlotItem().hideAxis(side)

    def add_curve(self) -> Curve:
        """One more curve, of nothing yet; every line of a plot is one."""
        curve = Curve()
        self.addItem(curve)
        return curve
