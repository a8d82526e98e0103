"""S, S_kin, E_pot and the largest gradient over the K steps; the step slider is the plot's cursor."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSlider, QWidget

from slap_studio.core.types import Array
from slap_studio.views.controls import ValueField, WheelGuard, label, number, panel, spoken
from slap_studio.views.curve_plot import CurvePlot
from slap_studio.views.icons import dress
from slap_studio.views.steady import Steady
from slap_studio.views.theme import Theme

MOST_STEPS = 5000
_HANDLE = 8  # pixels, half of the slider's handle: its centre stands on the plot's edge at either end
_APART = 4  # pixels between a curve's mark, its name and its value
_LEAST = 1e-12  # a gradient that a logarithm can be taken of
# Of each curve: its colour, its dash, the mark that shows both in a line of text, and what it is.
_STYLES = {
    "S": ("text", Qt.PenStyle.SolidLine, "━", "The action, without a unit; the steps make it smaller."),
    "S_kin": ("observed", Qt.PenStyle.DashLine, "╍", "Mean squared chord between neighbours, without a unit."),
    "E_pot": ("potential", Qt.PenStyle.DotLine, "┅", "Mean potential energy V of the hidden latents, without a unit."),
    "max |∇S|": (
        "secondary", Qt.PenStyle.DashDotLine, "╌",
        "The largest gradient of the action at any hidden latent, on a logarithmic scale; 0 at a stationary path.",
    ),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class StepCurves:
    """Over the steps solved so far: the action, the kinetic mean, the potential mean, the largest gradient.

    The horizon is the number of the last step that will be solved.
    """

    action: Array
    s_kin: Array
    e_pot: Array
    gradient: Array
    horizon: int

    @property
    def last(self) -> int:
        """The number of the last solved step."""
        return len(self.action) - 1

    @property
    def named(self) -> dict[str, Array]:
        """The curves by the names they have on screen."""
        return dict(zip(_STYLES, (self.action, self.s_kin, self.e_pot, self.gradient), strict=True))


class StepsPanel(QWidget):
    """Emits the number of steps that a hand chose; shows what it is told."""

    steps_chosen = Signal(int)
    run_asked = Signal()
    slow_asked = Signal()
    refused = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._values: dict[str, float] = {}
        layout = panel(self, (15, 11, 15, 8), 4)
        layout.addLayout(self._title())
        self.plot = StepsPlot()
        layout.addWidget(self.plot, 1)
        layout.addLayout(self._legend())
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
        self._theme = theme
        self.plot.set_theme(theme)
        for name, button in self._buttons.items():
            dress(button, name, theme)
        for name, (token, _, _, _) in _STYLES.items():
            self._marks[name].setStyleSheet(f"color: {theme.colour(token).name()};")
        self.show_running(running=False, slow=self.slow.isChecked())

    @property
    def curves_area(self) -> QRect:
        """Where the curves are with their values, in the frame that holds both."""
        area = self.plot.geometry()
        for value in self._shown.values():
            area = area.united(value.geometry())
        return area

    def show_running(self, *, running: bool, slow: bool) -> None:
        """Show a pause sign while the steps go by, and whether they go slowly."""
        hint = "Pause at this step (Ctrl+Space)" if running else "Run through the steps (Ctrl+Space)"
        dress(self._buttons["play"], "pause" if running else "play", self._theme, "inferred")
        self._buttons["play"].setToolTip(hint)
        self._buttons["play"].setAccessibleName(hint)
        self.slow.setChecked(slow)

    def show_curves(self, curves: StepCurves, steps: int, status: str, hint: str) -> None:
        """Show the curves of a solve and where on them the drawn path stands."""
        self._last = curves.horizon
        self._values = {name: float(values[min(steps, curves.last)]) for name, values in curves.named.items()}
        self.plot.show_curves(curves, steps)
        self._show_values()
        self.slider.blockSignals(True)
        self.slider.setRange(0, curves.horizon)
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
            ("start", "Back to the geodesic, K = 0 (Shift+Home)", lambda: self.steps_chosen.emit(0)),
            ("back", "One step back (,)", lambda: self._step(-1)),
            ("play", "Run through the steps (Ctrl+Space)", self.run_asked.emit),
            ("forward", "One step on (.)", lambda: self._step(1)),
            ("end", "To the last solved step (Shift+End)", lambda: self.steps_chosen.emit(self._last)),
        ):
            button = QPushButton()
            button.setProperty("transport", "true")
            button.setToolTip(hint)
            button.setAccessibleName(hint)
            button.clicked.connect(move)
            row.addWidget(button)
            self._buttons[name] = button
        self.slow = QPushButton("slow")
        self.slow.setProperty("view", "true")
        self.slow.setCheckable(True)
        self.slow.setStyleSheet("padding: 3px 5px;")
        self.slow.setToolTip("Slow motion: five steps a second instead of thirty.")
        self.slow.setAccessibleName("Slow motion through the steps")
        self.slow.clicked.connect(self.slow_asked)
        row.addWidget(self.slow)
        row.addStretch(1)
        self._status = label("", "small")
        row.addWidget(self._status)
        return row

    def _legend(self) -> QGridLayout:
        """The curves' names with their values at the step that is shown."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setHorizontalSpacing(_APART)
        # Texts without markup: those with it are parsed anew whenever a value changes.
        self._marks = {name: label(mark, "small") for name, (_, _, mark, _) in _STYLES.items()}
        self._shown = {name: Steady("", "value") for name in _STYLES}
        for index, (name, (_, _, _, hint)) in enumerate(_STYLES.items()):
            row, column = index // 2, 3 * (index % 2)
            for place, part in enumerate((self._marks[name], label(name, "small"), self._shown[name])):
                part.setToolTip(hint)
                grid.addWidget(part, row, column + place, Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(column + 2, 1)
        return grid

    def _show_values(self) -> None:
        for name, value in self._shown.items():
            value.show_text(spoken(self._values[name]) if name in self._values else "")

    def _step(self, by: int) -> None:
        self.steps_chosen.emit(min(max(self._steps + by, 0), MOST_STEPS))


class StepsPlot(CurvePlot):
    """Four curves, each on a scale of its own, the gradient's being logarithmic."""

    def __init__(self) -> None:
        super().__init__()
        self.hide_axes()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(60)
        self.getPlotItem().layout.setContentsMargins(_HANDLE, 0, _HANDLE, 0)
        self.setYRange(0, 1, padding=0)
        self._lines = {name: self.add_curve() for name in _STYLES}
        self._cursor = pg.InfiniteLine(angle=90)
        self.addItem(self._cursor)

    def set_theme(self, theme: Theme) -> None:
        """Colour the curves; each also has its own dash."""
        for name, (token, style, _, _) in _STYLES.items():
            self._lines[name].setPen(theme.pen(token, 2, style))
        self._cursor.setPen(theme.pen("secondary", 1))

    def show_curves(self, curves: StepCurves, steps: int) -> None:
        """Draw the curves with the cursor at a step."""
        self.setXRange(0, max(curves.horizon, 1), padding=0)
        self._cursor.setValue(steps)
        x = np.arange(curves.last + 1)
        for name, values in curves.named.items():
            heights = np.log10(np.maximum(values, _LEAST)) if values is curves.gradient else values
            span = max(float(np.ptp(heights)), 1e-6 * max(1.0, float(np.abs(heights).max())))
            self._lines[name].setData(x, 0.06 + 0.88 * (heights - heights.min()) / span)
