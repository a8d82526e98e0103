"""The workspace: the stage in the middle, and around it the panels, which move, close and come back.

At first what the eye asks stands left of the stage, physics right of it, time below, and above it, while there are
any, the pinned paths.
"""

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from slap_studio.views.docks import GRIP, SIDE, DockArea, Panel
from slap_studio.views.inspector import Inspector
from slap_studio.views.panels import PANELS
from slap_studio.views.physics_panel import PhysicsPanel
from slap_studio.views.pins_panel import PinsPanel
from slap_studio.views.stage_panel import StagePanel
from slap_studio.views.steps_panel import StepsPanel
from slap_studio.views.theme import GAP, SEPARATOR, Theme
from slap_studio.views.time_band import TimeBand
from slap_studio.views.video_view import VideoView

LEFT, RIGHT = 310, 288  # pixels at 100 %, without the gaps
SMALLEST_STAGE = (320, 162)
TIME = 2 / 7  # of the height
VERSION = 1  # of what a layout remembers: another one is not restored


class Workspace(QWidget):
    """All panels of an open clip."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme = theme
        self.video = VideoView(theme)
        self.inspector = Inspector(theme)
        self.stage = StagePanel(theme)
        self.physics = PhysicsPanel(theme)
        self.steps = StepsPanel(theme)
        self.time = TimeBand(theme)
        self.pins = PinsPanel(theme)
        contents = {
            "video": self.video, "inspector": self.inspector, "physics": self.physics,
            "time": self.time, "steps": self.steps, "pins": self.pins,
        }  # fmt: skip
        self.panels = {name: Panel(name, title, contents[name], theme) for name, title in PANELS.items()}
        self._docks = DockArea()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP - SIDE, 0, GAP - SIDE, 4)
        layout.addWidget(self._docks)
        self._place()
        self._first = self._docks.saveState(VERSION)
        self._by_hand = self._restoring = False
        self._docks.border_moved.connect(self._moved)
        self.pins.filled.connect(lambda filled: self.show_panel("pins", shown=filled))
        for panel in self.panels.values():
            panel.dockLocationChanged.connect(self._moved)
            panel.topLevelChanged.connect(self._moved)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._share_out)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour every panel; larger type needs wider ones."""
        wider = theme.scale != self._theme.scale
        self._theme = theme
        for part in (self.video, self.inspector, self.stage, self.physics, self.steps, self.time, self.pins):
            part.set_theme(theme)
        for panel in self.panels.values():
            panel.grip.set_theme(theme)
        if wider:
            self._soon.start()

    def make_ready(self, *, anew: bool) -> None:
        """Draw the scene, so that to paint all of it takes no time; `anew` shares the room out before, as it is now."""
        if anew:
            self._share_out()
        self.stage.draw()

    # ---- layout ---------------------------------------------------------------------------

    def panel_shown(self, name: str) -> bool:
        """Whether a panel of `PANELS` is open."""
        return not self.panels[name].isHidden()

    def toggle_panel(self, name: str) -> None:
        """Close a panel, or bring it back where it was."""
        self.show_panel(name, shown=self.panels[name].isHidden())

    def show_panel(self, name: str, *, shown: bool) -> None:
        """Open or close a panel."""
        self.panels[name].setVisible(shown)
        self._soon.start()

    def reset_layout(self) -> None:
        """Every panel as at the first start."""
        self._restore(self._first)
        self._by_hand = False
        self._share_out()

    def layout_state(self) -> bytes:
        """Where the panels stand, to be given to `restore_layout` in another session."""
        return (b"1" if self._by_hand else b"0") + self._docks.saveState(VERSION).data()

    def restore_layout(self, state: bytes) -> bool:
        """Put the panels where they stood; False, and nothing moves, if this is no layout of this version."""
        if state[:1] not in (b"0", b"1") or not self._restore(QByteArray(state[1:])):
            return False
        self._by_hand = state[:1] == b"1"
        self._soon.start()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Until a hand has moved a panel the room is shared out anew."""
        super().resizeEvent(event)
        self._share_out()
        # Once more when the panels know what they need.
        self._soon.start()

    def _place(self) -> None:
        centre = QWidget()
        # Another view of the stage must not push the panels aside.
        centre.setMinimumSize(*SMALLEST_STAGE)
        layout = QVBoxLayout(centre)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(SIDE, GRIP, SIDE, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.stage, 1)
        docks, area = self._docks, Qt.DockWidgetArea
        docks.setCentralWidget(centre)
        docks.setCorner(Qt.Corner.TopLeftCorner, area.LeftDockWidgetArea)
        docks.setCorner(Qt.Corner.TopRightCorner, area.RightDockWidgetArea)
        docks.setCorner(Qt.Corner.BottomRightCorner, area.RightDockWidgetArea)
        docks.setCorner(Qt.Corner.BottomLeftCorner, area.BottomDockWidgetArea)
        docks.addDockWidget(area.LeftDockWidgetArea, self.panels["video"])
        docks.addDockWidget(area.LeftDockWidgetArea, self.panels["inspector"])
        docks.addDockWidget(area.RightDockWidgetArea, self.panels["physics"])
        docks.addDockWidget(area.RightDockWidgetArea, self.panels["steps"])
        docks.addDockWidget(area.BottomDockWidgetArea, self.panels["time"])
        docks.addDockWidget(area.TopDockWidgetArea, self.panels["pins"])
        self.panels["pins"].hide()

    def _share_out(self) -> None:
        """The room of the first layout: sides of a fixed width, time and steps equally high, the stage all else."""
        if self._by_hand or self._restoring:
            # While Qt puts panels back, some of them are nowhere yet.
            return
        size, panels = self._theme.size, self.panels
        # Type grows faster than the columns: the stage must keep some room.
        left, right = LEFT - 30 + size(30) + 2 * SIDE, RIGHT - 192 + size(192) + 2 * SIDE
        self._resize({"video": left, "physics": right}, Qt.Orientation.Horizontal)
        high = self._docks.height()
        low = max(round(high * TIME), *(panels[name].minimumSizeHint().height() for name in ("time", "steps")))
        above = high - low - SEPARATOR
        pins = self.pins.minimumHeight() + GRIP
        video = min(self.video.heightForWidth(left - 2 * SIDE) + GRIP, round(0.45 * above))
        below = {"time": low, "steps": low}
        self._resize({"pins": pins, "time": low}, Qt.Orientation.Vertical)
        self._resize(
            {**below, "physics": above, "video": video, "inspector": above - video - SEPARATOR}, Qt.Orientation.Vertical
        )

    def _resize(self, lengths: dict[str, int], orientation: Qt.Orientation) -> None:
        # One that a hand has just taken up is in no area, though neither hidden nor floating yet.
        area, nowhere = self._docks.dockWidgetArea, Qt.DockWidgetArea.NoDockWidgetArea
        docked = [
            name
            for name, panel in self.panels.items()
            if not (panel.isHidden() or panel.isFloating() or area(panel) == nowhere)
        ]
        shown = {name: length for name, length in lengths.items() if name in docked}
        self._docks.resizeDocks([self.panels[name] for name in shown], list(shown.values()), orientation)

    def _restore(self, state: QByteArray) -> bool:
        self._restoring = True
        restored = self._docks.restoreState(state, VERSION)
        # What is pinned is another clip's perhaps, or nothing.
        self.panels["pins"].setVisible(self.pins.count > 0)
        self._restoring = False
        return bool(restored)

    def _moved(self, *_what: object) -> None:
        if not self._restoring:
            self._by_hand = True
