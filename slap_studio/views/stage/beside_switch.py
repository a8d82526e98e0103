"""What is drawn beside the path: a switch over the stage."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from slap_studio.views.stage.switches import Switch


class BesideSwitch(Switch):
    """What is drawn beside the path: other methods, and the truth behind the gap."""

    compare_asked = Signal()
    reveal_asked = Signal()
    truth_asked = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.compare = self.add("Compare", "Draw what other methods make of this gap, dashed and grey (C).")
        self.reveal = self.add(
            "Reveal",
            "Draw what the hidden frames themselves give, and how far the path strays from it (R). "
            "The solver never sees it.",
        )
        self.compare.clicked.connect(self.compare_asked)
        self.reveal.clicked.connect(self.reveal_asked)
        self.truths = self._truths()

    def show_chosen(self, *, compared: bool, revealed: bool) -> None:
        """Mark what is drawn."""
        self.compare.setChecked(compared)
        self.reveal.setChecked(revealed)

    def offer_truths(self, *, offered: bool, as_filmed: bool) -> None:
        """Offer a choice of truths where there is one, and mark which is shown."""
        for action in self.truths.menu().actions():
            action.setChecked(action.data() == as_filmed)
        if offered == self.truths.isHidden():
            self.truths.setVisible(offered)
            # It is wider or narrower by that, and the next switch stands beside it.
            self.rearranged.emit()

    def _truths(self) -> QPushButton:
        """Which truth is revealed: a menu of its own, hidden until a clip has both."""
        button = self.add("", "Hold the path against the same frames without the tunnel, or against what was filmed.")
        button.setAccessibleName("Which truth is revealed")
        button.setCheckable(False)
        button.setFixedWidth(24)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for text, as_filmed in (("Without the tunnel", False), ("As filmed", True)):
            action = menu.addAction(text)
            action.setData(as_filmed)
            action.setCheckable(True)
            group.addAction(action)
        menu.triggered.connect(lambda action: self.truth_asked.emit(action.data()))
        button.setMenu(menu)
        button.hide()
        return button
