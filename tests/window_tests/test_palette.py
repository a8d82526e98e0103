"""The palette and the sheet of shortcuts: made from the one list, run by keys alone."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from slap_studio.views.action_row import WHY_NOT, all_printed, printed
from slap_studio.views.palette import Palette, found_for, likeness
from slap_studio.views.shortcut_sheet import ShortcutSheet
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def open_palette(studio: Studio) -> Palette:
    """By its shortcut: without a window manager no window is active, so that Qt would not hear the keys themselves."""
    (entry,) = (entry for entry in studio.window.actions() if entry.shortcut() == QKeySequence("Ctrl+Shift+P"))
    entry.trigger()
    return the_palette(studio)


def the_palette(studio: Studio) -> Palette:
    (palette,) = studio.window.findChildren(Palette)
    return palette


def test_letters_in_order_are_found_and_beginnings_of_words_count_most() -> None:
    assert likeness("xq", "Next frame") is None
    assert likeness("eN", "Next frame") is None
    assert likeness("nf", "Next frame") > likeness("xt", "Next frame") > likeness("nm", "fine moon") - 20
    assert likeness("nf", "Next frame") > likeness("nf", "Confirm")
    assert likeness("pal", "Open the palette") > likeness("pal", "Put a blank")
    assert likeness("", "Next frame") == 0


def test_keys_are_printed_as_on_a_keyboard() -> None:
    assert [printed(key) for key in ("Ctrl+Shift+P", "Left", "Shift+Right", "?", ",", "Ctrl++", "+")] == [
        "Ctrl + Shift + P", "←", "Shift + →", "?", ",", "Ctrl + +", "+",
    ]  # fmt: skip


def test_the_palette_finds_runs_and_says_why_not(opened: Studio) -> None:
    palette = open_palette(opened)
    assert palette.found.count() == len(opened.window.menus.actions)
    QTest.keyClicks(palette.line, "end clip")
    assert palette.chosen.name == "time.end"
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    other = palette.chosen
    assert other.name != "time.end"
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert opened.session.cursor == pytest.approx(3.9)
    opened.wait(lambda: not opened.window.findChildren(Palette))
    palette = open_palette(opened)
    QTest.keyClicks(palette.line, "zzzz")
    assert palette.chosen is None
    assert palette.nothing.isVisible()
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    opened.wait(lambda: not opened.window.findChildren(Palette))


def test_without_a_clip_the_palette_says_what_is_missing(studio: Studio) -> None:
    palette = open_palette(studio)
    QTest.keyClicks(palette.line, "Play or")
    assert "Open a video first" in palette.found.item(0).data(WHY_NOT)
    assert "Open a video first" in palette.found.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert "Open a video first" in studio.window.message.text


def test_every_action_is_found_by_its_own_name(studio: Studio) -> None:
    actions = studio.window.menus.actions
    for action in actions:
        best = found_for(f"{action.menu} {action.text}", actions)[0]
        assert (best.menu, best.text) == (action.menu, action.text)


def test_the_sheet_lists_every_action_with_its_keys(studio: Studio) -> None:
    QTest.keyClick(studio.window, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    (sheet,) = studio.window.findChildren(ShortcutSheet)
    assert [action for section in sheet.sections for action in section.listed] == list(studio.window.menus.actions)
    for section in sheet.sections:
        assert section.isVisible()
        assert all(action.menu.split("/")[0] == section.accessibleName() for action in section.listed)
        for action, (name, keys) in zip(section.listed, section.lines, strict=True):
            assert name.endswith(action.text)
            assert " or ".join(keys).replace("  or  ", " or ") == all_printed(action).replace("  or  ", " or ")
            assert name in section.accessibleDescription()
        # Heights from the top to the bottom: each action says what it does, in the order in which they stand.
        hints = [section.hint_at(high) for high in range(section.height())]
        told = [hint for hint, before in zip(hints, ["", *hints], strict=False) if hint and hint != before]
        assert told == [action.hint for action in section.listed]
        assert section.hint_at(-1) == section.hint_at(section.height()) == ""
    assert sheet.width() <= studio.window.width()
    assert sheet.height() <= studio.window.height()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    studio.wait(lambda: not studio.window.findChildren(ShortcutSheet))


def test_what_cannot_be_done_now_stands_below_what_can(opened: Studio) -> None:
    found = found_for("export", opened.window.menus.actions)
    assert not found[0].unavailable()
    assert any(action.unavailable() for action in found)
    assert found_for("stop the exp", opened.window.menus.actions)[0].text == "Stop the export"
