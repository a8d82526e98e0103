"""The time band: energy curves, nearest frames and the clip above one another on one axis, with one cursor."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from slap_studio.views.controls import label, panel
from slap_studio.views.icons import dress
from slap_studio.views.steady import Elided
from slap_studio.views.theme import Theme
from slap_studio.views.time_axis import SPEEDS
from slap_studio.views.time_rows import MARGIN, NAMES, Rows

_APART, _BEFORE = 4, 12  # pixels between two parts of the transport, and more before what is said


class TimeBand(QWidget):
    """Emits where a hand put the cursor and the gap's ends, in seconds; shows what it is told."""

    cursor_moved = Signal(float)
    gap_moved = Signal(float, float)
    gap_added = Signal(float, float)
    gap_chosen = Signal(int)
    play_asked = Signal()
    step_asked = Signal(int)
    jump_asked = Signal(str)
    speed_chosen = Signal(float)
    loop_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        layout = panel(self, (0, 0, 0, 8), 0)
        self.rows = Rows(theme)
        self.rows.cursor_moved.connect(self.cursor_moved)
        self.rows.gap_moved.connect(self.gap_moved)
        self.rows.gap_added.connect(self.gap_added)
        self.rows.gap_chosen.connect(self.gap_chosen)
        layout.addWidget(self.rows, 1)
        layout.addLayout(self._transport())
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.rows.set_theme(theme)
        for name, button in self._buttons.items():
            dress(button, name, theme)
        self._make_room()

    def show_playing(self, playing: bool, speed: float, *, looping: bool) -> None:
        """Show a pause sign while the clip plays, and how it plays."""
        self._speed.setCurrentIndex(self._speed.findData(speed))
        self.loop.setChecked(looping)
        dress(self._buttons["play"], "pause" if playing else "play", self._theme)
        self._buttons["play"].setToolTip("Pause (Space)" if playing else "Play (Space)")

    def show_summary(self, text: str) -> None:
        """One line under the rows on what is hidden and how the clip was sampled."""
        if text != self._summary.text():
            self._summary.show_text(text)
            self._make_room()

    def show_alarm(self, text: str, hint: str) -> None:
        """What does not fit together, beside the summary; nothing where all is well."""
        self._alarm.show_hint(hint)
        shown = f"▲ {text}" if text else ""
        if shown == self._alarm.text():
            return
        self._alarm.show_text(shown)
        # A shorter one gives its room to the summary.
        self._alarm.updateGeometry()
        self._alarm.setVisible(bool(text))
        self._make_room()

    def minimumSizeHint(self) -> QSize:
        """What has no room is not shown: the transport alone must have some."""
        wide = self._needed(*self._buttons.values(), self._speed) + 2 * MARGIN
        return QSize(wide, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the keys make way."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """What does not fit beside the transport makes way: the keys, the summary, the loop; an alarm stays."""
        always, size = (*self._buttons.values(), self._speed), self._theme.size
        left, alarm = MARGIN + size(NAMES) - 4, self._alarm.sizeHint().width() if self._alarm.text() else 0
        room = self.width() - left - MARGIN - 2 * _BEFORE
        self._keys.setVisible(not alarm and self._needed(*always, self.loop, self._summary, self._keys) <= room)
        if self._needed(*always, self.loop) + alarm > room:
            # Begin below the rows' names.
            room, left = room + left - MARGIN, MARGIN
        room -= min(alarm, size(120))
        self.loop.setVisible(self._needed(*always, self.loop) <= room)
        self._summary.setVisible(self._needed(*always, self.loop) + size(60) <= room)
        self._row.setContentsMargins(left, 0, MARGIN, 0)

    @staticmethod
    def _needed(*parts: QWidget) -> int:
        """Pixels that these take beside one another."""
        return sum(part.sizeHint().width() + _APART for part in parts)

    def _transport(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._row = row
        row.setSpacing(_APART)
        self._buttons = {}
        for name, hint, asked in (
            ("start", "To the beginning (Home)", lambda: self.jump_asked.emit("start")),
            ("back", "One frame back (←)", lambda: self.step_asked.emit(-1)),
            ("play", "Play (Space)", self.play_asked.emit),
            ("forward", "One frame on (→)", lambda: self.step_asked.emit(1)),
            ("end", "To the end (End)", lambda: self.jump_asked.emit("end")),
        ):
            button = QPushButton()
            button.setProperty("transport", "true")
            button.setToolTip(hint)
            button.setAccessibleName(hint)
            button.clicked.connect(asked)
            row.addWidget(button)
            self._buttons[name] = button
        row.addWidget(self._how())
        row.addWidget(self.loop)
        row.addSpacing(_BEFORE)
        self._summary = Elided("secondary")
        self._summary.show_hint("What is hidden, and how many of the clip's sampled frames the solver may see.")
        row.addWidget(self._summary, 1)
        row.addStretch(0)  # in its place where it has no room
        row.addSpacing(_BEFORE)
        self._alarm = Elided("alarm")
        self._alarm.hide()
        row.addWidget(self._alarm)
        self._keys = label("I mark in   O mark out   Space play   Ctrl+wheel zoom", "secondary")
        row.addWidget(self._keys)
        return row

    def _how(self) -> QComboBox:
        """How fast the clip plays, and whether round and round in the gap."""
        self._speed = QComboBox()
        for speed in SPEEDS:
            self._speed.addItem(f"{speed:g}×", speed)
        # No higher than the buttons beside it.
        self._speed.setStyleSheet("padding: 0 8px;")
        self._speed.setToolTip("Playing speed: 1 is as filmed, less is slow motion.")
        self._speed.setAccessibleName("Playing speed")
        self._speed.activated.connect(lambda _index: self.speed_chosen.emit(self._speed.currentData()))
        self.loop = QPushButton("loop gap")
        self.loop.setProperty("view", "true")
        self.loop.setCheckable(True)
        self.loop.setToolTip("Play what is hidden over and over instead of the whole clip (Shift+Space).")
        self.loop.clicked.connect(self.loop_asked)
        return self._speed
