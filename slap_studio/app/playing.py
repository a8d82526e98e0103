"""Plays the clip: moves the cursor as time goes by."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

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

    def toggle(self) -> None:
        """Play from the cursor, or pause; at the end it begins again."""
        loaded = self._controller.loaded
        if loaded is None:
            return
        if self._timer.isActive():
            self._timer.stop()
        else:
            if self._controller.session.cursor >= float(loaded.clip.times[-1]) - 1e-6:
                self._controller.move_cursor(0.0)
            self._clock.start()
            self._timer.start()
        self._controller.presenter.show_playing(self._timer.isActive())

    def stop(self) -> None:
        """Play no more."""
        self._timer.stop()

    def _go_on(self) -> None:
        loaded = self._controller.loaded
        if loaded is None:
            return
        time = self._controller.session.cursor + self._clock.restart() / 1000
        last = float(loaded.clip.times[-1])
        self._controller.move_cursor(min(time, last))
        if time >= last:
            self._timer.stop()
            self._controller.presenter.show_playing(False)
