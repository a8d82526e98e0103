"""The table of pinned paths as a panel: it comes with a pin, closes, moves, comes back, and goes with the last one."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def toggle(studio: Studio) -> None:
    (action,) = (action for action in studio.window.menus.actions if action.name == "view.panel.pins")
    action.run()


def test_the_pins_are_a_panel_that_closes_moves_and_comes_back(opened: Studio) -> None:
    space = opened.space
    panel, stage = space.panels["pins"], space.stage
    assert not panel.isVisible()
    high = stage.height()
    toggle(opened)
    assert panel.isVisible()
    assert "P keeps the path" in space.pins._empty.text()
    assert space.pins._empty.isVisible()
    toggle(opened)
    opened.window.setFocus()
    opened.press(Qt.Key.Key_P)
    assert panel.isVisible()
    assert not space.pins._empty.isVisible()
    # It lies over the stage, which gives it the room; what stands beside both stays.
    opened.wait(lambda: stage.height() < high)
    assert panel.geometry().bottom() < stage.mapTo(space._docks, stage.rect().topLeft()).y()
    assert panel.x() > space.panels["inspector"].geometry().right()
    panel.grip.findChild(QToolButton).click()
    assert not panel.isVisible()
    assert len(opened.session.pins) == 1
    opened.controller.choosing.physics(coupling=2.0)
    opened.settle()
    assert not panel.isVisible()
    toggle(opened)
    assert panel.isVisible()
    panel.setFloating(True)
    space.reset_layout()
    assert not panel.isFloating()
    assert panel.isVisible()
    kept = space.layout_state()
    opened.controller.pinning.clear()
    assert not panel.isVisible()
    opened.wait(lambda: stage.height() == high)
    assert space.restore_layout(kept)
    assert not panel.isVisible()


def test_a_button_whose_row_goes_while_it_is_pressed_asks_for_nothing(opened: Studio) -> None:
    opened.controller.pinning.pin()
    opened.rest()
    pins = opened.space.pins
    for button in (pins._lines[1].close, pins._lines[1].name):
        QTest.mousePress(button, Qt.MouseButton.LeftButton)
        opened.controller.pinning.clear()
        opened.wait(lambda: pins.count == 0)
        QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
        button.click()
        assert opened.session.pins == ()
        opened.controller.pinning.pin()
        opened.rest()
