"""Has the drawn path compared with the truth and with other methods, on a lane of its own, where that is asked for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.measuring import PATIENCE, REST
from slap_studio.app.present import Presenter
from slap_studio.app.tasks import Tasks
from slap_studio.app.work import Engine
from slap_studio.session.state import Session
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from slap_studio.live import LiveAnswer


class Comparing(QObject):
    """Looks at the newest drawn path while Compare or Reveal is on."""

    compared = Signal(object)

    def __init__(self, presenter: Presenter, window: Window, engine: Engine, tasks: Tasks) -> None:
        super().__init__()
        self._presenter = presenter
        self._window = window
        self.lane = Lane("comparing methods", engine.compare, patience=PATIENCE)
        self.lane.answered.connect(self._answered)
        self._task = tasks.task("Comparing methods", self.forget)
        self._drawn: LiveAnswer | None = None
        self._wanted = self._as_filmed = False
        self._told: set[str] = set()
        self._rest = QTimer(self, interval=REST, singleShot=True)
        self._rest.timeout.connect(self._ask)

    def look_at(self, answer: "LiveAnswer") -> None:
        """A path was drawn; it is compared once it stays."""
        self._drawn = answer
        if self._wanted:
            self._rest.start()

    def want(self, session: Session) -> None:
        """What the session wants to see beside the path."""
        wanted = session.revealed or session.compared
        if wanted and (not self._wanted or session.as_filmed != self._as_filmed):
            self._rest.start()
        self._wanted, self._as_filmed = wanted, session.as_filmed

    def forget(self) -> None:
        """Another clip was opened."""
        self._drawn = None
        self._told = set()
        self.lane.drop()
        self._task.end()

    def stop(self) -> None:
        """Look at nothing any more."""
        self._rest.stop()

    def _ask(self) -> None:
        from slap_studio.compare import ComparisonRequest

        if self._drawn is not None and self._wanted:
            self._task.begin()
            self.lane.ask(ComparisonRequest(self._drawn, self._as_filmed))

    def _answered(self, answer: Answer) -> None:
        self._task.end()
        if answer.problem is not None:
            self._window.tell(answer.problem, problem=True)
        elif answer.request.answer is self._drawn and answer.request.as_filmed == self._as_filmed:
            self._presenter.show_comparison(answer.value)
            self._tell_once(answer.value.notes)
            self.compared.emit(answer.value)

    def _tell_once(self, notes: tuple[str, ...]) -> None:
        """Say what a user should read, once for a clip: every path is compared anew."""
        new = [note for note in notes if note not in self._told]
        self._told |= set(new)
        if new:
            self._window.tell(" ".join(new), problem=False)
