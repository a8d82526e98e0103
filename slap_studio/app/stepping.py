"""Runs through the kept steps of the descent as time goes by; nothing is solved for it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller

RATE, SLOW_RATE = 30.0, 5.0  # steps in a second
TICK = 33  # milliseconds


class Stepping(QObject):
    """Moves the session's step count from where it is to the last solved step."""

    def __init__(self, controller: "Controller") -> None:
        super().__init__()
        self._controller = controller
        self._clock = QElapsedTimer()
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._go_on)
        self._reached = 0.0
        self._runs = 0
        self._acting = False
        self.slow = False
        self._hand = controller.store.gesture
        controller.store.gesture = self._gesture

    @property
    def running(self) -> bool:
        """Whether the steps go by."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Run from the step that is shown, or pause there; from the last step it begins again."""
        if self._controller.loaded is None:
            return
        if self.running:
            self.stop()
            return
        if self._steps >= self._controller.session.horizon:
            self._controller.choosing.steps(0)
        self._reached = float(self._steps)
        self._runs += 1
        self._clock.start()
        self._timer.start()
        self._controller.presenter.show_running(running=True, slow=self.slow)

    def toggle_slow(self) -> None:
        """Run in slow motion, or as fast as before."""
        self.slow = not self.slow
        self._controller.presenter.show_running(running=self.running, slow=self.slow)

    def first(self) -> None:
        """To the geodesic, from which the descent begins."""
        self._controller.choosing.steps(0)

    def last(self) -> None:
        """To the last solved step."""
        self._controller.choosing.steps(self._controller.session.horizon)

    def stop(self) -> None:
        """Stay where it is."""
        self._timer.stop()
        self._controller.presenter.show_running(running=False, slow=self.slow)

    def _gesture(self) -> int | None:
        """Everything that one run changes is one step of the history; numbers below zero are no hand's."""
        return -self._runs if self._acting else self._hand()

    @property
    def _steps(self) -> int:
        return self._controller.session.descent.steps

    def _go_on(self) -> None:
        if self._steps != int(self._reached):
            # A hand took the step count elsewhere: go on from there.
            self._reached = float(self._steps)
        self._reached += self._clock.restart() / 1000 * (SLOW_RATE if self.slow else RATE)
        last = self._controller.session.horizon
        self._acting = True
        self._controller.choosing.steps(min(int(self._reached), last))
        self._acting = False
        if self._reached >= last:
            self.stop()
