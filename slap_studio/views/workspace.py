"""The workspace: where the panels stand. What the eye asks left, the stage in the middle, physics right, time below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from slap_studio.views.inspector import Inspector
from slap_studio.views.physics_panel import PhysicsPanel
from slap_studio.views.pins_panel import PinsPanel
from slap_studio.views.stage_panel import StagePanel
from slap_studio.views.steps_panel import StepsPanel
from slap_studio.views.theme import GAP, Theme
from slap_studio.views.time_band import TimeBand
from slap_studio.views.video_view import VideoView

LEFT, RIGHT = 310, 288


class Workspace(QWidget):
    """All panels of an open clip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self.video = VideoView(theme)
        self.inspector = Inspector(theme)
        self.stage = StagePanel(theme)
        self.physics = PhysicsPanel(theme)
        self.steps = StepsPanel(theme)
        self.time = TimeBand(theme)
        self.pins = PinsPanel(theme)
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addWidget(self.video)
        left.addWidget(self.inspector, 1)
        left_column = QWidget()
        left_column.setFixedWidth(LEFT)
        left_column.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.physics)
        scroll.setFixedWidth(RIGHT)
        self.steps.setFixedWidth(RIGHT)
        upper = QHBoxLayout()
        upper.setSpacing(GAP)
        upper.addWidget(left_column)
        middle = QVBoxLayout()
        middle.setSpacing(GAP)
        middle.addWidget(self.stage, 1)
        middle.addWidget(self.pins)
        upper.addLayout(middle, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(GAP, 0, GAP, 4)
        grid.setSpacing(GAP)
        grid.addLayout(upper, 0, 0)
        grid.addWidget(scroll, 0, 1)
        grid.addWidget(self.time, 1, 0)
        grid.addWidget(self.steps, 1, 1)
        grid.setRowStretch(0, 5)
        grid.setRowStretch(1, 2)
        grid.setColumnStretch(0, 1)

    def set_theme(self, theme: Theme) -> None:
        """Recolour every panel."""
        for part in (self.video, self.inspector, self.stage, self.physics, self.steps, self.time, self.pins):
            part.set_theme(theme)
