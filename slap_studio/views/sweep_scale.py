"""What the colour of the regime map's cells may mean, and the scale beside the map that says so."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from slap_studio.views.controls import spoken
from slap_studio.views.theme import Theme

_SMALLEST = 1e-3  # a rate below this is drawn evenly, one above by its logarithm


@dataclass(frozen=True)
class Quantity:
    """What the colour of a cell may mean: its token is the colour of the highest value, or of values above zero."""

    name: str
    unit: str
    field: str
    token: str
    scale: Literal["even", "ratios", "signed"]

    def height(self, value: float) -> float:
        """Where a value lies on its scale; signed ones on both sides of zero."""
        if self.scale == "ratios":
            return math.log10(max(value, 1e-12))
        if self.scale == "signed":
            return math.copysign(math.log10(1 + abs(value) / _SMALLEST), value)
        return value


QUANTITIES = {
    "s_kin": Quantity("S_kin", "squared chord, log scale", "s_kin", "observed", "ratios"),
    "e_pot": Quantity("E_pot", "mean of V", "e_pot", "potential", "even"),
    "roughness": Quantity("Roughness", "squared chord, log scale", "roughness", "inferred", "ratios"),
    "rate": Quantity("Divergence of twin starts", "rate per step, log scale", "rate", "potential", "signed"),
}


@dataclass(frozen=True)
class ColourScale:
    """Colours of a quantity from its lowest to its highest value; of a signed one as far below zero as above.

    Attributes
    ----------
    lowest, highest
        Values that were measured.
    low, high
        Where the scale begins and ends, as `Quantity.height` counts.
    """

    quantity: Quantity
    lowest: float
    highest: float
    low: float
    high: float

    @classmethod
    def over(cls, values: Sequence[float], quantity: Quantity) -> "ColourScale":
        """For these values; from 0 to 1 if there are none."""
        heights = [quantity.height(value) for value in values]
        low, high = min(heights, default=0.0), max(heights, default=1.0)
        if quantity.scale == "signed":
            high = max(abs(low), abs(high), 1e-9)
            low = -high
        return cls(quantity, min(values, default=0.0), max(values, default=1.0), low, max(high, low + 1e-9))

    def colour(self, value: float, theme: Theme) -> QColor:
        """Of a value."""
        return self.at(self.quantity.height(value), theme)

    def at(self, height: float, theme: Theme) -> QColor:
        """Of a place on the scale: from the ground of a cell to the quantity's token."""
        token, share = self.quantity.token, (height - self.low) / (self.high - self.low)
        if self.quantity.scale == "signed":
            token, share = token if height > 0 else "observed", abs(height) / self.high
        ground, full = theme.colour("raised"), theme.colour(token)
        share = min(max(0.06 + 0.94 * share, 0.0), 1.0)
        pairs = ((ground.red(), full.red()), (ground.green(), full.green()), (ground.blue(), full.blue()))
        return QColor(*(round(first + (last - first) * share) for first, last in pairs))


def draw_scale(painter: QPainter, bar: QRectF, right: float, scale: ColourScale, theme: Theme) -> None:
    """The colours from the highest value at the top to the lowest, with their figures up to the edge at the right."""
    for pixel in range(int(bar.height())):
        height = scale.high - (scale.high - scale.low) * pixel / bar.height()
        painter.fillRect(QRectF(bar.left(), bar.top() + pixel, bar.width(), 1), scale.at(height, theme))
    painter.setPen(theme.colour("text"))
    if scale.quantity.scale == "signed":
        below = QRectF(bar.left(), bar.center().y(), bar.width(), bar.height() / 2)
        painter.fillRect(below, QBrush(theme.colour("text", 0.35), Qt.BrushStyle.BDiagPattern))
        most = max(abs(scale.lowest), abs(scale.highest))
        figures = [(bar.top(), f"+{spoken(most)}"), (bar.center().y(), "0"), (bar.bottom(), spoken(-most))]
    else:
        figures = [(bar.top(), spoken(scale.highest)), (bar.bottom(), spoken(scale.lowest))]
    for y, text in figures:
        half = theme.size(8)
        y = min(max(y, bar.top() + half), bar.bottom() - half)
        beside = QRectF(bar.right() + 5, y - half, right - bar.right() - 5, 2 * half)
        painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, text)
