"""What is laid over the stage and around it has room for its words at every size of type, and hides nothing drawn."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QStyle, QStyleOptionComboBox, QWidget

from slap_studio.lessons.shipped import shipped_lessons
from slap_studio.views.legend import MARKS
from slap_studio.views.physics_panel import Figures
from slap_studio.views.shortcut_sheet import ShortcutSheet
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window
LOOKS = [("dark", 100), ("light", 125), ("dark", 150), ("projector", 100)]


def dress(studio: Studio, theme: str, percent: int) -> None:
    studio.controller.looks.choose_font_size(percent)
    studio.controller.looks.choose_theme(theme)
    studio.rest()


def within(widget: QWidget, other: QWidget) -> QRect:
    return QRect(widget.mapTo(other, QPoint(0, 0)), widget.size())


def drawn(studio: Studio) -> list[QPoint]:
    """Pixels of the stage where the path and the query are drawn."""
    stage = studio.space.stage
    places = (*stage._places.path, stage._places.query)
    return [stage.seen.to_screen(place).toPoint() for place in places]


def test_what_is_laid_over_the_stage_hides_nothing_of_the_path(opened: Studio) -> None:
    for theme, percent in LOOKS:
        stage = opened.space.stage
        dress(opened, theme, percent)
        for view in ("map", "globe", "slice"):
            opened.controller.choosing.view(view)
            opened.settle()
            opened.rest()
            over = (stage.switch, stage.views, stage.beside, stage.look, stage.more, stage.regime, stage.map_note)
            covered = [within(part, stage) for part in over if part.isVisible()] + [stage.legend.geometry()]
            for point in drawn(opened):
                assert not any(box.contains(point) for box in covered), (view, point)


@pytest.mark.parametrize(("theme", "percent"), LOOKS)
def test_the_sphere_keeps_clear_of_card_and_legend(opened: Studio, theme: str, percent: int) -> None:
    opened.controller.choosing.view("slice")
    opened.settle()
    dress(opened, theme, percent)
    stage = opened.space.stage
    ball, (_, up, _) = stage.spatial, stage.spatial._axes()
    top, bottom = (ball._view.scene.transform.map(sign * up)[1] for sign in (1, -1))
    below = max(stage.regime.geometry().bottom(), stage.map_note.geometry().bottom())
    assert below < top < bottom < stage.legend.geometry().top()
    # A hand that came nearer is not undone by another size of type.
    ball.picture.zoom(2)
    nearer = ball.camera.scale_factor
    dress(opened, "dark", 100 if percent != 100 else 125)
    assert ball.camera.scale_factor == nearer


def test_the_legend_has_every_mark_and_the_scale(opened: Studio) -> None:
    legend = opened.space.stage.legend

    def marks() -> list[object]:
        return [mark for row in legend._rows(legend.width()) for mark in row]

    for theme, percent in LOOKS:
        dress(opened, theme, percent)
        # The scale comes with the landscape, which a busy machine draws later.
        opened.wait(lambda: len(marks()) == len(MARKS) + 1)
        rows = legend._rows(legend.width())
        assert all(legend._length(row) <= legend.width() for row in rows)
        assert len(rows) * legend.row <= legend.height()
        opened.controller.choosing.toggle_reveal()
        opened.wait(lambda: ("diamond", "observed", "truth") in marks())
        opened.controller.choosing.toggle_reveal()
        opened.wait(lambda: len(marks()) == len(MARKS) + 1)


def test_plots_in_the_stage_s_place_are_whole(opened: Studio) -> None:
    for theme, percent in LOOKS:
        dress(opened, theme, percent)
        stage = opened.space.stage
        opened.controller.choosing.view("bifurcation")
        opened.rest()
        plot = stage.bifurcation.plot
        for name in ("left", "bottom"):
            axis = plot.getAxis(name)
            written, room = axis.label.mapRectToScene(axis.label.boundingRect()), plot.scene().sceneRect()
            assert room.adjusted(-6, -6, 6, 6).contains(written), (name, written, room)
        assert stage.bifurcation.plot.getAxis("left").autoSIPrefixScale == 1
        opened.controller.choosing.view("sweep")
        # The longest that it ever says beside the quantities.
        opened.controller.sweeping.stop()
        stage.sweep.show_state(100, 112, running=False)
        opened.rest()
        field: QComboBox = stage.sweep.quantity
        option = QStyleOptionComboBox()
        field.initStyleOption(option)
        room = field.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, field
        )
        for index in range(field.count()):
            assert QFontMetrics(field.font()).horizontalAdvance(field.itemText(index)) <= room.width()
        assert within(stage.sweep.quantity, stage).top() > stage.regime.geometry().bottom()


@pytest.mark.parametrize(("theme", "percent"), [("dark", 100), ("projector", 100)])
def test_beside_an_experiment_and_under_pins_no_panel_covers_another(opened: Studio, theme: str, percent: int) -> None:
    space = opened.space
    dress(opened, theme, percent)
    opened.controller.pinning.pin()
    opened.controller.choosing.physics(coupling=5.0)
    opened.settle()
    opened.controller.pinning.pin()
    opened.wait(lambda: space.pins.count == 3)
    for experiment in ("", "twins"):
        if experiment:
            opened.controller.experimenting.show(experiment)
            opened.settle()
        opened.rest()
        assert opened.window.size().toTuple() == (1280, 800)
        shown = [within(panel, space) for panel in space.panels.values() if panel.isVisible()]
        shown.append(within(space.stage, space))
        for index, one in enumerate(shown):
            assert space.rect().contains(one)
            assert not any(one.intersects(other) for other in shown[index + 1 :])
        for panel in space.panels.values():
            whole_of(panel)
    assert space.time._alarm.isVisible()


def whole_of(panel: QWidget) -> None:
    """Nothing in a panel but what scrolls is larger than its place."""
    for part in panel.findChildren(QPushButton) + panel.findChildren(QLabel):
        if part.isVisible() and part.text() and type(part) in (QPushButton, QLabel) and not _scrolls(part):
            assert part.width() >= part.minimumSizeHint().width() - 1, part.text()
            assert within(part, panel).bottom() <= panel.height(), part.text()


def _scrolls(part: QWidget) -> bool:
    parent = part.parentWidget()
    return parent is not None and (parent.objectName() == "qt_scrollarea_viewport" or _scrolls(parent))


def test_a_number_of_many_digits_moves_no_panel(opened: Studio) -> None:
    space = opened.space
    opened.rest()
    before = {name: panel.geometry() for name, panel in space.panels.items()}
    space.physics.show_figures(Figures(0.000123456, 0.000123456, -0.000123456, 0.000123456))
    space.steps._values = dict.fromkeys(space.steps._values, 0.000123456)
    space.steps._show_values()
    opened.rest()
    assert {name: panel.geometry() for name, panel in space.panels.items()} == before


@pytest.mark.parametrize(("theme", "percent"), LOOKS)
def test_the_sheet_of_shortcuts_scrolls_downwards_only(opened: Studio, theme: str, percent: int) -> None:
    dress(opened, theme, percent)
    opened.window.open_sheet()
    sheet = opened.window.findChild(ShortcutSheet)
    assert sheet.width() <= opened.window.width()
    opened.rest()
    assert sheet._scroll.horizontalScrollBar().maximum() == 0
    sheet.close()


def test_a_lesson_that_covers_the_steps_covers_their_values(studio: Studio) -> None:
    teaching = studio.controller.teaching
    teaching.start(shipped_lessons()["ballistic"])
    studio.wait(lambda: teaching.running and bool(studio.answers))
    teaching.go_to(1)
    studio.settle()
    steps = studio.space.steps
    veil = next(part for part in steps.plot.parentWidget().children() if type(part).__name__ == "Veil")
    for value in steps._shown.values():
        assert veil.geometry().contains(value.geometry())
    # A padlock stands beside the field that it locks, wherever that goes.
    slider = studio.space.physics.mass
    lock = next(part for part in slider.children() if type(part).__name__ == "Padlock")
    dress(studio, "projector", 100)
    assert lock.geometry().right() < slider.field.geometry().left()
    assert slider.field.geometry().left() - lock.geometry().right() < 40
