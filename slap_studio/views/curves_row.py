"""The uppermost row of the time band: energies, readout or drift over the gap, with names and values at its left."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from slap_studio.views.controls import spoken_within
from slap_studio.views.drift_plot import DriftCurves, DriftPlot
from slap_studio.views.energy_plot import Beside, EnergyCurves, EnergyPlot
from slap_studio.views.readout_plot import ReadoutAreas, ReadoutPlot
from slap_studio.views.theme import Theme
from slap_studio.views.time_axis import TimeAxis

_HINTS = {
    "T": "Kinetic energy of the interval under the cursor. T and H are drawn on one scale.",
    "V": "Potential energy under the cursor: 1 − cosine similarity to the query. Drawn on a scale of its own.",
    "H": "T + λP: constant along a true least-action path. If this line is bent, the descent has not converged.",
}
_MARKS = {"T": ("━", "observed"), "V": ("┅", "potential"), "H": ("╌", "text")}  # how each is drawn, and its colour


class CurvesRow:
    """Parts of the rows' widget that lie over its upper part; one of three plots is seen."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        self._theme = theme
        self._energies: EnergyCurves | None = None
        self._elsewhere: tuple[EnergyCurves, ...] = ()
        self._areas: ReadoutAreas | None = None
        self._strayed: DriftCurves | None = None
        self._cursor = 0.0
        self.plot = EnergyPlot()
        self.plot.setParent(parent)
        self.readout = ReadoutPlot(theme, parent)
        self.drift = DriftPlot()
        self.drift.setParent(parent)
        self.choice = _choice(parent)
        self.choice.activated.connect(lambda _index: self.show_curve(self.choice.currentData()))
        self.told = QLabel(parent)
        self.told.setWordWrap(True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Texts without markup: those with it are parsed anew whenever a value changes.
        self._marks = {name: QLabel(sign, parent) for name, (sign, _) in _MARKS.items()}
        self._legend = {name: QLabel(parent) for name in _HINTS}
        for name, hint in _HINTS.items():
            self._legend[name].setTextFormat(Qt.TextFormat.PlainText)
            for part in (self._marks[name], self._legend[name]):
                part.setToolTip(hint)
        self.shown = "energy"
        self.show_curve("energy")

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        for plot in (self.plot, self.readout, self.drift):
            plot.set_theme(theme)
        for name, (_, token) in _MARKS.items():
            self._marks[name].setStyleSheet(f"color: {theme.colour(token).name()};")
        self._show_values()

    def lay_out(self, axis: TimeAxis, left: int, names: int, height: int) -> None:
        """Take the room over the rows: plots on the axis, names and values left of it."""
        size = self._theme.size
        for plot in (self.plot, self.readout, self.drift):
            plot.setGeometry(int(axis.left), 6, int(axis.width), height)
        self.show_axis(axis)
        self.choice.setGeometry(left - 3, 7, names - 4, size(24))
        aside = self.told.fontMetrics().horizontalAdvance("━  ")
        for index, name in enumerate(_HINTS):
            top = size(35) + size(18) * index
            self._marks[name].setGeometry(left, top, aside, size(18))
            self._legend[name].setGeometry(left + aside, top, names + 4 - aside, size(18))
        self.told.setGeometry(left, size(36), names - 6, height - size(36) + 24)

    def show_axis(self, axis: TimeAxis) -> None:
        """Show another stretch of the clip."""
        self.plot.show_stretch(axis.first, axis.last)
        self.readout.show_axis(axis)
        self.drift.show_stretch(axis.first, axis.last)

    def show_clip(self, axis: TimeAxis) -> None:
        """Show nothing, on another clip's axis."""
        self._energies, self._elsewhere, self._areas = None, (), None
        self.plot.show_curves(None)
        self.readout.show_areas(None)
        self.show_drift(None)
        self.show_axis(axis)

    def show_curve(self, name: str) -> None:
        """Show the "energy", the "readout" or the "drift"."""
        self.shown = name
        self.choice.setCurrentIndex(self.choice.findData(name))
        self.plot.setVisible(name == "energy")
        self.readout.setVisible(name == "readout")
        self.drift.setVisible(name == "drift")
        self.told.setVisible(name != "energy")
        for part in (*self._marks.values(), *self._legend.values()):
            part.setVisible(name == "energy")
        self._show_values()

    def show_energies(self, curves: EnergyCurves, beside: tuple[Beside, ...] = ()) -> None:
        """Show the energies of a path, and further ones."""
        self._energies, self._elsewhere = curves, tuple(one.curves for one in beside if one.style is None)
        self.plot.show_curves(curves, beside)
        self._show_values()

    def show_readout(self, areas: ReadoutAreas) -> None:
        """Show what the path's latents read as."""
        self._areas = areas
        self.readout.show_areas(areas)
        self._show_values()

    def show_drift(self, curves: DriftCurves | None) -> None:
        """Show how far the path and others stray from the truth, or nothing."""
        self._strayed = curves
        self.drift.show_curves(curves)
        self.told.setToolTip(
            ""
            if curves is None
            else f"Angle between the inferred latent and the hidden frame's, {curves.against}; "
            "D_sem is the mean of 1 − cosine over the gap."
        )
        self._show_values()

    def show_cursor(self, time: float) -> None:
        """Give the values at another time."""
        self._cursor = time
        self._show_values()

    def hint(self, time: float) -> str:
        """What a tooltip says at a time."""
        if self.shown != "readout" or self._areas is None:
            return ""
        return "\n".join(f"{name}: {100 * share:.0f}%" for name, share in self._areas.at(time) or ())

    def _show_values(self) -> None:
        """The legend carries the values under the cursor."""
        if self.shown != "energy":
            self.told.setText(self._reading() if self.shown == "readout" else self._straying())
            return
        # Gaps are disjoint: at most one of them has values here.
        found = (curves.at(self._cursor) for curves in (self._energies, *self._elsewhere) if curves is not None)
        values = next(filter(None, found), {})
        for name, part in self._legend.items():
            part.setText(f"{name}  {spoken_within(values[name], 8) if name in values else ''}")

    def _reading(self) -> str:
        """What the latent under the cursor reads as most."""
        found = None if self._areas is None else self._areas.at(self._cursor)
        if found is None:
            return "Move the cursor into the gap."
        first, share = max(found, key=lambda pair: pair[1])
        return f"{first}<br><b>{100 * share:.0f}%</b> here"

    def _straying(self) -> str:
        """How far the latent under the cursor is from the truth."""
        curves = self._strayed
        if curves is None:
            return "Press R to reveal the truth, or C to compare."
        if not len(curves.times) or not curves.times[0] <= self._cursor <= curves.times[-1]:
            return f"D_sem <b>{curves.drift:.3f}</b>"
        here = float(curves.ours[int(abs(curves.times - self._cursor).argmin())])
        return f"<b>{here:.1f}°</b> here<br>D_sem <b>{curves.drift:.3f}</b>"


def _choice(parent: QWidget) -> QComboBox:
    """What the row shows."""
    box = QComboBox(parent)
    for name, text in (("energy", "Energy"), ("readout", "Readout"), ("drift", "Drift")):
        box.addItem(text, name)
    box.setAccessibleName("Curves over the gap")
    box.setToolTip("Energies along the path, what its latents read as, or how far they stray from the truth.")
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
