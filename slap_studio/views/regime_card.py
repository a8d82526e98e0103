"""The regime's name with what was measured, as a card over the stage."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from slap_studio.views.controls import label, spoken
from slap_studio.views.theme import Theme

_CARD_HINT = (
    "The name is Table 7's for κ = λ/μ: a lookup, no measurement. What was measured on the path stands below it."
)
_LONGEST = "measured: smooth, unsteered twins: not chaotic"  # as a rule
_SIDES = 13  # pixels between the card's edges and its words


class RegimeCard(QFrame):
    """The regime's name, which is Table 7's, and below it what was measured; says when its size may have changed."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        # No layout in a layout: an inner one learns of new words only after the card has been placed.
        layout = QGridLayout(self)
        layout.setContentsMargins(_SIDES, 5, _SIDES, 5)
        layout.setVerticalSpacing(1)
        layout.setHorizontalSpacing(_SIDES)
        # Texts without markup: those with it are parsed anew whenever κ changes.
        self._name, self._ratio = label("", "regime"), label("", "small")
        self._measured, self._twins = label("", "small"), label("", "small")
        layout.addWidget(self._name, 0, 0)
        layout.addWidget(self._ratio, 0, 1, 1, 2, Qt.AlignmentFlag.AlignBottom)
        layout.addWidget(self._measured, 1, 0, 1, 2)
        layout.addWidget(self._twins, 1, 2)
        layout.setColumnStretch(1, 1)
        self.setToolTip(_CARD_HINT)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        raised = theme.colour("raised", 0.92).name(theme.colour("raised").NameFormat.HexArgb)
        self.setStyleSheet(
            f"RegimeCard {{ background: {raised}; border: 1px solid {theme.line}; border-radius: 8px; }}"
        )

    @property
    def reserved(self) -> int:
        """Pixels of width to keep free for it with what was measured, so that other words move nothing."""
        words = QFontMetrics(self._theme.font()).horizontalAdvance(_LONGEST) + 3 * _SIDES
        return words if self._measured.isHidden() else max(self.width(), words)

    def show_regime(self, name: str, ratio: float, measured: str) -> None:
        """Show a name, κ and words for what was measured."""
        self._name.setText(name)
        self._ratio.setText(f"κ = {spoken(ratio)}")
        self._measured.setText(f"measured: {measured}")
        self.show()
        self.changed.emit()

    def show_twins(self, words: str, sentence: str) -> None:
        """Show what two starts did that were almost the same."""
        if (words, sentence) == (self._twins.text(), self._twins.toolTip()):
            return
        self._twins.setText(words)
        self._twins.setToolTip(sentence)
        self.changed.emit()

    def show_essentials(self, only: bool) -> None:
        """Where there is little room the name and κ; what was measured is then in the tooltip."""
        for line in (self._measured, self._twins):
            line.setVisible(not only)
        told = f"<p>{self._measured.text()}, {self._twins.text()}</p>" if only else ""
        self.setToolTip(f"{told}{_CARD_HINT}")
