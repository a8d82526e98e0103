"""The keyboard alone reaches everything, and everything that it reaches says what it is."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenuBar,
    QScrollBar,
    QWidget,
)

from slap_studio.views.controls import LabelledSlider
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSlider, QAbstractItemView)


def controls(window: QWidget) -> list[QWidget]:
    """All that a hand can use, without the parts that Qt makes for itself."""
    found = []
    for widget in window.findChildren(QWidget):
        takes_keys = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if not (isinstance(widget, CONTROLS) or takes_keys) or isinstance(widget, (QScrollBar, QLabel, QMenuBar)):
            continue
        holder = widget.parentWidget()
        of_qt = widget.objectName().startswith("qt_") or (holder is not None and holder.parent().__class__ is QComboBox)
        if not of_qt:
            found.append(widget)
    return found


def test_every_control_says_what_it_is_and_what_it_does(opened: Studio) -> None:
    opened.wait(lambda: bool(opened.space.physics.lights.lamps))
    listed = []
    for view in ("bifurcation", "sweep", "map"):
        opened.controller.choosing.view(view)
        listed += [control for control in controls(opened.window) if control.isVisible()]
    assert len(set(listed)) > 30
    for control in listed:
        name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
        holder = control.parentWidget()
        hint = control.toolTip() or control.accessibleDescription()
        if not hint and isinstance(holder, LabelledSlider):
            hint = holder.toolTip()
        what = (type(control).__name__, name, type(holder).__name__)
        assert name, what
        assert hint, what


def test_figures_on_screen_have_a_sentence(opened: Studio) -> None:
    space = opened.space
    for panel in (space.physics, space.steps, space.time, space.inspector):
        for text in panel.findChildren(QLabel):
            figure = text.isVisible() and any(sign.isdigit() for sign in text.text())
            if figure and text.property("role") not in ("title",):
                held = text.toolTip() or getattr(text, "hint", "") or text.parentWidget().toolTip()
                assert held, text.text()


def test_tab_goes_round_through_every_control_that_is_seen(opened: Studio) -> None:
    first = opened.window.top.query
    first.setFocus()
    seen = [first]
    while True:
        QTest.keyClick(seen[-1], Qt.Key.Key_Tab)
        now = opened.window.focusWidget()
        if now is first:
            break
        assert now not in seen, now
        seen.append(now)
    space = opened.space
    for control in controls(opened.window):
        visible = control.isVisible() and control.isEnabled() and not isinstance(control.window(), QDialog)
        if visible and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert control in seen, (type(control), control.accessibleName())
    assert seen.index(space.stage.stage.picture) < seen.index(space.time.rows)


@pytest.mark.parametrize("theme", ["dark", "light", "projector"])
def test_the_focus_is_seen(opened: Studio, theme: str) -> None:
    space = opened.space
    opened.dress(theme)
    opened.window.activateWindow()
    opened.wait(opened.window.isActiveWindow)
    button = next(part for part in space.physics.findChildren(QAbstractButton) if part.text() == "Weak")
    for control in (button, space.physics.coupling.slider, space.physics.kinetic, space.time.rows,
                    space.stage.stage.picture, opened.window.top.query):  # fmt: skip
        opened.window.setFocus()
        without = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        assert control.grab().toImage() != without, control


def test_the_gap_is_shifted_and_the_map_zoomed_by_keys(opened: Studio) -> None:
    rows, gap = opened.space.time.rows, opened.session.gap
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert (opened.session.gap.start, opened.session.gap.end) == pytest.approx((gap.start + 0.1, gap.end + 0.1))
    QTest.keyClick(rows, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert (opened.session.gap.start, opened.session.gap.end) == pytest.approx((gap.start, gap.end))
    actions = {action.name: action for action in opened.window.menus.actions}
    actions["gap.longer"].run()
    assert opened.session.gap.end == pytest.approx(gap.end + 0.1)
    for _ in range(60):
        actions["gap.shorter"].run()
    # It never becomes empty.
    assert opened.session.gap.end - opened.session.gap.start == pytest.approx(0.2)
    stage = opened.space.stage.stage
    wide = stage._pixel()
    actions["view.zoom.in"].run()
    near = stage._pixel()
    assert near < wide
    actions["view.zoom.out"].run()
    assert stage._pixel() == pytest.approx(wide)
    near = next(part for part in opened.space.inspector._pictures if part.isVisible())
    near.setFocus()
    QTest.keyClick(near, Qt.Key.Key_Return)
    assert opened.session.cursor == near._neighbour.time
    opened.controller.jump("start")
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Right)
    assert opened.session.cursor == pytest.approx(0.1)
