"""An experiment beside the workspace: its name, the one sentence on what to see, and the twins' curve."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from slap_studio.views.controls import label, panel
from slap_studio.views.docks import GRIP
from slap_studio.views.lesson_panel import lesson_text, width_in
from slap_studio.views.theme import GAP, Theme
from slap_studio.views.twins_plot import TwinsPlot


class ExperimentCard(QWidget):
    """Emits that the experiment is to be left; shows what it is told."""

    leave_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = panel(self, (15, 11, 15, 11), 9)
        outer = self.layout()
        assert outer is not None
        outer.setContentsMargins(GAP, GRIP, 0, 4)
        row = QHBoxLayout()
        self.title = label("", "lesson")
        row.addWidget(self.title, 1)
        self.leave = QPushButton("Leave")
        self.leave.setProperty("link", "true")
        self.leave.setToolTip("End the experiment; your own settings come back.")
        self.leave.clicked.connect(self.leave_asked)
        row.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(row)
        layout.addWidget(label("Experiment", "small"))
        self.look, self.measured = lesson_text(), lesson_text()
        self.measured.setProperty("role", "secondary")
        layout.addWidget(self.look)
        self.twins = TwinsPlot()
        self.twins.setMinimumHeight(230)
        layout.addWidget(self.twins)
        layout.addWidget(self.measured)
        layout.addStretch(1)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour; larger type needs more room."""
        self.setFixedWidth(width_in(theme))
        self.twins.set_theme(theme)

    def show_experiment(self, title: str, look: str, *, twins: bool) -> None:
        """Name an experiment, and whether its twins are drawn."""
        self.title.setText(title)
        self.look.setText(look)
        for part in (self.twins, self.measured):
            part.setVisible(twins)

    def show_measured(self, sentence: str) -> None:
        """What was measured, in a sentence."""
        self.measured.setText(sentence)
