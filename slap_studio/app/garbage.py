"""Garbage is collected on the window's thread alone.

Python collects cycles on whichever thread happens to allocate. A cycle may hold widgets or a canvas, and Qt aborts the
process where one of them is destroyed away from the thread that owns it.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000  # milliseconds
_LONG_LIVED = 40  # young collections between two full ones, which take tens of milliseconds


class GarbageCollector(QObject):
    """Takes over from Python's own collector, for good; made on the window's thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._frozen = False
        gc.disable()
        timer = QTimer(self)
        timer.setInterval(EVERY)
        timer.timeout.connect(self._collect)
        timer.start()

    def _collect(self) -> None:
        young, _, long_lived = gc.get_count()
        if long_lived > _LONG_LIVED:
            gc.collect()
            if not self._frozen:
                # The imported libraries are most of what there is, and will stay: later collections pass over them.
                gc.freeze()
                self._frozen = True
        elif young > gc.get_threshold()[0]:
            gc.collect(1)
