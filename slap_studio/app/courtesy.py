"""Lanes stop for a moment while the window has its hands full: both share one interpreter, and often two cores."""

import threading
from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from slap_studio.app.jobs import PAINTED, Lane
from slap_studio.problems import never

LONGEST = 0.05  # seconds for which a lane waits at a time: a window that is always busy must not stop it for good
_LARGE = (QEvent.Type.Resize, QEvent.Type.LayoutRequest)


class Courtesy(QObject):
    """Holds lanes up from when the window lays out, paints or is told an answer until that has been painted.

    Parameters
    ----------
    window
        Whose painting is waited for.
    lanes
        They wait wherever they ask whether they are still wanted.
    first
        The lane for which a hand waits: held up by an answer of another lane and by a new size or layout, but not by
        every small painting, such as that of the slider under the hand.
    longest
        Seconds.
    unpainted
        Says whether the window has something to paint and has not begun.

    Notes
    -----
    Without it the window's thread waits for the interpreter about as long as it has it: up to 5 ms for each of the
    lanes that compute, each time that Qt or OpenGL gave it up.
    """

    def __init__(
        self,
        window: QWidget,
        lanes: Iterable[Lane],
        *,
        first: Lane | None = None,
        longest: float = LONGEST,
        unpainted: Callable[[], bool] = never,
    ) -> None:
        super().__init__(window)
        self._free, self._calm = threading.Event(), threading.Event()
        self._end = QTimer(self, singleShot=True, interval=PAINTED, timerType=Qt.TimerType.PreciseTimer)
        self._end.timeout.connect(self._painted)
        self._unpainted = unpainted
        window.installEventFilter(self)
        for lane in lanes:
            lane.telling.connect(self.begin)
            lane.unpainted = unpainted
            lane.pause = partial((self._calm if lane is first else self._free).wait, longest)
        self.end()

    def begin(self, *, large: bool = True) -> None:
        """Hold lanes up until what is posted by now, and so the painting, has been done."""
        self._free.clear()
        if large:
            self._calm.clear()
        self._end.start()

    def _painted(self) -> None:
        if self._unpainted():
            self._end.start()
        else:
            self.end()

    def end(self) -> None:
        """Let them go on."""
        self._free.set()
        self._calm.set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's own events only: few, and every painting begins with one."""
        if event.type() in _LARGE:
            self.begin()
        elif event.type() == QEvent.Type.UpdateRequest:
            self.begin(large=False)
        return False
