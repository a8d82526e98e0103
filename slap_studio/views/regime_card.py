"""The regime's name with what was measured, as a card over the stage."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from slap_studio.views.controls import label, spoken
from slap_studio.views.theme import Theme

_CARD_HINT = (
    "The name is Table 7's for κ = λ/μ: a lookup, no measurement. What was measured on the path stands beside it."
)


class RegimeCard(QFrame):
    """The regime's name, which is Table 7's, and beside it what was measured; says when its size may have changed."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shown: tuple[str, float] = ("", 0.0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(13, 8, 13, 8)
        layout.setSpacing(1)
        self._name, self._measured, self._twins = QLabel(), label("", "small"), label("", "small")
        for line in (self._name, self._measured, self._twins):
            layout.addWidget(line)
        self.setToolTip(_CARD_HINT)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        raised = theme.colour("raised", 0.92).name(theme.colour("raised").NameFormat.HexArgb)
        self.setStyleSheet(
            f"RegimeCard {{ background: {raised}; border: 1px solid {theme.line}; border-radius: 8px; }}"
        )
        if self._shown[0]:
            self._show_name()

    def show_regime(self, name: str, ratio: float, measured: str) -> None:
        """Show a name, κ and words for what was measured."""
        self._shown = (name, ratio)
        self._show_name()
        self._measured.setText(f"measured: {measured}")
        self.show()
        self.changed.emit()

    def show_twins(self, words: str, sentence: str) -> None:
        """Show what two starts did that were almost the same."""
        self._twins.setText(words)
        self._twins.setToolTip(sentence)
        self.changed.emit()

    def show_essentials(self, only: bool) -> None:
        """Where there is little room the name and κ; what was measured is then in the tooltip."""
        for line in (self._measured, self._twins):
            line.setVisible(not only)
        told = f"<p>{self._measured.text()}, {self._twins.text()}</p>" if only else ""
        self.setToolTip(f"{told}{_CARD_HINT}")

    def _show_name(self) -> None:
        theme, (name, ratio) = self._theme, self._shown
        self._name.setText(
            f"<span style='color:{theme.inferred}; font-weight:600; font-size:{theme.size(15)}px'>{name}</span>"
            f"<span style='color:{theme.secondary}; font-size:{theme.size(12)}px'>"
            f"&nbsp;&nbsp;&nbsp;κ = {spoken(ratio)}</span>"
        )
