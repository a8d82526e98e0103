"""Measure the real window: a hand that drags its sliders, and a heartbeat on its thread."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from slap_studio.app.jobs import Answer
from slap_studio.commands.memory import resident_bytes
from slap_studio.session.look import View

if TYPE_CHECKING:
    from slap_studio.app.controller import Controller
    from slap_studio.live import LiveAnswer

BEAT = 5  # milliseconds between two heartbeats
MOVE = 16  # milliseconds between two moves of the hand: sixty a second


@dataclass
class Measured:
    """What was seen, in seconds.

    Attributes
    ----------
    latencies
        From a slider's change to the moment all views had painted that change's answer.
    solves
        Of the descents alone.
    beats
        Times between two heartbeats of the window's thread while the hand dragged.
    changes
        How often a slider changed.
    hidden
        N of the paths that were drawn.
    growth
        Bytes by which the process grew from a fifth of the way to the end.
    """

    latencies: list[float] = field(default_factory=list)
    solves: list[float] = field(default_factory=list)
    beats: list[float] = field(default_factory=list)
    changes: int = 0
    hidden: int = 0
    growth: int = 0


class Hand(QObject):
    """Presses, drags and releases sliders of a window, one move per tick, and watches what is painted.

    Parameters
    ----------
    controller
        With an open clip, its path drawn and its map fitted.
    moves
        Of all sliders together.
    drag
        Moves from a press to its release, there and back.
    done
        Called at the end with what was measured.
    """

    def __init__(self, controller: "Controller", moves: int, drag: int, done: Callable[[Measured], None]) -> None:
        super().__init__()
        self.measured = Measured()
        self._controller = controller
        self._done = done
        self._script = self._drags(moves, drag)
        self._warm_after, self._weight = moves // 5, 0
        self._moves = 0
        self._changed_at: dict[object, float] = {}
        self._awaited: tuple[float, set[int]] | None = None
        self._last_beat = time.perf_counter()
        space = controller.window.workspace
        assert space is not None
        self._painters: tuple[QWidget, ...] = (
            space.stage.seen.picture, space.time.rows, space.time.rows.plot.viewport(), space.steps.plot.viewport(),
        )  # fmt: skip
        for widget in self._painters:
            widget.installEventFilter(self)
        controller.store.changed.connect(self._note_change)
        controller.path_shown.connect(self._note_answer)
        self._heart = QTimer(self, interval=BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._heart.timeout.connect(self._beat)
        self._mover = QTimer(self, interval=MOVE, timerType=Qt.TimerType.PreciseTimer)
        self._mover.timeout.connect(self._move)

    def start(self) -> None:
        """Begin to drag."""
        self._last_beat = time.perf_counter()
        self._heart.start()
        self._mover.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note which view was painted after an answer was handed to it."""
        if event.type() == QEvent.Type.Paint and self._awaited is not None:
            changed, missing = self._awaited
            missing.discard(id(watched))
            if not missing:
                self._awaited = None
                # The paint itself follows this event: it is over when the loop comes round again.
                QTimer.singleShot(0, lambda: self.measured.latencies.append(time.perf_counter() - changed))
        return False

    def _drags(self, moves: int, drag: int) -> Iterator[Callable[[], None]]:
        space = self._controller.window.workspace
        assert space is not None
        sliders = (
            space.physics.coupling.slider,
            space.physics.mass.slider,
            space.physics.step_size.slider,
            space.steps.slider,
        )
        # However few the moves, every slider is dragged.
        each = min(drag, max(moves // len(sliders), 2))
        for slider in islice(cycle(sliders), max(round(moves / each), 1)):
            yield partial(QTest.mousePress, slider, Qt.MouseButton.LeftButton, pos=_handle(slider))
            for index in range(each):
                share = 0.5 - 0.45 * (1 - abs(2 * index / each - 1)) if index % 2 else 0.5 + 0.4 * index / each
                yield partial(_drag_to, slider, share)
            yield partial(QTest.mouseRelease, slider, Qt.MouseButton.LeftButton, pos=_handle(slider))

    def _move(self) -> None:
        action = next(self._script, None)
        if action is None:
            self._mover.stop()
            QTimer.singleShot(500, self._end)
            return
        action()
        self._moves += 1
        if self._moves == self._warm_after:
            self._weight = resident_bytes()

    def _end(self) -> None:
        self._heart.stop()
        self.measured.growth = resident_bytes() - self._weight
        self._done(self.measured)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.measured.beats.append(now - self._last_beat)
        self._last_beat = now

    def _note_change(self, session: object, before: object) -> None:
        self.measured.changes += 1
        self._changed_at[(session.physics, session.descent)] = time.perf_counter()  # type: ignore[attr-defined]

    def _note_answer(self, answer: object) -> None:
        request = answer.request  # type: ignore[attr-defined]
        changed = self._changed_at.pop((request.physics, request.descent), None)
        self.measured.hidden = len(answer.nearest)  # type: ignore[attr-defined]
        self.measured.solves.append(answer.solution.seconds)  # type: ignore[attr-defined]
        if changed is not None:
            self._awaited = (changed, {id(widget) for widget in self._painters})


def when_at_rest(controller: "Controller", then: Callable[[], None], failed: Callable[[str], None]) -> None:
    """Call `then` once a clip is open, its map is fitted and its path on that map is drawn."""

    def drawn(_answer: object) -> None:
        controller.path_shown.disconnect(drawn)
        QTimer.singleShot(300, then)

    def mapped(_kind: str) -> None:
        controller.map_shown.disconnect(mapped)
        controller.path_shown.connect(drawn)

    def refused(answer: Answer) -> None:
        if answer.problem is not None:
            failed(answer.problem)

    controller.map_shown.connect(mapped)
    for lane in controller.lanes.values():
        lane.answered.connect(refused)


def when_seen(controller: "Controller", view: View, then: Callable[[], None]) -> None:
    """Look at another view of the hypersphere; call `then` once the path is drawn there, on the fitted globe."""

    def drawn(answer: "LiveAnswer") -> None:
        if answer.stand.view is not view or (view is View.GLOBE and answer.request.globe is None):
            return
        controller.path_shown.disconnect(drawn)
        QTimer.singleShot(300, then)

    if controller.session.look.view is view:
        then()
        return
    controller.path_shown.connect(drawn)
    controller.choosing.view(view.value)


def _handle(slider: QSlider) -> QPoint:
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    return slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    ).center()  # fmt: skip


def _drag_to(slider: QSlider, share: float) -> None:
    QTest.mouseMove(slider, QPoint(int(share * slider.width()), slider.height() // 2))
