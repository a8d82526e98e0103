"""While the window paints, nothing that a lane computes holds it up; after it, or after a while, the lane goes on."""

import threading
from collections.abc import Callable, Iterator
from itertools import count

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

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


class Painted(QWidget):
    """Notes how far a lane came while it was painted."""

    def __init__(self, work: Counting) -> None:
        super().__init__()
        self._work = work
        self.passed: list[int] = []

    def paintEvent(self, _event: QPaintEvent) -> None:
        before = self._work.asked
        # Python gives another thread the interpreter every 5 ms, if there is one that wants it.
        sum(range(5_000_000))
        self.passed.append(self._work.asked - before)


@pytest.fixture
def lane() -> Iterator[tuple[Lane, Counting]]:
    work = Counting()
    made = Lane("counting", work, patience=FOREVER)
    yield made, work
    made.close()
    wait_for([made])


def shown(work: Counting, qtbot) -> Painted:
    window = Painted(work)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(window.passed))
    return window


def painted_again(window: Painted, qtbot) -> list[int]:
    window.passed.clear()
    window.update()
    qtbot.waitUntil(lambda: bool(window.passed))
    return window.passed


def test_while_the_window_paints_a_lane_stands_still_and_goes_on_afterwards(lane, qtbot) -> None:
    counting, work = lane
    window = shown(work, qtbot)
    counting.ask(1)
    qtbot.waitUntil(work.begun.is_set)
    # One that asked just before comes to its next question.
    assert max(painted_again(window, qtbot)) > 1
    Courtesy(window, [counting], longest=FOREVER)
    for _ in range(3):
        assert max(painted_again(window, qtbot)) <= 1
        before = work.asked
        qtbot.waitUntil(lambda before=before: work.asked > before)


def test_small_paintings_do_not_hold_up_what_a_hand_waits_for(lane, qtbot) -> None:
    counting, work = lane
    window = shown(work, qtbot)
    Courtesy(window, [counting], first=counting, longest=FOREVER)
    counting.ask(1)
    qtbot.waitUntil(work.begun.is_set)
    assert max(painted_again(window, qtbot)) > 1
    window.passed.clear()
    window.resize(window.width() + 20, window.height() + 20)
    qtbot.waitUntil(lambda: bool(window.passed))
    assert max(window.passed) <= 1


@pytest.mark.parametrize("first", [False, True])
def test_what_is_told_is_painted_before_any_other_lane_goes_on(lane, qtbot, first: bool) -> None:
    counting, work = lane
    window = shown(work, qtbot)
    other = Lane("answering", lambda request, _cancelled: request, patience=0.0)
    Courtesy(window, [counting, other], first=counting if first else None, longest=FOREVER)
    passed: list[int] = []

    def told(_answer: object) -> None:
        before = work.asked
        sum(range(5_000_000))
        passed.append(work.asked - before)

    other.answered.connect(told)
    counting.ask(1)
    qtbot.waitUntil(work.begun.is_set)
    other.ask(1)
    qtbot.waitUntil(lambda: bool(passed))
    other.close()
    wait_for([other])
    assert max(passed) <= 1


def test_a_window_that_is_always_busy_stops_nobody_for_good(lane, qtbot) -> None:
    counting, work = lane
    window = shown(work, qtbot)
    courtesy = Courtesy(window, [counting], longest=0.001)
    counting.ask(1)
    qtbot.waitUntil(work.begun.is_set)
    # Nothing that Qt does comes in between: the window never gets to say that it is free.
    courtesy.begin()
    before = work.asked
    while work.asked < before + 3:
        pass
    assert not courtesy._free.is_set()
