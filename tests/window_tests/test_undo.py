"""Undo and redo in the real window: what one gesture changed is one step."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.window_tests.studio import Studio, typed

pytestmark = pytest.mark.window

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def _active(opened: Studio) -> None:
    """Shortcuts are heard in an active window only, and without a window manager nobody makes it that."""
    opened.window.activateWindow()
    opened.wait(opened.window.isActiveWindow)


def undo(studio: Studio) -> None:
    studio.press(Qt.Key.Key_Z, CONTROL)


def text_in_menu(studio: Studio, name: str) -> str:
    menus = studio.window.menus
    menus.menu("Edit").aboutToShow.emit()
    entry = next(entry for entry in menus.menu("Edit").actions() if entry.data() and entry.data().name == name)
    text = entry.text()
    menus.menu("Edit").aboutToHide.emit()
    return text


def test_drags_typed_values_and_keys_are_undone_one_by_one_and_done_again(opened: Studio) -> None:
    began, physics, rows = opened.session, opened.space.physics, opened.space.time.rows
    opened.window.setFocus()
    undo(opened)
    assert "nothing to undo" in opened.window.message.text
    states = [opened.session]
    opened.drag_slider(physics.coupling.slider, [0.55, 0.6, 0.7, 0.8])
    states.append(opened.session)
    y = rows.height() - 22 - 6 - 27
    opened.drag(rows, QPoint(round(rows.axis.x(opened.session.gap.start)), y), QPoint(round(rows.axis.x(0.83)), y))
    states.append(opened.session)
    typed(physics.mass.field, "2.5")
    states.append(opened.session)
    # Leaving the field by a click elsewhere takes the value, and is no part of the drag that follows.
    physics.mass.field.selectAll()
    QTest.keyClicks(physics.mass.field, "3")
    opened.drag_slider(physics.step_size.slider, [0.4, 0.3])
    assert (opened.session.physics.mass, opened.session.descent.step_size != 0.01) == (3.0, True)
    states += [None, opened.session]
    opened.window.setFocus()
    for _ in range(2):
        opened.press(Qt.Key.Key_Comma)
        states.append(opened.session)
    assert text_in_menu(opened, "edit.undo") == "Undo steps K"
    seen = [opened.session]
    while opened.session != began:
        undo(opened)
        seen.append(opened.session)
    assert len(seen) == len(states)
    assert all(was is None or was == now for was, now in zip(states, reversed(seen), strict=True))
    assert text_in_menu(opened, "edit.redo") == "Redo coupling λ"
    assert rows._gap == (began.gap.start, began.gap.end)
    assert opened.settle().request.physics == began.physics
    for _ in range(len(states) - 1):
        opened.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert opened.session == states[-1]
    assert opened.settle().request.physics.mass == 3.0


def test_a_held_key_and_a_spinning_wheel_are_one_step_each(opened: Studio) -> None:
    began, slider = opened.session, opened.space.physics.coupling.slider
    slider.setFocus()
    for repeated in (False, True, True):
        QApplication.sendEvent(
            slider, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, "", repeated)
        )
    QTest.keyRelease(slider, Qt.Key.Key_Right)
    held = opened.session
    assert held.physics.coupling > began.physics.coupling
    centre = slider.rect().center()
    for _ in range(3):
        QApplication.sendEvent(
            slider,
            QWheelEvent(
                centre, slider.mapToGlobal(centre), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            ),
        )  # fmt: skip
    assert opened.session.physics.coupling > held.physics.coupling
    undo(opened)
    assert opened.session == held
    undo(opened)
    assert opened.session == began


def test_a_field_undoes_its_own_typing_first(opened: Studio) -> None:
    began, box = opened.session, opened.window.top.query
    typed(box, "a blue ball")
    assert opened.session.query == "a blue ball"
    undo(opened)
    # How much of what was typed a field takes back at once is Qt's own choice.
    assert box.text() != "a blue ball"
    assert opened.session.query == "a blue ball"
    opened.wait(lambda: opened.session.query == box.text())
    opened.window.setFocus()
    while opened.session != began:
        undo(opened)
    assert box.text() == "a red cube"
    field = opened.space.physics.coupling.field
    typed(field, "2")
    # The field has nothing more of its own to undo.
    undo(opened)
    assert opened.session.physics.coupling == 0.5
    assert field.text() == "0.500"


def test_a_drag_is_watched_alone_and_one_whose_release_never_comes_ends_of_its_own_accord(opened: Studio) -> None:
    physics, gestures, every = opened.space.physics, opened.controller.undoing.gestures, QApplication.instance()
    slider = physics.coupling.slider
    opened.drag_slider(slider, [0.55, 0.6])
    assert gestures.watched is every
    states = [opened.session]
    middle = slider.rect().center()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    for right in (10, 20, 30):
        QTest.mouseMove(slider, middle + QPoint(right, 0))
    assert gestures.watched not in (every, None)
    # A dialog, say, has taken the release.
    opened.wait(lambda: gestures.watched is every)
    states.append(opened.session)
    typed(physics.mass.field, "2.5")
    typed(physics.mass.field, "3.5")
    assert opened.session.physics.mass == 3.5
    opened.window.setFocus()
    for expected in (2.5, states[1].physics.mass):
        undo(opened)
        assert opened.session.physics.mass == expected
    undo(opened)
    assert opened.session.physics.coupling == states[0].physics.coupling != states[1].physics.coupling
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle)
