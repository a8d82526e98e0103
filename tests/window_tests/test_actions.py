"""Everything that can be asked for: in the menus, by key, and refused in a sentence where it cannot be."""

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from slap_studio.views.action import Action, is_plain
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def shown(menu: QMenu) -> list[QAction]:
    found = []
    for action in menu.actions():
        found += shown(action.menu()) if action.menu() is not None else [action]
    return found


def test_the_list_is_whole_and_every_action_stands_in_its_menu(studio: Studio) -> None:
    actions = studio.window.menus.actions
    assert [name for name, count in Counter(action.name for action in actions).items() if count > 1] == []
    keys = Counter(QKeySequence(key).toString() for action in actions for key in action.all_keys)
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys
    for action in actions:
        assert action.text, action.name
        assert action.hint.endswith("."), action.name
    entries = [entry.data() for top in studio.window.menuBar().actions() for entry in shown(top.menu())]
    in_menus = Counter(entry.name for entry in entries if isinstance(entry, Action))
    assert in_menus == Counter(action.name for action in actions)


@pytest.mark.parametrize(
    ("key", "plain"),
    [
        ("A", True),
        ("Shift+N", True),
        (",", True),
        ("Home", True),
        ("Ctrl+A", False),
        ("F2", False),
        ("Shift+F3", False),
    ],
)
def test_a_key_that_a_control_may_need_is_plain(key: str, plain: bool) -> None:
    assert is_plain(key) == plain


def test_what_cannot_be_done_is_said_and_is_grey_only_while_the_menu_is_open(studio: Studio) -> None:
    QTest.keyClick(studio.window, Qt.Key.Key_Space)
    assert studio.window.message.isVisible()
    assert "Open a video first" in studio.window.message.text
    menu = next(top.menu() for top in studio.window.menuBar().actions() if top.text() == "&Time")
    play = next(entry for entry in shown(menu) if entry.data().name == "time.play")
    menu.popup(studio.window.mapToGlobal(studio.window.rect().center()))
    assert not play.isEnabled()
    assert "Open a video first" in play.toolTip()
    menu.close()
    assert play.isEnabled()


def test_plain_keys_belong_to_the_control_that_needs_them(opened: Studio, small_clip: Path) -> None:
    query = opened.window.top.query
    query.setFocus()
    before = opened.session.cursor
    QTest.keyClick(query, Qt.Key.Key_Home)
    assert opened.session.cursor == before
    opened.window.setFocus()
    QTest.keyClick(opened.window, Qt.Key.Key_Home)
    assert opened.session.cursor == 0.0
    QTest.keyClick(opened.window, Qt.Key.Key_R)
    assert opened.session.revealed
