"""Garbage is collected on the window's thread, and the libraries that work brings in are passed over."""

import gc
import threading
import weakref

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QCoreApplication

from slap_studio.app.garbage import GarbageCollector
from slap_studio.app.jobs import Lane, wait_for

pytestmark = pytest.mark.window


class _Circle:
    """Refers to itself, so that only a collector frees it."""

    def __init__(self) -> None:
        self.own = self
        self.freed_on: list[int] = []
        weakref.finalize(self, lambda told: told.append(threading.get_ident()), self.freed_on)


def test_a_circle_is_freed_on_the_windows_thread(qapp, qtbot) -> None:
    assert not gc.isenabled()
    told = _Circle().freed_on
    for _ in range(2000):  # young enough objects for the collector to look
        _Circle()
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert told == [threading.get_ident()]


def test_what_was_there_at_a_lanes_first_answer_is_passed_over(qapp, qtbot) -> None:
    collector = QCoreApplication.instance().findChild(GarbageCollector)
    lane = Lane("importing", lambda request, cancelled: [[request] for _ in range(100)], patience=0.0)
    collector.pass_over_libraries([lane])
    before = gc.get_freeze_count()
    library = [[number] for number in range(5000)]
    with qtbot.waitSignal(lane.answered):
        lane.ask(object())
    frozen = gc.get_freeze_count()
    assert frozen >= before + len(library)
    with qtbot.waitSignal(lane.answered):
        lane.ask(object())
    assert gc.get_freeze_count() <= frozen  # the first answer alone
    # Nor is it done for another window's lane of that name: the first window, closed by then, would stay for ever.
    again = Lane("importing", lambda request, cancelled: None, patience=0.0)
    collector.pass_over_libraries([again])
    with qtbot.waitSignal(again.answered):
        again.ask(object())
    assert gc.get_freeze_count() <= frozen
    for one in (lane, again):
        one.close()
    wait_for([lane, again])
