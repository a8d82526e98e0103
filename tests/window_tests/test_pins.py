"""Pinning a path in the real window: drawn beside the present one, compared in a table, brought back, unpinned."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def texts(studio: Studio, line: int) -> dict[str, str]:
    """What the table shows in a row, 0 being the present path."""
    cells = studio.space.pins._lines[line].cells
    return {title: cell.text() for title, cell in cells.items() if cell.isVisible()}


def test_a_pinned_path_is_drawn_and_compared_and_its_settings_come_back(opened: Studio) -> None:
    first, panel, plot = opened.settle(), opened.space.pins, opened.space.time.rows.plot
    opened.window.setFocus()
    assert not panel.isVisible()
    opened.press(Qt.Key.Key_P)
    assert panel.isVisible()
    opened.press(Qt.Key.Key_P)
    assert "pinned already" in opened.window.message.text
    opened.controller.choosing.physics(coupling=2.0)
    opened.controller.choosing.steps(80)
    opened.settle()
    (path,) = opened.space.stage.stage.further.paths
    assert path.places == pytest.approx(first.places)
    assert path.style is not None
    assert len(plot._beside) == 1
    assert texts(opened, 0)["λ"] == "2.00"
    row = texts(opened, 1)
    assert (row["λ"], row["K"]) == ("0.500", "50")
    assert float(row["S"]) == pytest.approx(float(first.energies.action), rel=0.01)
    assert float(row["angle"].removesuffix("°")) > 1
    assert "query" not in row  # it is the same for both
    opened.controller.choosing.query("a blue ball")
    opened.settle()
    assert texts(opened, 1)["query"] == "a red cube"
    QTest.mouseClick(panel._lines[1].name, Qt.MouseButton.LeftButton)
    back = opened.settle()
    assert back.request.physics == first.request.physics
    assert back.request.descent == first.request.descent
    assert texts(opened, 1)["angle"] == "0°"
    QTest.mouseClick(panel._lines[1].close, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    assert opened.space.stage.stage.further.paths == ()
    assert opened.session.pins == ()


def test_two_pins_are_told_apart_and_the_third_takes_the_older_ones_place(opened: Studio) -> None:
    answers = []
    for coupling in (0.0, 1.0, 5.0):
        opened.controller.choosing.physics(coupling=coupling)
        answers.append(opened.settle())
        opened.controller.pinning.pin()
    opened.controller.choosing.physics(coupling=0.2)
    opened.settle()
    assert [pin.settings.physics.coupling for pin in opened.session.pins] == [1.0, 5.0]
    paths = opened.space.stage.stage.further.paths
    assert len({path.style for path in paths}) == 2
    assert [path.places for path in paths] == [pytest.approx(one.places) for one in answers[1:]]
    assert [texts(opened, line)["λ"] for line in (0, 1, 2)] == ["0.200", "1.00", "5.00"]
    assert texts(opened, 2)["alarms"] == f"▲ {int(answers[2].alarm.raised.sum())}"
    opened.window.resize(1280, 800)
    opened.rest()
    assert opened.window.size().width() == 1280
    assert opened.window.size().height() == 800
    opened.controller.pinning.clear()
    assert not opened.space.pins.isVisible()
