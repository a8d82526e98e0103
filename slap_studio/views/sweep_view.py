"""The sweep: the regime map with its controls above and its legend below."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from slap_studio.views.controls import label
from slap_studio.views.sweep_map import RegimeMap
from slap_studio.views.sweep_scale import QUANTITIES
from slap_studio.views.theme import Theme


class SweepView(QWidget):
    """What is coloured, how far the sweep is, the map, and what its marks mean."""

    cell_asked = Signal(float, float)
    run_asked = Signal()
    stop_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(self)
        self._layout = layout
        layout.setSpacing(6)
        layout.addLayout(self._controls())
        self.map = RegimeMap(theme)
        self.map.cell_asked.connect(self.cell_asked)
        layout.addWidget(self.map, 1)
        self.note = label(
            "▲ measured chaotic  ·  ring: the drawn path's λ and μ  ·  lines and names: Table 7's for κ = λ/μ, "
            "a lookup and no measurement. A click loads a cell; so do the arrow keys and Enter.",
            "small",
        )
        self.note.setWordWrap(True)
        self.map.setToolTip(self.note.text())
        layout.addWidget(self.note)
        self._short = False
        self.show_state(0, 0, running=False)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        ground = theme.ground if theme.dark else theme.panel
        self.setStyleSheet(f"SweepView {{ background: {ground}; }}")
        self.map.set_theme(theme)
        self._name_quantities()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the map's tooltip says what its marks mean, and units make way."""
        super().resizeEvent(event)
        self.note.setVisible(self.height() >= self._theme.size(300))
        self._name_quantities()

    def _name_quantities(self) -> None:
        """With their units, and how far the sweep is in words, where all of that has room."""
        metrics = QFontMetrics(self._theme.font(13))
        names = [(f"{quantity.name} ({quantity.unit})", quantity.name) for quantity in QUANTITIES.values()]
        longest = max(metrics.horizontalAdvance(whole) for whole, _ in names)
        whole = longest + self._theme.size(200) <= self.width()
        for index, texts in enumerate(names):
            self.quantity.setItemText(index, texts[0 if whole else 1])
        self._short = not whole
        self._say_how_far()

    def show_overlaid(self, above: int, _below: int) -> None:
        """So many pixels above are covered; what is covered below is not seen over this view."""
        self._layout.setContentsMargins(14, above, 16, 10)

    def show_state(self, done: int, total: int, *, running: bool) -> None:
        """How many cells are done; the button stops what runs and starts what was stopped."""
        self._done, self._total, self._running = done, total, running
        self._say_how_far()
        self.button.setVisible(done != total)
        self.button.setText("Stop" if running else "Go on")

    def _say_how_far(self) -> None:
        done, total = self._done, self._total
        words = f"{total} cells" if done == total else f"{done} of {total}" + ("" if self._short else " cells")
        self.progress.setText(words if total else "")

    def _controls(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.quantity = QComboBox()
        self.quantity.setAccessibleName("Colour of the cells")
        self.quantity.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.quantity.setToolTip("Which measured quantity the colour of a cell stands for.")
        for key, quantity in QUANTITIES.items():
            self.quantity.addItem(quantity.name, key)
            self.quantity.setItemData(self.quantity.count() - 1, quantity.unit, Qt.ItemDataRole.ToolTipRole)
        self.quantity.currentIndexChanged.connect(lambda _index: self.map.show_quantity(self.quantity.currentData()))
        row.addWidget(self.quantity)
        self.progress = label("", "secondary")
        row.addWidget(self.progress)
        self.button = QPushButton()
        self.button.setToolTip("Stop the sweep, or let it go on; what is done stays.")
        self.button.clicked.connect(self._pressed)
        row.addWidget(self.button)
        row.addStretch(1)
        return row

    def _pressed(self) -> None:
        (self.stop_asked if self._running else self.run_asked).emit()
