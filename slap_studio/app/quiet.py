"""A quiet moment: a while after the last answer, with nothing under way."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from slap_studio.app.jobs import Lane

QUIET = 3000  # milliseconds after the last answer


class QuietMoment(QObject):
    """Does something once whenever work has come to rest, so that no hand waits for it.

    Parameters
    ----------
    lanes
        Whose answers are work.
    then
        What is done, on the window's thread.
    parent
        With which it ends.
    """

    def __init__(self, lanes: Mapping[str, Lane], then: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._lanes, self._then = lanes, then
        self._timer = QTimer(self, singleShot=True, interval=QUIET)
        self._timer.timeout.connect(self._look)
        for lane in lanes.values():
            lane.answered.connect(self._wait)

    def _wait(self, _answer: object) -> None:
        self._timer.start()

    def _look(self) -> None:
        if all(lane.idle for lane in self._lanes.values()):
            self._then()
        else:
            self._timer.start()
