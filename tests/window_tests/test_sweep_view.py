"""The sweep in the real window: it fills while it is in view, a click loads a cell, the newest gap wins."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from slap_studio import sweep
from slap_studio.core.types import Descent
from slap_studio.pipeline import solve
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


@pytest.fixture
def swept(opened: Studio, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """Fewer cells than the studio's own, so that a sweep ends while a test waits."""
    monkeypatch.setattr(sweep, "COUPLINGS", (0.1, 10.0, 3))
    monkeypatch.setattr(sweep, "MASSES", (0.1, 10.0, 3))
    (button,) = (b for b in opened.space.stage.findChildren(QPushButton) if b.text() == "Sweep")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    return opened


def test_the_cells_fill_with_what_solves_give_and_hands_load_them(swept: Studio) -> None:
    view, grid = swept.space.stage.sweep, swept.space.stage.sweep.map
    assert view.isVisible()
    assert not swept.space.stage.stage.isVisible()
    swept.wait(lambda: len(grid.cells) == 9)
    assert view.progress.text() == "9 cells"
    answer = swept.answers[-1]
    same = answer.request.physics.__class__(10.0, 0.1)
    alone = solve(answer.posed.problem, same, answer.request.descent, keep_history=False)
    assert grid.cells[0, 2].s_kin == pytest.approx(float(alone.energies.s_kin), rel=1e-5)
    QTest.mouseMove(grid, grid.centre(1, 1).toPoint())
    QTest.mouseMove(grid, grid.centre(2, 0).toPoint())
    swept.wait(lambda: "κ 0.0100" in grid.said.text())
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.centre(2, 0).toPoint())
    assert (swept.session.physics.coupling, swept.session.physics.mass) == (0.1, 10.0)
    assert swept.space.physics.coupling.field.text() == "0.100"
    assert swept.space.physics.mass.field.text() == "10.0"
    swept.settle()
    # Loading a cell is no other problem: the map stays as it is.
    assert len(grid.cells) == 9
    grid.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(grid, key)
    assert (swept.session.physics.coupling, swept.session.physics.mass) == (1.0, 1.0)
    before = grid.grab().toImage()
    view.quantity.setCurrentIndex(1)
    assert grid.grab().toImage() != before


def test_a_newer_request_takes_the_place_of_the_older(swept: Studio) -> None:
    grid = swept.space.stage.sweep.map
    swept.wait(lambda: len(grid.cells) >= 2)
    swept.controller.choosing.steps(20)
    swept.settle()
    swept.wait(lambda: len(grid.cells) == 9)
    problem, physics = swept.answers[-1].posed.problem, swept.session.physics
    alone = solve(problem, physics.__class__(10.0, 1.0), Descent(20), keep_history=False)
    # Nothing of the older sweep is left among the cells.
    assert grid.cells[1, 2].e_pot == pytest.approx(float(alone.energies.e_pot), rel=1e-5)
    first = solve(problem, physics.__class__(0.1, 0.1), Descent(20), keep_history=False)
    assert grid.cells[0, 0].e_pot == pytest.approx(float(first.energies.e_pot), rel=1e-6)


def test_a_hand_stops_the_sweep_and_lets_it_go_on(swept: Studio) -> None:
    view, grid = swept.space.stage.sweep, swept.space.stage.sweep.map
    swept.wait(lambda: len(grid.cells) >= 1)
    QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
    stopped = len(grid.cells)
    assert stopped < 9
    assert view.button.text() == "Go on"
    swept.qtbot.wait(300)
    assert len(grid.cells) == stopped
    QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
    swept.wait(lambda: len(grid.cells) == 9)
    assert not view.button.isVisible()


def test_before_the_first_path_the_map_says_what_to_do(studio: Studio) -> None:
    studio.window.build_workspace()
    grid = studio.space.stage.sweep.map
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(100, 60))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.cells == {}
