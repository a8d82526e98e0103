"""Colours of a quantity along the path: even steps to the eye, for the colour-blind too, legible on either ground."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from slap_studio.core.types import Array
from slap_studio.session.look import Colouring
from slap_studio.views.rgb import rgb
from slap_studio.views.theme import Theme

# Five stops each of matplotlib's viridis and plasma, which were made for this.
_RAMPS = {
    Colouring.TIME: ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"),
    Colouring.POTENTIAL: ("#0d0887", "#7e03a8", "#cc4778", "#f89540", "#f0f921"),
}


def ramp(colouring: Colouring, shares: Array, theme: Theme) -> Array:
    """Red, green and blue [P, 3], 0 to 1, of shares [P]; the end of the ramp that the ground swallows is left out."""
    low, high = (0.3, 1.0) if theme.dark else (0.0, 0.72)
    stops = np.array([rgb(stop) for stop in _RAMPS[colouring]])
    at = (low + (high - low) * np.clip(shares, 0, 1)) * (len(stops) - 1)
    return np.stack([np.interp(at, np.arange(len(stops)), stops[:, part]) for part in range(3)], axis=1)


class ColourKey(QWidget):
    """What the path's colours mean: a name, its two ends, and the colours between them."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self.theme = theme
        self._colouring = Colouring.PLAIN
        self._words: tuple[str, str] = ("", "")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Recolour, and take the room that the words need."""
        self.theme = theme
        self._make_room()

    @property
    def shows(self) -> bool:
        """Whether there is anything to tell."""
        return self._colouring is not Colouring.PLAIN

    def says(self, colouring: Colouring, low: str, high: str) -> bool:
        """Whether it already tells this, or both tell nothing."""
        return self._colouring is colouring and (not self.shows or self._words == (low, high))

    def show_key(self, colouring: Colouring, low: str, high: str) -> None:
        """Show the ends of the scale, or nothing for a plain path."""
        self._colouring, self._words = colouring, (low, high)
        self.setAccessibleName(f"Colours of the path from {low} to {high}")
        self._make_room()

    def _make_room(self) -> None:
        metrics = QFontMetrics(self.theme.font())
        self.setFixedSize(96 + sum(metrics.horizontalAdvance(word) for word in self._words), self.theme.size(24))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Low, the colours, high."""
        if self._colouring is Colouring.PLAIN:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.colour("panel", 0.8))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.setFont(self.theme.font())
        metrics = painter.fontMetrics()
        left = 9.0 + metrics.horizontalAdvance(self._words[0]) + 7
        gradient = QLinearGradient(left, 0, left + 64, 0)
        shares = np.linspace(0, 1, 9)
        for share, colour in zip(shares, ramp(self._colouring, shares, self.theme), strict=True):
            gradient.setColorAt(float(share), QColor.fromRgbF(*(float(part) for part in colour)))
        middle = self.height() / 2
        painter.fillRect(QRectF(left, middle - 4, 64, 8), gradient)
        painter.setPen(self.theme.colour("text"))
        base = middle + metrics.capHeight() / 2
        painter.drawText(QPointF(9, base), self._words[0])
        painter.drawText(QPointF(left + 71, base), self._words[1])
