"""Panels while a lesson's column comes and goes: Qt has nothing to complain of, and they are all there again."""

from collections.abc import Iterator

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import qInstallMessageHandler

from slap_studio.lessons.shipped import lesson_path
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What Qt says from here on."""
    found: list[str] = []
    before = qInstallMessageHandler(lambda _kind, _context, text: found.append(text))
    yield found
    qInstallMessageHandler(before)


def test_a_lessons_column_comes_and_goes_without_a_word_from_qt(opened: Studio, complaints: list[str]) -> None:
    def shown() -> set[str]:
        return {name for name, panel in opened.space.panels.items() if panel.isVisible() and not panel.isFloating()}

    places, before = shown(), len(opened.answers)
    opened.controller.open_file(lesson_path("ballistic"))
    opened.wait(lambda: opened.controller.teaching.running and len(opened.answers) > before)
    opened.settle()
    opened.wait(lambda: "video" not in shown())
    opened.rest()  # until the column has taken its room
    (leave,) = (action for action in opened.window.menus.actions if action.name == "lesson.leave")
    leave.run()
    opened.wait(lambda: shown() == places)
    opened.rest()  # once more when the panels know what they need
    opened.space.panels["physics"].setFloating(True)
    opened.space.reset_layout()
    opened.wait(lambda: shown() == places)
    assert [said for said in complaints if "resizeDocks" in said] == []
