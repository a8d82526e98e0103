"""T, V and H over the gap, on the time band's axis."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from slap_studio.core.types import Array
from slap_studio.views.curve_plot import CurvePlot
from slap_studio.views.theme import Theme

_LOW, _HIGH = 0.1, 0.9  # of the plot's height that curves may take


@dataclass(frozen=True, eq=False)
class EnergyCurves:
    """What is drawn: times in seconds, energies without unit.

    Attributes
    ----------
    times
        Of the path [N + 2].
    kinetic, total
        T and H of the intervals [N + 1].
    potential
        V of the latents [N + 2].
    """

    times: NDArray[np.float64]
    kinetic: Array
    potential: Array
    total: Array

    @property
    def midways(self) -> Array:
        """Times of the intervals [N + 1]."""
        return (self.times[1:] + self.times[:-1]) / 2


class EnergyPlot(CurvePlot):
    """Three curves: T and H on one scale, so that H can be seen to be flat or not; V on a scale of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.hide_axes()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setYRange(0, 1, padding=0)
        self._kinetic, self._potential, self._total = (self.plot([], [], antialias=True) for _ in range(3))

    def set_theme(self, theme: Theme) -> None:
        """Colour the curves; H is dashed and V dotted, so that they are told without colour."""
        self._kinetic.setPen(theme.pen("observed", 2))
        self._potential.setPen(theme.pen("potential", 2, Qt.PenStyle.DotLine))
        self._total.setPen(theme.pen("text", 2, Qt.PenStyle.DashLine))

    def show_duration(self, duration: float) -> None:
        """Span the whole clip."""
        self.setXRange(0, duration, padding=0)

    def show_curves(self, curves: EnergyCurves | None) -> None:
        """Draw the curves of a path, or nothing."""
        if curves is None:
            for line in (self._kinetic, self._potential, self._total):
                line.setData([], [])
            return
        kinetic, total = on_one_scale(curves.kinetic, curves.total)
        self._kinetic.setData(curves.midways, kinetic)
        self._total.setData(curves.midways, total)
        self._potential.setData(curves.times, _spread(curves.potential))


def on_one_scale(kinetic: Array, total: Array) -> tuple[Array, Array]:
    """Heights of T and H: the same length on screen means the same energy; T stands low, H hangs from the top.

    The scale never magnifies variations below a twentieth of T itself: rounding must not look like a curve.
    """
    span = max(float(np.ptp(kinetic)), float(np.ptp(total)), 0.05 * float(np.abs(kinetic).max(initial=0.0)), 1e-9)
    height = (_HIGH - _LOW) / span
    return _LOW + (kinetic - kinetic.min()) * height, _HIGH - (total.max() - total) * height


def _spread(values: Array) -> Array:
    span = max(float(np.ptp(values)), 1e-3)
    spread: Array = (_LOW + _HIGH) / 2 + (values - (values.max() + values.min()) / 2) * (_HIGH - _LOW) / span
    return spread
