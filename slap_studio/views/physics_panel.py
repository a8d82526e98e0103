"""The physics at the stage's right: presets of Table 7, λ, μ and α, how speed is measured, and the figures."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from slap_studio.core.regimes import TABLE_7, regime
from slap_studio.core.types import AlignmentKind, Descent, Kinetic, Physics
from slap_studio.views.controls import LabelledSlider, Scale, WheelGuard, label, number, panel, spoken_within
from slap_studio.views.docks import scrolled
from slap_studio.views.lights import Lights
from slap_studio.views.steady import Steady
from slap_studio.views.theme import Theme

COUPLING = Scale(1e-3, 1000.0, logarithmic=True, zero=True)
MASS = Scale(1e-2, 100.0, logarithmic=True, zero=True)
STEP_SIZE = Scale(1e-4, 1.0, logarithmic=True)
LARGEST = 1e6

_LONGEST = 7  # signs of a figure


@dataclass(frozen=True)
class Figures:
    """The numbers under the sliders."""

    action: float
    s_kin: float
    e_pot: float
    roughness: float


class PhysicsPanel(QWidget):
    """Emits what a hand chose; shows what it is told."""

    coupling_chosen = Signal(float)
    mass_chosen = Signal(float)
    step_size_chosen = Signal(float)
    kinetic_chosen = Signal(str)
    alignment_chosen = Signal(str)
    preset_chosen = Signal(float)
    reset_asked = Signal()
    refused = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        whole = panel(self, (15, 8, 7, 7), 2)
        whole.addLayout(self._title())
        layout, _ = scrolled(whole, 60)
        self.presets = self._presets()
        layout.addWidget(self.presets)
        self.coupling = self._slider(
            "Coupling", "λ", "λ weighs the pull of the query against inertia; 0 leaves the geodesic.", COUPLING, 0
        )
        self.mass = self._slider(
            "Mass",
            "μ",
            "μ weighs kinetic energy: a heavy path bends little. Only κ = λ/μ shapes the least action.",
            MASS,
            0,
        )
        self.step_size = self._slider(
            "Step size", "α", "α is how far each of the K steps goes down the gradient of the action.", STEP_SIZE, None
        )
        self.coupling.chosen.connect(self.coupling_chosen)
        self.mass.chosen.connect(self.mass_chosen)
        self.step_size.chosen.connect(self.step_size_chosen)
        # Close together in a low window, with a little of the room between them in a high one.
        for slider in (self.coupling, self.mass, self.step_size):
            layout.addStretch(1)
            layout.addWidget(slider)
        layout.addStretch(1)
        layout.addLayout(self._choices())
        layout.addStretch(1)
        self.lights = Lights(theme)
        layout.addWidget(self.lights)
        layout.addStretch(8)
        # Below what scrolls: what a drag is watched by stays in sight in a low window as well.
        self.figures = self._figures()
        whole.addWidget(self.figures)

    def set_theme(self, theme: Theme) -> None:
        """Recolour what is painted by hand."""
        self.lights.set_theme(theme)

    def show_physics(self, physics: Physics, descent: Descent) -> None:
        """Show the present action and step size."""
        self.coupling.show_value(physics.coupling)
        self.mass.show_value(physics.mass)
        self.step_size.show_value(descent.step_size)
        self.kinetic.setCurrentIndex(self.kinetic.findData(physics.kinetic.value))
        name = regime(physics.ratio).name
        exact = {row.coupling: row.name for row in TABLE_7}.get(physics.ratio)
        for button in self._buttons:
            # The button of the regime is marked only where the ratio is the table's own.
            button.setChecked(button.text() == name == exact)

    def show_alignment(self, kind: AlignmentKind) -> None:
        """Show which P pulls the path."""
        self.alignment.setCurrentIndex(self.alignment.findData(kind.value))

    def offer_learned(self, offered: bool) -> None:
        """Whether the learned alignment knows the latents that are shown."""
        model = self.alignment.model()
        assert isinstance(model, QStandardItemModel)
        model.item(1).setEnabled(offered)
        known = "P is the cosine of the angle to the query, or a network that was trained on the tunnel world."
        self.alignment.setToolTip(
            known
            if offered
            else f"{known} The network knows the built-in encoder's latents only; choose that one in the Encoder menu."
        )

    def show_figures(self, figures: Figures) -> None:
        """Show the numbers of the path that is drawn."""
        for name, value in vars(figures).items():
            # Four stand side by side; none may move the panel's border.
            self._numbers[name].show_text(spoken_within(value, _LONGEST))

    def _title(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 8, 0)
        row.addWidget(label("Physics", "title"))
        row.addStretch(1)
        self.reset = QPushButton("Reset")
        self.reset.setProperty("link", "true")
        self.reset.setToolTip("Back to λ = 0.5, μ = 1, α = 0.01, K = 50, the paper's own values.")
        self.reset.clicked.connect(self.reset_asked)
        row.addWidget(self.reset)
        return row

    def _presets(self) -> QWidget:
        presets = QWidget()
        grid = QGridLayout(presets)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        self._buttons: list[QPushButton] = []
        for index, row in enumerate(TABLE_7):
            button = QPushButton(row.name)
            button.setProperty("preset", "true")
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setToolTip(f"Table 7 of the paper: λ = {row.coupling:g} at μ = 1.")
            button.clicked.connect(lambda _checked, coupling=row.coupling: self.preset_chosen.emit(coupling))
            grid.addWidget(button, index // 3, index % 3)
            self._buttons.append(button)
            # A column is as wide as its words ask for.
            grid.setColumnStretch(index % 3, max(grid.columnStretch(index % 3), len(row.name)))
        return presets

    def _slider(self, name: str, symbol: str, hint: str, scale: Scale, at_least: float | None) -> LabelledSlider:
        def read(text: str) -> float:
            return number(text, f"{name} {symbol}", at_least=at_least or 0, at_most=LARGEST, above=at_least is None)

        slider = LabelledSlider(name, symbol, hint, scale, read)
        slider.refused.connect(self.refused)
        slider.slider.installEventFilter(WheelGuard(slider))
        return slider

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(7)
        self.kinetic = QComboBox()
        self.kinetic.addItem("geodesic", Kinetic.GEODESIC.value)
        self.kinetic.addItem("chord", Kinetic.CHORD.value)
        self.kinetic.setToolTip(
            "How the speed between two latents is measured: the angle on the sphere, or the chord through it."
        )
        self.kinetic.setAccessibleName("Kinetic energy")
        self.kinetic.activated.connect(lambda _index: self.kinetic_chosen.emit(self.kinetic.currentData()))
        self.alignment = QComboBox()
        self.alignment.addItem("cosine", AlignmentKind.COSINE.value)
        self.alignment.addItem("learned (P_θ)", AlignmentKind.LEARNED.value)
        self.alignment.setAccessibleName("Alignment")
        self.alignment.activated.connect(lambda _index: self.alignment_chosen.emit(self.alignment.currentData()))
        # Side by side, so that the figures below are not cut off where the window is 800 pixels high.
        self.kinetic_part, self.alignment_part = QWidget(), QWidget()
        parts = (
            ("Kinetic energy", self.kinetic, self.kinetic_part),
            ("Alignment", self.alignment, self.alignment_part),
        )
        for name, choice, part in parts:
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(1)
            column.addWidget(label(name, "secondary"))
            column.addWidget(choice)
            row.addWidget(part, 1)
        return row

    def _figures(self) -> QWidget:
        names = {
            "action": ("S", "The action: Σ T − λ Σ P. It is what the steps make smaller."),
            "s_kin": (
                "S_kin",
                (
                    "Mean of ‖z(t+1) − z(t)‖² over the intervals. At most 4 on the unit sphere: "
                    "the paper's 4.20 and 12.55 cannot be such means."
                ),
            ),
            "e_pot": ("E_pot", "Mean potential energy V of the hidden latents."),
            "roughness": ("roughness", "Mean squared second difference of the path."),
        }
        figures = QWidget()
        grid = QGridLayout(figures)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(0)
        self._numbers = {}
        for column, (key, (title, hint)) in enumerate(names.items()):
            name, value = label(title, "small"), Steady("–", "figure")
            name.setToolTip(hint)
            value.setToolTip(hint)
            grid.addWidget(name, 0, column)
            grid.addWidget(value, 1, column, Qt.AlignmentFlag.AlignLeft)
            # S has three digits or four; the others become as small as 4.4e−05.
            grid.setColumnStretch(column, 3 if key == "action" else 4)
            self._numbers[key] = value
        return figures
