"""Has every path that is drawn measured, a moment later and on lanes of its own: no picture waits for it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.present import Presenter
from slap_studio.folds import Folds
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from slap_studio.live import LiveAnswer
    from slap_studio.measured import Branches, Measured

REST = 120  # milliseconds without another path: a hand that drags needs the processor for itself
PATIENCE = 0.5  # seconds that a measurement may take when a newer path waits


class Measuring(QObject):
    """Looks at the newest drawn path, and shows what was measured on it."""

    measured = Signal(object)
    branched = Signal(object)

    def __init__(self, presenter: Presenter, window: Window, folds: Folds) -> None:
        super().__init__()
        self._presenter = presenter
        self._window = window
        worker = _Worker(folds)
        self.lanes = {
            "measure": Lane("measuring the path", worker.measure, patience=PATIENCE),
            "branch": Lane("following the branches", worker.branch, patience=0.0),
        }
        self.lanes["measure"].answered.connect(self._measure_answered)
        self.lanes["branch"].answered.connect(self._branch_answered)
        self._drawn: LiveAnswer | None = None
        self._rest = QTimer(self, interval=REST, singleShot=True)
        self._rest.timeout.connect(self.look_again)

    def look_at(self, answer: "LiveAnswer") -> None:
        """A path was drawn; it is measured once it stays."""
        self._drawn = answer
        self._rest.start()

    def make_way(self) -> None:
        """A new path is asked for: nothing that is measured of the last one may hold it up."""
        self._rest.stop()
        self.lanes["measure"].drop()

    def look_again(self) -> None:
        """Measure the newest path, and its branches if they are in view."""
        if self._drawn is None:
            return
        self.lanes["measure"].ask(self._drawn)
        if self._presenter.needs_branches():
            self.lanes["branch"].ask(self._drawn)

    def forget(self) -> None:
        """Another clip was opened: nothing of the last one is to be shown on it."""
        self._drawn = None
        for lane in self.lanes.values():
            lane.drop()

    def stop(self) -> None:
        """Look at nothing any more."""
        self._rest.stop()

    def _measure_answered(self, answer: Answer) -> None:
        if answer.problem is not None:
            self._window.tell(answer.problem, problem=True)
        else:
            self._presenter.show_measured(answer.value)
            self.measured.emit(answer.value)

    def _branch_answered(self, answer: Answer) -> None:
        if answer.problem is not None:
            self._window.tell(answer.problem, problem=True)
        else:
            self._presenter.show_branches(answer.value)
            self.branched.emit(answer.value)


class _Worker:
    """What the two lanes do, on their threads."""

    def __init__(self, folds: Folds) -> None:
        self._folds = folds

    def measure(self, answer: "LiveAnswer", cancelled: Callable[[], bool]) -> "Measured":
        from slap_studio.measured import measure

        return measure(answer, cancelled, self._folds)

    def branch(self, answer: "LiveAnswer", cancelled: Callable[[], bool]) -> "Branches":
        from slap_studio.measured import branches

        return branches(answer, cancelled, self._folds)
