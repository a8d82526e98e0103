"""Garbage is collected on the window's thread, and the libraries that work brings in are passed over."""

import gc
import shutil
import threading
import weakref

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QCoreApplication

from slap_studio.app.garbage import _IMPORTED, GarbageCollector
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
    gc.collect()  # what tests before left could be as much as a library
    told = _Circle().freed_on
    for _ in range(2000):  # young enough objects for the collector to look
        _Circle()
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert told == [threading.get_ident()]


def test_what_comes_in_such_numbers_as_a_library_does_is_passed_over_without_a_look(qapp, qtbot) -> None:
    gc.unfreeze()
    looked: list[int] = []

    def look(phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            looked.append(gc.get_count()[0])

    gc.callbacks.append(look)
    library = [[number] for number in range(2 * _IMPORTED)]
    try:
        qtbot.waitUntil(lambda: gc.get_count()[0] < _IMPORTED, timeout=20_000)
        assert max(looked, default=0) < _IMPORTED
        assert gc.get_freeze_count() >= len(library)
    finally:
        gc.callbacks.remove(look)
        gc.unfreeze()


def test_nothing_keeps_a_closed_window(new_studio, small_clip, qtbot) -> None:
    kept = _open_and_close(new_studio(), small_clip)
    qtbot.waitUntil(lambda: _alive(kept) == [], timeout=30_000)


def test_nothing_keeps_the_clip_that_was_open_before(opened, tmp_path) -> None:
    controller = opened.controller
    _compare_and_sweep(opened)
    controller.choosing.view("globe")
    opened.settle()
    controller.pinning.pin()
    before = {"clip": weakref.ref(controller.loaded.clip)}
    other = tmp_path / "other.mp4"
    shutil.copy(controller.session.video, other)
    opened.open(other)
    opened.settle()
    opened.answers.clear()
    opened.rest()
    opened.wait(lambda: _alive(before) == [])


def test_nothing_keeps_the_steps_of_a_path_that_was_drawn_before(opened) -> None:
    controller = opened.controller
    _compare_and_sweep(opened)
    with opened.qtbot.waitSignal(controller.measuring.branched, timeout=60_000):
        controller.choosing.view("bifurcation")
    opened.rest()
    controller.pinning.pin()
    before = {"history": weakref.ref(controller.presenter.answer.solution.history)}
    assert _alive(before) == ["history"]
    controller.choosing.toggle_compare()
    controller.choosing.view("map")
    controller.choosing.physics(coupling=3.0)
    opened.settle()
    opened.answers.clear()
    opened.wait(lambda: _alive(before) == [])


def _alive(parts: dict[str, weakref.ref]) -> list[str]:
    gc.unfreeze()  # what a lane's first answer passed over may hold such parts
    gc.collect()
    return [name for name, part in parts.items() if part() is not None]


def _compare_and_sweep(opened) -> None:
    controller = opened.controller
    controller.choosing.toggle_compare()
    with opened.qtbot.waitSignal(controller.comparing.compared, timeout=60_000):
        pass
    with opened.qtbot.waitSignal(controller.sweeping.cell_shown, timeout=60_000):
        controller.choosing.view("sweep")


def _open_and_close(studio, clip) -> dict[str, weakref.ref]:
    """Once more in a function of its own, so that this test itself holds nothing."""
    studio.open(clip)
    studio.settle()
    controller = studio.controller
    parts = {"controller": controller, "store": controller.store, "window": controller.window}
    parts |= {"presenter": controller.presenter, "workspace": controller.window.workspace}
    controller.close()
    wait_for(controller.lanes.values())
    controller.window.close()
    controller.window.deleteLater()
    return {name: weakref.ref(part) for name, part in parts.items()}


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
