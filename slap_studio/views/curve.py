"""A curve of a plot that is drawn as fast where it leaps to and fro as where it is smooth.

Qt works out the outline of a whole curve that is wider than a pixel and fills it, which takes a processor 10 ms for a
hundred steps of an unstable descent; lines one by one, in pixels, take it 0.3 ms.
"""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter, QTransform

LONG = 4.0  # times its width and height together: so long a curve leaps so often that nobody sees where a dash begins


class Curve(pg.PlotCurveItem):
    """Smooth at its edges; in one go while it is short, so that dashes go on from one point to the next."""

    def __init__(self) -> None:
        super().__init__(antialias=True)

    def paint(self, painter: QPainter, option: object, widget: object) -> None:
        """Draw in one go what is short, and line by line what is long."""
        x, y = self.getData()
        if x is None or len(x) < 2:
            return
        to_pixels = painter.worldTransform()
        across = to_pixels.m11() * x + to_pixels.m21() * y + to_pixels.dx()
        down = to_pixels.m12() * x + to_pixels.m22() * y + to_pixels.dy()
        if not _is_long(across, down):
            super().paint(painter, option, widget)
            return
        ends = zip(across[:-1], down[:-1], across[1:], down[1:], strict=True)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.opts["pen"])
        painter.setWorldTransform(QTransform())
        painter.drawLines([QLineF(*pair) for pair in ends])
        painter.restore()


def _is_long(across: NDArray[np.floating], down: NDArray[np.floating]) -> bool:
    """Whether a curve leaps to and fro; not where some of it is no number, which pyqtgraph knows how to leave out."""
    length = np.hypot(np.diff(across), np.diff(down)).sum()
    return bool(np.isfinite(length) and length > LONG * (np.ptp(across) + np.ptp(down)))
