"""The line above the panels: name, file, query, and what computes."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from slap_studio.views.controls import label
from slap_studio.views.query_box import QueryBox
from slap_studio.views.theme import Theme


class TopBar(QWidget):
    """Shows the open file; carries the query box."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.query = QueryBox(theme)
        self._file = FileName()
        self._machine = label("", "secondary")
        self._machine.setToolTip("Where the descent runs, and what embeds frames and query.")
        self._machine.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name = label("SLAP Studio", "brand")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 6, 20, 0)
        layout.setSpacing(12)
        left, right = QHBoxLayout(), QHBoxLayout()
        left.addWidget(name)
        left.addWidget(self._file, 1)
        right.addStretch(1)
        right.addWidget(self._machine)
        layout.addLayout(left, 3)
        layout.addWidget(self.query, 4)
        layout.addLayout(right, 3)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self.query.set_theme(theme)
        self._file.show_again()

    def show_file(self, path: Path | None) -> None:
        """Show the file's name."""
        self._file.show_path(path)

    def show_machine(self, text: str) -> None:
        """Show device and encoder."""
        self._machine.setText(text)


class FileName(QLabel):
    """A file's name, its middle left out where room is short."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "secondary")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._name = ""

    def show_path(self, path: Path | None) -> None:
        """Show a name; the tooltip has the whole path."""
        self._name = path.name if path else ""
        self.setToolTip(str(path) if path else "")
        self.show_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room shows more of it."""
        super().resizeEvent(event)
        self.show_again()

    def show_again(self) -> None:
        """As much of the name as there is room for."""
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width()))
