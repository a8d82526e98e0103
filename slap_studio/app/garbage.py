"""Garbage is collected on the window's thread alone.

Python collects cycles on whichever thread happens to allocate. A cycle may hold widgets or a canvas, and Qt aborts the
process where one of them is destroyed away from the thread that owns it.
"""

import gc
from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer

from slap_studio.app.jobs import Lane

EVERY = 1000  # milliseconds
_LONG_LIVED = 40  # young collections between two full ones
_IMPORTED = 20_000  # young objects: hands and answers leave a tenth of them, and a library ten times as many


class GarbageCollector(QObject):
    """Takes over from Python's own collector, for good; made on the window's thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._passed: set[str] = set()
        gc.disable()
        timer = QTimer(self)
        timer.setInterval(EVERY)
        timer.timeout.connect(self._collect)
        timer.start()

    def pass_over_libraries(self, lanes: Iterable[Lane]) -> None:
        """What a lane imported for its first answer is most of what there is, and stays: it is not looked at again.

        To look at it all once takes a third of a second, in which the window stands still.
        """
        for lane in lanes:
            lane.answered.connect(partial(self._pass_over, lane.name), Qt.ConnectionType.SingleShotConnection)

    def _pass_over(self, name: str, _answer: object) -> None:
        # Once in a process: what is garbage by now is passed over as well, such as the window before this one.
        if name not in self._passed:
            self._passed.add(name)
            gc.freeze()

    def _collect(self) -> None:
        young, _, long_lived = gc.get_count()
        if young > _IMPORTED:
            # As above, but a lane's first answer is still under way: to look at them all takes a tenth of a second.
            gc.freeze()
        elif long_lived > _LONG_LIVED:
            gc.collect()
        elif young > gc.get_threshold()[0]:
            gc.collect(1)
