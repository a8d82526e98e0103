"""While the window paints, nothing that a lane computes holds it up; after it, or after a while, the lane goes on."""

import threading
from collections.abc import Callable, Iterator
from itertools import count

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from slap_studio.app.courtesy import Courtesy
from slap_studio.app.jobs import Lane, wait_for
from slap_studio.problems import Cancelled

pytestmark = pytest.mark.window

FOREVER = 600.0  # seconds: longer than a test may last


class Counting:
    """Work without an end that says how often it has asked whether it is still wanted."""

    def __init__(self) -> None:
        self.asked = 0
        self.begun = threading.Event()

    def __call__(self, _request: object, cancelled: Callable[[], bool]) -> None:
        for self.asked in count(1):
            self.begun.set()
            if cancelled():
                raise Cancelled


class Busy:
    """Keeps the window's thread busy in Python, which hands the interpreter on to a thread that waits for it."""

    def __init__(self, work: Counting) -> None:
        self._work = work
        self.rounds = 0  # after which the lane had come on

    def until_passed(self) -> None:
        """However long it takes until the lane comes on beside it."""
        before, rounds = self._work.asked, 0
        while self._work.asked < before + 2:
            rounds += 1
        self.rounds = max(self.rounds, rounds)

    def passed(self) -> int:
        """How far the lane comes in ten times that; one that asked just before comes to its next question."""
        before = self._work.asked
        for _ in range(10 * self.rounds):
            pass
        return self._work.asked - before


class Painted(QWidget):
    """Does something once while it is painted."""

    def __init__(self) -> None:
        super().__init__()
        self._then: Callable[[], object] | None = None
        self.done: list[object] = []

    def paintEvent(self, _event: QPaintEvent) -> None:
        then, self._then = self._then, None
        if then is not None:
            self.done.append(then())

    def while_painted(self, then: Callable[[], object], qtbot, begin: Callable[[], object] | None = None) -> object:
        """What it did; the painting is asked for by `begin`, or as a small one."""
        self.done.clear()
        self._then = then
        (begin or self.update)()
        qtbot.waitUntil(lambda: bool(self.done))
        return self.done[0]


@pytest.fixture
def lane() -> Iterator[tuple[Lane, Counting]]:
    work = Counting()
    made = Lane("counting", work, patience=FOREVER)
    yield made, work
    made.close()
    wait_for([made])


@pytest.fixture
def window(qtbot) -> Painted:
    made = Painted()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def busy(lane, window: Painted, qtbot) -> Busy:
    """The lane works, and comes on while the window paints, since nothing holds it up yet."""
    counting, work = lane
    counting.ask(1)
    qtbot.waitUntil(work.begun.is_set)
    made = Busy(work)
    window.while_painted(made.until_passed, qtbot)
    return made


def test_while_the_window_paints_a_lane_stands_still_and_goes_on_afterwards(lane, window, busy, qtbot) -> None:
    counting, work = lane
    Courtesy(window, [counting], longest=FOREVER)
    for _ in range(3):
        assert window.while_painted(busy.passed, qtbot) <= 1
        before = work.asked
        qtbot.waitUntil(lambda before=before: work.asked > before + 1)


def test_small_paintings_do_not_hold_up_what_a_hand_waits_for(lane, window, busy, qtbot) -> None:
    counting, _ = lane
    Courtesy(window, [counting], first=counting, longest=FOREVER)
    window.while_painted(busy.until_passed, qtbot)
    larger = window.size() + QSize(20, 20)
    assert window.while_painted(busy.passed, qtbot, lambda: window.resize(larger)) <= 1


@pytest.mark.parametrize("first", [False, True])
def test_while_an_answer_is_told_no_other_lane_goes_on(lane, window, busy, qtbot, first: bool) -> None:
    counting, _ = lane
    other = Lane("answering", lambda request, _cancelled: request, patience=0.0)
    Courtesy(window, [counting, other], first=counting if first else None, longest=FOREVER)
    passed: list[int] = []
    other.answered.connect(lambda _answer: passed.append(busy.passed()))
    other.ask(1)
    qtbot.waitUntil(lambda: bool(passed))
    other.close()
    wait_for([other])
    assert max(passed) <= 1


def test_lanes_wait_until_what_is_held_back_has_been_painted(lane, window, busy, qtbot) -> None:
    counting, work = lane
    held = [True]
    courtesy = Courtesy(window, [counting], longest=FOREVER, unpainted=lambda: held[0])
    courtesy.begin()
    turns: list[int] = []
    beat = QTimer(window, interval=1)
    beat.timeout.connect(lambda: turns.append(busy.passed()))
    beat.start()
    qtbot.waitUntil(lambda: len(turns) >= 5)
    beat.stop()
    assert sum(turns) <= 1
    held[0] = False
    before = work.asked
    qtbot.waitUntil(lambda: work.asked > before + 1)


def test_a_window_that_is_always_busy_stops_nobody_for_good(lane, window, busy) -> None:
    counting, work = lane
    courtesy = Courtesy(window, [counting], longest=0.001)
    # Nothing that Qt does comes in between: the window never gets to say that it is free.
    courtesy.begin()
    before = work.asked
    while work.asked < before + 3:
        pass
    assert not courtesy._free.is_set()
