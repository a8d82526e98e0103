"""Sweeps λ and μ while the sweep is in view: one cell after the other on a lane of its own, never in a path's way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from slap_studio.app.jobs import Answer, Lane
from slap_studio.app.tasks import Tasks
from slap_studio.app.work import Engine
from slap_studio.views.sweep_map import MapCell
from slap_studio.views.window import Window

if TYPE_CHECKING:
    from slap_studio.export.subject import Swept
    from slap_studio.live import LiveAnswer
    from slap_studio.sweep import Cell, Sweep, SweepRequest
    from slap_studio.views.sweep_view import SweepView

REST = 300  # milliseconds without another path: a hand that drags, and what is measured after it, come first


@dataclass(frozen=True, eq=False)
class Turn:
    """One cell of a sweep."""

    request: "SweepRequest"
    row: int
    column: int


class Sweeping(QObject):
    """Fills the regime map of the newest drawn path's gap, query and physics.

    Each cell is a request of its own, so that whatever else is asked waits for none; a path that is asked for drops the
    cell that is under way, which is begun again when the path has come to rest.
    """

    cell_shown = Signal(object)
    finished = Signal()

    def __init__(self, window: Window, tasks: Tasks, engine: Engine) -> None:
        super().__init__()
        self._window = window
        self._task = tasks.task("Sweeping λ and μ", self.stop)
        self._worker = _Worker(engine)
        self.lane = Lane("sweeping", self._worker.measure, patience=0.0)
        self.lane.answered.connect(self._cell_answered)
        self.lane.settled.connect(self._cell_settled)
        self._drawn: LiveAnswer | None = None
        self._request: SweepRequest | None = None
        self._subject: tuple[object, ...] = ()
        self._left: list[tuple[int, int]] = []
        self._begun_for: LiveAnswer | None = None
        self._done: list[Cell] = []
        self._stopped = False
        self._asked: Turn | None = None
        self._rest = QTimer(self, interval=REST, singleShot=True)
        self._rest.timeout.connect(self.look_again)

    def look_at(self, answer: "LiveAnswer") -> None:
        """A path was drawn; its gap is swept once it stays, if the sweep is in view."""
        self._drawn = answer
        view = self._view
        if view is not None:
            view.map.show_present(answer.request.physics.coupling, answer.request.physics.mass)
        self._rest.start()

    def look_again(self) -> None:
        """Begin, begin anew for another problem, or go on."""
        view = self._view
        if self._drawn is None or view is None or not self._in_view:
            self._task.end()
            return
        if _subject(self._drawn) != self._subject:
            self._begin(self._drawn, view)
        if self._request is not None and self._left and not self._stopped and self._asked is None:
            self._asked = Turn(self._request, *self._left[0])
            self.lane.ask(self._asked)
        self._show_state()

    def make_way(self) -> None:
        """A path is asked for: nothing is swept until it has come to rest."""
        self._rest.stop()
        self._drop()

    def forget(self) -> None:
        """Another clip was opened."""
        self.make_way()
        self._drawn, self._request, self._subject, self._left, self._done = None, None, (), [], []
        self._begun_for = None
        if self._view is not None:
            self._view.map.clear()
            self._show_state()

    def run(self) -> None:
        """Go on where a hand stopped."""
        self._stopped = False
        self.look_again()

    def stop(self) -> None:
        """Sweep nothing until somebody asks for it; what is done stays."""
        self._stopped = True
        self._drop()
        self._show_state()

    @property
    def swept(self) -> "Swept | None":
        """The present sweep with the cells that are done."""
        from slap_studio.export.subject import Swept

        if self._request is None or self._begun_for is None:
            return None
        return Swept(self._request, tuple(self._done), self._begun_for)

    def _drop(self) -> None:
        self._asked = None
        self.lane.drop()

    def _begin(self, answer: "LiveAnswer", view: "SweepView") -> None:
        from slap_studio.sweep import COUPLINGS, MASSES, SweepRequest, coarse_to_fine, spread

        self._drop()
        live = answer.request
        self._request = SweepRequest(
            answer.posed.problem, live.physics, live.descent, spread(*COUPLINGS), spread(*MASSES),
            live.alignment, device=answer.solution.device,
        )  # fmt: skip
        self._subject, self._begun_for, self._done = _subject(answer), answer.without_steps(), []
        self._stopped = False
        self._left = coarse_to_fine(len(self._request.masses), len(self._request.couplings))
        view.map.show_grid(self._request.couplings, self._request.masses)
        view.map.show_present(live.physics.coupling, live.physics.mass)

    def _cell_answered(self, answer: Answer) -> None:
        turn, view = self._asked, self._view
        if turn is None or turn is not answer.request or view is None:
            return
        self._asked = None
        if answer.problem is not None:
            self._stopped = True
            self._window.tell(answer.problem, problem=True)
        else:
            self._left.remove((turn.row, turn.column))
            self._done.append(answer.value)
            view.map.show_cell(_drawn(answer.value))
        self._show_state()

    def _cell_settled(self, answer: Answer) -> None:
        if answer.request.request is not self._request or answer.problem is not None:
            return
        self.cell_shown.emit(answer.value)
        if not self._left:
            self.finished.emit()
        elif not self._rest.isActive():
            self.look_again()

    def _show_state(self) -> None:
        view, request = self._view, self._request
        if view is not None:
            total = len(request.couplings) * len(request.masses) if request is not None else 0
            view.show_state(total - len(self._left), total, running=not self._stopped)
            self._report(total)

    def _report(self, total: int) -> None:
        """To the list of what is going on, while the sweep is in view and runs."""
        if not self._left or self._stopped or not self._in_view:
            self._task.end()
            return
        if not self._task.running:
            self._task.begin()
        self._task.progress(1 - len(self._left) / total)

    @property
    def _view(self) -> "SweepView | None":
        space = self._window.workspace
        return space.stage.sweep if space is not None else None

    @property
    def _in_view(self) -> bool:
        space = self._window.workspace
        return space is not None and space.stage.view == "sweep"


class _Worker:
    """Lives on the lane's thread; keeps what the cells of one sweep share."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._request: SweepRequest | None = None
        self._sweep: Sweep | None = None

    def measure(self, turn: Turn, cancelled: Callable[[], bool]) -> "Cell":
        return self._engine.goes_on(lambda: self._measured(turn, cancelled))

    def _measured(self, turn: Turn, cancelled: Callable[[], bool]) -> "Cell":
        from slap_studio.sweep import Sweep

        engine, device = self._engine, self._engine.device
        # On a device that failed since, what the cells share is lost.
        if self._sweep is None or self._request is not turn.request or self._sweep.request.device != device:
            self._request, self._sweep = turn.request, Sweep(replace(turn.request, device=device), engine.folds)
        return self._sweep.cell(turn.row, turn.column, cancelled)


def _subject(answer: "LiveAnswer") -> tuple[object, ...]:
    """All of a path's request that every cell depends on: everything but λ and μ."""
    live = answer.request
    physics = replace(live.physics, coupling=0.0, mass=0.0)
    return (id(live.clip), live.query, live.gap, physics, live.descent, live.alignment)


def _drawn(cell: "Cell") -> MapCell:
    """A cell as the map shows it."""
    return MapCell(
        cell.row, cell.column, cell.regime, cell.measured, cell.s_kin, cell.e_pot, cell.roughness, cell.twins.rate,
        cell.twins.chaotic, cell.twins.period,
    )  # fmt: skip
