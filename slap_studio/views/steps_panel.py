"""S, S_kin and E_pot over the K steps; the step slider is the plot's cursor."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from slap_studio.core.types import Array
from slap_studio.views.controls import ValueField, WheelGuard, label, number, panel, spoken
from slap_studio.views.curve_plot import CurvePlot
from slap_studio.views.icons import dress
from slap_studio.views.theme import Theme

MOST_STEPS = 5000
_HANDLE = 8  # pixels, half of the slider's handle: its centre stands on the plot's edge at either end


@dataclass(frozen=True, eq=False)
class StepCurves:
    """Over all solved steps [K_max + 1]: the action, the kinetic mean, the potential mean."""

    action: Array
    s_kin: Array
    e_pot: Array

    @property
    def last(self) -> int:
        """The number of the last solved step."""
        return len(self.action) - 1


class StepsPanel(QWidget):
    """Emits the number of steps that a hand chose; shows what it is told."""

    steps_chosen = Signal(int)
    refused = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = panel(self, (15, 11, 15, 8), 4)
        layout.addLayout(self._title())
        self.plot = StepsPlot()
        layout.addWidget(self.plot, 1)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Steps K")
        self.slider.setToolTip("Drag through the steps of the descent; every path was kept.")
        self.slider.installEventFilter(WheelGuard(self.slider))
        self.slider.valueChanged.connect(self.steps_chosen)
        layout.addWidget(self.slider)
        layout.addLayout(self._transport())
        self._last = 0
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self.plot.set_theme(theme)
        for name, button in self._buttons.items():
            dress(button, name, theme)

    def show_curves(self, curves: StepCurves, steps: int, status: str, hint: str) -> None:
        """Show the curves of a solve and where on them the drawn path stands."""
        self._last = curves.last
        self.plot.show_curves(curves, steps)
        self.slider.blockSignals(True)
        self.slider.setRange(0, curves.last)
        if not self.slider.isSliderDown():
            self.slider.setValue(steps)
        self.slider.blockSignals(False)
        self.field.show_value(str(steps))
        self._steps = steps
        self._status.setText(status)
        self._status.setToolTip(hint)

    def _title(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label("Action over steps", "title"))
        row.addStretch(1)
        symbol = label("K =", "accent")
        symbol.setToolTip("K is the number of steps of the descent from the geodesic to the drawn path.")
        row.addWidget(symbol)
        self.field = ValueField("Steps K", self._read, digits=4)
        self.field.setToolTip(f"Number of descent steps shown, 0 to {MOST_STEPS}.")
        self.field.taken.connect(lambda value: self.steps_chosen.emit(int(value)))
        self.field.refused.connect(self.refused)
        row.addWidget(self.field)
        return row

    @staticmethod
    def _read(text: str) -> float:
        return number(text, "The number of steps K", at_least=0, at_most=MOST_STEPS, whole=True)

    def _transport(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._buttons = {}
        self._steps = 0
        for name, hint, move in (
            ("start", "Back to the geodesic, K = 0", lambda: self.steps_chosen.emit(0)),
            ("back", "One step back (,)", lambda: self._step(-1)),
            ("forward", "One step on (.)", lambda: self._step(1)),
            ("end", "To the last solved step", lambda: self.steps_chosen.emit(self._last)),
        ):
            button = QPushButton()
            button.setProperty("transport", "true")
            button.setToolTip(hint)
            button.setAccessibleName(hint)
            button.clicked.connect(move)
            row.addWidget(button)
            self._buttons[name] = button
        row.addStretch(1)
        self._status = label("", "small")
        row.addWidget(self._status)
        return row

    def _step(self, by: int) -> None:
        self.steps_chosen.emit(min(max(self._steps + by, 0), MOST_STEPS))


class StepsPlot(CurvePlot):
    """Three curves, each on a scale of its own, named and valued at the cursor's side."""

    def __init__(self) -> None:
        super().__init__()
        self.hide_axes()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(74)
        self.getPlotItem().layout.setContentsMargins(_HANDLE, 0, _HANDLE, 0)
        self.setYRange(0, 1, padding=0)
        self._lines = {name: self.plot([], [], antialias=True) for name in ("S", "S_kin", "E_pot")}
        self._names = {name: pg.TextItem(anchor=(1, 1)) for name in self._lines}
        for name in self._names.values():
            self.addItem(name)
        self._line = 17  # pixels from one name to the next
        self._cursor = pg.InfiniteLine(angle=90)
        self.addItem(self._cursor)

    def set_theme(self, theme: Theme) -> None:
        """Colour the curves; each also has its own dash."""
        styles = {
            "S": ("text", Qt.PenStyle.SolidLine), "S_kin": ("observed", Qt.PenStyle.DashLine),
            "E_pot": ("potential", Qt.PenStyle.DotLine),
        }  # fmt: skip
        for name, (token, style) in styles.items():
            self._lines[name].setPen(theme.pen(token, 2, style))
            self._names[name].setFont(theme.font())
            self._names[name].setColor(theme.colour(token))
            self._names[name].fill = QBrush(theme.colour("panel", 0.8))
        self._cursor.setPen(theme.pen("secondary", 1))
        self._line = theme.size(17)

    def show_curves(self, curves: StepCurves, steps: int) -> None:
        """Draw the curves; each name stands at its curve's right end with the value at the cursor."""
        self.setXRange(0, max(curves.last, 1), padding=0)
        self._cursor.setValue(steps)
        x = np.arange(curves.last + 1)
        heights = []
        for name, values in (("S", curves.action), ("S_kin", curves.s_kin), ("E_pot", curves.e_pot)):
            span = max(float(np.ptp(values)), 1e-6 * max(1.0, float(np.abs(values).max())))
            drawn = 0.06 + 0.78 * (values - values.min()) / span
            self._lines[name].setData(x, drawn)
            self._names[name].setText(f"{name} {spoken(float(values[min(steps, curves.last)]))}")
            heights.append((float(drawn[-1]), name))
        self._place_names(sorted(heights), max(curves.last, 1))

    def _place_names(self, heights: list[tuple[float, str]], right: float) -> None:
        """From below upwards, none over another."""
        line = self._line / max(self.height(), 1)
        floor = 0.0
        for index, (height, name) in enumerate(heights):
            above = len(heights) - 1 - index
            floor = min(max(height + 0.02, floor), 1 - line * (above + 1))
            self._names[name].setPos(right, floor)
            floor += line
