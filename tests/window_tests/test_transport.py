"""The two transports: playing along the clip and the gap, and running through the kept steps without solving."""

from itertools import pairwise

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from slap_studio import pipeline
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


@pytest.fixture
def solves(opened: Studio, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One entry for each descent from here on."""
    found: list[object] = []
    solve = pipeline.solve_gaps

    def counted(problems, *arguments, **names):
        found.extend(problems)
        return solve(problems, *arguments, **names)

    monkeypatch.setattr(pipeline, "solve_gaps", counted)
    return found


def test_running_stepping_and_dragging_through_the_steps_solve_nothing(opened: Studio, solves: list[object]) -> None:
    panel = opened.space.steps
    opened.window.activateWindow()
    opened.wait(opened.window.isActiveWindow)
    opened.window.setFocus()
    opened.press(Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert opened.settle().request.descent.steps == 0
    opened.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert "Pause" in panel._buttons["play"].toolTip()
    opened.wait(lambda: opened.session.descent.steps >= 10)
    opened.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    stood = opened.session.descent.steps
    assert opened.settle().request.descent.steps == stood
    opened.qtbot.wait(120)
    assert opened.session.descent.steps == stood
    opened.drag_slider(panel.slider, [0.3, 0.7, 0.5])
    opened.press(Qt.Key.Key_Comma)
    opened.press(Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert opened.settle().request.descent.steps == opened.session.horizon
    assert solves == []
    opened.controller.choosing.physics(coupling=0.7)
    opened.settle()
    assert len(solves) == 1


def test_a_run_ends_at_the_last_step_and_goes_on_from_where_a_hand_put_it(opened: Studio) -> None:
    opened.controller.choosing.steps(20)
    QTest.mouseClick(opened.space.steps._buttons["play"], Qt.MouseButton.LeftButton)
    opened.wait(lambda: opened.session.descent.steps > 20)
    opened.controller.choosing.steps(96)
    opened.wait(lambda: not opened.controller.stepping.running)
    assert opened.session.descent.steps == opened.session.horizon == 100
    assert "Run" in opened.space.steps._buttons["play"].toolTip()
    # All that a run changed is taken back at once; what a hand changed on its way stands by itself.
    opened.controller.undoing.undo()
    assert opened.session.descent.steps == 96
    # From the end it begins again.
    opened.controller.stepping.last()
    opened.controller.stepping.toggle()
    assert opened.session.descent.steps == 0
    opened.controller.stepping.toggle()


class Fifths:
    """A clock by which a fifth of a second has gone by whenever it is asked."""

    def start(self) -> None:
        pass

    def restart(self) -> int:
        return 200


def test_slow_motion_takes_fewer_steps_in_the_same_time(opened: Studio) -> None:
    stepping = opened.controller.stepping
    QTest.mouseClick(opened.space.steps.slow, Qt.MouseButton.LeftButton)
    assert stepping.slow
    assert opened.space.steps.slow.isChecked()
    opened.controller.choosing.steps(0)
    stepping._clock = Fifths()
    stepping.toggle()
    seen: list[int] = []
    opened.controller.store.changed.connect(lambda new, _old: seen.append(new.descent.steps))
    opened.wait(lambda: len(seen) >= 3)
    stepping.toggle_slow()
    opened.wait(lambda: seen[-1] == 100)
    assert seen[:3] == [1, 2, 3]
    assert seen[-2] - seen[-3] == 6


def test_the_curves_over_the_steps_carry_the_values_at_the_cursor(opened: Studio) -> None:
    answer = opened.settle()
    values = opened.space.steps._shown
    opened.wait(lambda: f"{answer.residual:.3g}" in values["max |∇S|"].text())
    assert f"{float(answer.energies.action):.3g}" in values["S"].text()
    drawn = opened.space.steps.plot._lines["max |∇S|"].getData()[1]
    assert len(drawn) == len(answer.solution.residuals)
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert drawn[0] > drawn[-1]


def test_playing_within_the_gap_goes_round_and_slowly(opened: Studio) -> None:
    playing, gap = opened.controller.playing, opened.session.gap
    opened.window.setFocus()
    opened.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert opened.space.time.loop.isChecked()
    opened.press(Qt.Key.Key_Home)
    seen: list[float] = []
    opened.controller.store.changed.connect(lambda new, _old: seen.append(new.cursor))
    opened.press(Qt.Key.Key_Space)
    assert opened.session.cursor == gap.start
    opened.controller.move_cursor(gap.end - 0.1)
    opened.wait(lambda: any(later < before for before, later in pairwise(seen)))
    opened.press(Qt.Key.Key_Space)
    assert all(gap.start <= time <= gap.end for time in seen)
    playing.slower()
    playing.slower()
    assert playing.speed == 0.25
    assert opened.space.time._speed.currentText() == "0.25×"
