"""From where each view is looked at: turned by keys, kept with the work."""

from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt

from slap_studio.app import dialogs
from slap_studio.session.file import read_session
from slap_studio.session.look import View
from slap_studio.views.action_row import all_printed
from tests.window_tests.space import look_at, wait_for
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def to_the_stage(studio: Studio) -> None:
    """Go on with Tab until the keyboard is on the stage's picture."""
    studio.window.activateWindow()
    studio.wait(studio.window.isActiveWindow)
    studio.window.top.query.setFocus()
    for _ in range(200):
        if studio.space.stage.has_focus:
            return
        studio.press(Qt.Key.Key_Tab)
    raise AssertionError("Tab does not lead to the stage")


def eye_of(studio: Studio) -> tuple[float, ...]:
    camera = studio.space.stage.spatial.camera
    return camera.azimuth, camera.elevation, camera.scale_factor, *camera.center


def test_on_the_stage_the_keys_turn_the_slice_and_elsewhere_they_move_the_cursor(opened: Studio) -> None:
    look_at(opened, View.SLICE)
    to_the_stage(opened)
    cursor, gap, first = opened.session.cursor, opened.session.gap, eye_of(opened)
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_Up)
    turned = eye_of(opened)
    assert (turned[0] - first[0]) % 360 == pytest.approx(12)
    assert turned[1] == pytest.approx(first[1] + 6)
    assert turned[2:] == pytest.approx(first[2:])
    opened.press(Qt.Key.Key_Left)
    opened.press(Qt.Key.Key_Down)
    assert (eye_of(opened)[0] - first[0]) % 360 == pytest.approx(6)
    opened.press(Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier)
    near = eye_of(opened)[2]
    assert near < first[2]
    opened.press(Qt.Key.Key_Minus)
    assert eye_of(opened)[2] == pytest.approx(first[2])
    assert opened.session.cursor == cursor
    opened.press(Qt.Key.Key_Home)
    assert eye_of(opened) == pytest.approx(first)
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_0)
    assert eye_of(opened) == pytest.approx(first)
    assert opened.session.cursor == cursor
    # What no key of the stage is, is the window's as ever.
    opened.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert opened.session.gap.start > gap.start
    opened.press(Qt.Key.Key_5)
    assert opened.session.cursor != cursor
    opened.space.time.rows.setFocus()
    opened.press(Qt.Key.Key_Home)
    assert opened.session.cursor == 0
    opened.press(Qt.Key.Key_Right)
    assert opened.session.cursor == pytest.approx(0.1)
    assert eye_of(opened) == pytest.approx(first)


def test_the_same_keys_move_the_map_and_the_sheet_names_them(opened: Studio) -> None:
    to_the_stage(opened)
    stage, cursor = opened.space.stage.stage, opened.session.cursor
    left, bottom, wide, high = stage.camera
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_Down)
    moved = stage.camera
    assert moved[0] > left
    assert moved[1] < bottom
    assert moved[2:] == pytest.approx((wide, high))
    opened.press(Qt.Key.Key_Equal)
    assert stage.camera[2] < wide
    opened.press(Qt.Key.Key_Home)
    assert stage.camera == pytest.approx((left, bottom, wide, high))
    assert opened.session.cursor == cursor
    printed = {action.name: all_printed(action) for action in opened.window.menus.actions}
    assert printed["view.turn.left"] == "← on the stage"
    assert printed["view.fit"] == "Ctrl + 0  or  Home, 0 on the stage"
    assert "arrow keys" in opened.space.stage.switch._buttons["globe"].toolTip()
    # Another view has nothing to turn, which is said when it is asked for.
    opened.controller.choosing.view("bifurcation")
    (left_key,) = (action for action in opened.window.menus.actions if action.name == "view.turn.left")
    assert "Ctrl+1" in left_key.unavailable()


def test_every_views_camera_is_kept_and_comes_back(opened: Studio, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "work.slap"
    monkeypatch.setattr(dialogs, "ask_where_to_save", lambda *_arguments: path)
    look_at(opened, View.SLICE)
    spatial = opened.space.stage.spatial
    spatial.turn(3, -1)
    slice_seen = eye_of(opened)
    look_at(opened, View.GLOBE)
    to_the_stage(opened)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Minus):
        opened.press(key)
    globe_seen = eye_of(opened)
    with opened.qtbot.waitSignal(opened.controller.keeping.saved, timeout=20_000):
        opened.controller.keeping.save()
    kept = read_session(path).desk.camera
    assert kept["globe/azimuth"] == pytest.approx(globe_seen[0])
    assert kept["slice/elevation"] == pytest.approx(slice_seen[1])
    # Opened again all is as it was, in the view that stood there and in those that are looked at later.
    opened.press(Qt.Key.Key_Home)
    look_at(opened, View.SLICE)
    to_the_stage(opened)
    opened.press(Qt.Key.Key_Home)
    assert eye_of(opened) != pytest.approx(slice_seen)
    before = len(opened.answers)
    with opened.qtbot.waitSignal(opened.controller.clip_shown, timeout=60_000):
        opened.drop(path)
    opened.wait(lambda: any(answer.stand.view is View.GLOBE for answer in opened.answers[before:]))
    opened.settle()
    assert eye_of(opened) == pytest.approx(globe_seen)
    look_at(opened, View.SLICE)
    assert eye_of(opened) == pytest.approx(slice_seen)
    # A clip by itself begins as any clip does.
    opened.open(opened.session.video)
    wait_for(opened, View.SLICE)
    assert eye_of(opened) != pytest.approx(slice_seen)
