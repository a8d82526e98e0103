"""T, V and H over the gap, on the time band's axis; fainter those of other gaps, dashed those of pinned paths."""

from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from slap_studio.core.types import Array
from slap_studio.views.curve_plot import CurvePlot
from slap_studio.views.stage.pictures import PinStyle
from slap_studio.views.theme import Theme

_LOW, _HIGH = 0.1, 0.9  # of the plot's height that curves may take
_FAINT = 0.45
_MARKERS = {"square": "s", "x": "x"}  # pyqtgraph's names
_TOKENS = {"T": "observed", "V": "potential", "H": "text"}
_STYLES = {"T": Qt.PenStyle.SolidLine, "V": Qt.PenStyle.DotLine, "H": Qt.PenStyle.DashLine}


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

    def at(self, time: float) -> dict[str, float]:
        """T and H of the interval nearest to a time, V of the nearest latent; nothing outside of the gap."""
        if not self.times[0] <= time <= self.times[-1]:
            return {}
        interval = int(np.abs(self.midways - time).argmin())
        latent = int(np.abs(self.times - time).argmin())
        return {
            "T": float(self.kinetic[interval]), "V": float(self.potential[latent]), "H": float(self.total[interval]),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Beside:
    """Further curves: of another gap, drawn faintly, or of a pinned path, with its own dashes and marker."""

    curves: EnergyCurves
    style: PinStyle | None = None


class EnergyPlot(CurvePlot):
    """Three curves: T and H on one scale, so that H can be seen to be flat or not; V on a scale of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.hide_axes()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setYRange(0, 1, padding=0)
        self._theme: Theme | None = None
        self._pens: dict = {}
        self._beside: tuple[Beside, ...] = ()
        self._further: list[dict] = []
        self._own = self._lines(z=1)
        self._marks = pg.ScatterPlotItem(size=6, brush=None)
        self.addItem(self._marks)

    def set_theme(self, theme: Theme) -> None:
        """Colour the curves; H is dashed and V dotted, so that they are told without colour."""
        self._theme = theme
        for name, line in self._own.items():
            line.setPen(theme.pen(_TOKENS[name], 2, _STYLES[name]))
            self._pens[name] = theme.pen(_TOKENS[name], 1.3)
        self._dress()

    def show_stretch(self, first: float, last: float) -> None:
        """Span what is in sight of the clip, in seconds."""
        self.setXRange(first, last, padding=0)

    def show_curves(self, curves: EnergyCurves | None, beside: tuple[Beside, ...] = ()) -> None:
        """Draw the curves of a path and further ones on the same scales, or nothing."""
        every = () if curves is None else (curves, *(one.curves for one in beside))
        while len(self._further) < len(beside):
            self._further.append(self._lines(z=0))
        redress = [one.style for one in beside] != [one.style for one in self._beside]
        self._beside = beside
        for lines, one in zip_longest((self._own, *self._further), every):
            if one is None:
                for line in lines.values():
                    line.setData([], [])
        if every:
            kinetic, total = on_one_scale(
                _joined([one.kinetic for one in every]), _joined([one.total for one in every])
            )
            potential = _spread(_joined([one.potential for one in every]))
            self._draw(every, kinetic, total, potential)
        if redress:
            self._dress()

    def _draw(self, every: tuple[EnergyCurves, ...], kinetic: Array, total: Array, potential: Array) -> None:
        intervals = latents = 0
        for lines, one in zip((self._own, *self._further), every, strict=False):
            taken = slice(intervals, intervals + len(one.kinetic))
            lines["T"].setData(one.midways, kinetic[taken])
            lines["H"].setData(one.midways, total[taken])
            lines["V"].setData(one.times, potential[latents : latents + len(one.potential)])
            intervals, latents = taken.stop, latents + len(one.potential)
        self._mark()

    def _mark(self) -> None:
        """A few markers on each pin's curves."""
        x, y, symbols, pens = [], [], [], []
        for lines, one in zip(self._further, self._beside, strict=False):
            if one.style is None:
                continue
            for name, line in lines.items():
                across, up = line.getData()
                taken = slice(len(across) // 10, None, max(len(across) // 4, 1))
                x.append(across[taken])
                y.append(up[taken])
                symbols += [_MARKERS[one.style.marker]] * len(x[-1])
                pens += [self._pens[name]] * len(x[-1])
        if x:
            self._marks.setData(x=np.concatenate(x), y=np.concatenate(y), symbol=symbols, pen=pens)
        else:
            self._marks.clear()

    def _dress(self) -> None:
        if self._theme is None:
            return
        for lines, one in zip(self._further, self._beside, strict=False):
            for name, line in lines.items():
                pen = self._theme.pen(_TOKENS[name], 1.4, _STYLES[name])
                if one.style is not None:
                    pen.setDashPattern(list(one.style.dash))
                line.setPen(pen)
                line.setOpacity(_FAINT if one.style is None else 0.9)

    def _lines(self, z: float) -> dict:
        lines = {name: self.add_curve() for name in _TOKENS}
        for line in lines.values():
            line.setZValue(z)
        return lines


def _joined(parts: list[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


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
