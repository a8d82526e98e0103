"""Plays the clip: moves the cursor as time goes by, to the end of the clip or round and round within the gap."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from slap_studio.views.time_axis import SPEEDS

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller

FRAME_TICK = 33  # milliseconds between two frames while the clip plays


class Playing(QObject):
    """Moves the session's cursor while the clip plays."""

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self._controller = controller
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=FRAME_TICK)
        self._timer.timeout.connect(self._go_on)
        self.speed = SPEEDS[0]
        self.looping = False

    def toggle(self) -> None:
        """Play from the cursor, or pause; at the end, and outside of a gap that is looped, it begins again."""
        if self._controller.loaded is None:
            return
        if self._timer.isActive():
            self._timer.stop()
        else:
            first, last = self._stretch()
            here = self._controller.session.cursor
            if here >= last - 1e-6 or here < first:
                self._controller.move_cursor(first)
            self._clock.start()
            self._timer.start()
        self._show()

    def choose_speed(self, speed: float) -> None:
        """As filmed (1), or in slow motion (below 1)."""
        self.speed = speed
        self._show()

    def slower(self) -> None:
        """The next slower speed; after the slowest as filmed again."""
        self.choose_speed(SPEEDS[(SPEEDS.index(self.speed) + 1) % len(SPEEDS)])

    def toggle_looping(self) -> None:
        """Play the gap over and over, or the whole clip once."""
        self.looping = not self.looping
        self._show()

    def stop(self) -> None:
        """Play no more."""
        self._timer.stop()

    def _stretch(self) -> tuple[float, float]:
        """What is played, in seconds."""
        loaded, gap = self._controller.loaded, self._controller.session.gap
        assert loaded is not None
        if self.looping and gap is not None:
            return gap.start, gap.end
        return 0.0, float(loaded.clip.times[-1])

    def _go_on(self) -> None:
        if self._controller.loaded is None:
            return
        first, last = self._stretch()
        time = self._controller.session.cursor + self.speed * self._clock.restart() / 1000
        if time >= last and self.looping:
            # A stall may have taken longer than the gap itself.
            time = first + (time - last) % max(last - first, 1e-3)
        self._controller.move_cursor(min(time, last), by_hand=False)
        if time >= last:
            self._timer.stop()
            self._show()

    def _show(self) -> None:
        self._controller.presenter.show_playing(self._timer.isActive(), self.speed, looping=self.looping)
