"""A small screen, and large type in a small window: nothing is cut off or covered, and all of it can be reached."""

from types import SimpleNamespace

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QScrollArea

from slap_studio.app.soak import _turn
from slap_studio.session.look import Colouring
from slap_studio.views.stage.names import SIDES, free_place
from slap_studio.views.theme import chosen
from slap_studio.views.window import ROOMY, Window
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window
LOOKS = [("dark", 100), ("dark", 125), ("dark", 150), ("projector", 100)]


def within(widget, stage) -> QRect:
    return QRect(widget.mapTo(stage, QPoint(0, 0)), widget.size())


def dress(studio: Studio, theme: str, percent: int) -> None:
    studio.controller.looks.choose_font_size(percent)
    studio.controller.looks.choose_theme(theme)
    studio.rest()


def test_a_window_is_at_first_no_larger_than_its_screen(qtbot, monkeypatch) -> None:
    for room, expected in ((QSize(1280, 770), QSize(1280, 770)), (QSize(1920, 1050), ROOMY)):
        screen = SimpleNamespace(availableSize=lambda room=room: room)
        monkeypatch.setattr(Window, "screen", lambda _window, screen=screen: screen)
        window = Window(chosen("dark"), ())
        qtbot.addWidget(window)
        assert window.size() == expected


@pytest.mark.parametrize(("theme", "percent"), LOOKS)
def test_nothing_on_the_stage_covers_another_thing(opened: Studio, theme: str, percent: int) -> None:
    stage = opened.space.stage
    opened.controller.choosing.toggle_compare()
    opened.wait(lambda: any(not name.isHidden() for name in stage.names.others))
    dress(opened, theme, percent)
    opened.controller.choosing.colouring("time")
    for view in ("map", "slice", "sweep"):
        opened.controller.choosing.view(view)
        opened.settle()
        opened.rest()
        switches = [stage.switch, stage.views, stage.beside, stage.look, stage.more]
        over = [*switches, stage.regime, stage.map_note, stage.key, stage.legend,
                *stage.names.marks.values(), *stage.names.others]  # fmt: skip
        over += [stage.sweep.progress, stage.sweep.note]
        shown = [(type(part).__name__, within(part, stage)) for part in over if part.isVisible()]
        for index, (name, one) in enumerate(shown):
            assert stage.rect().contains(one), name
            for other, box in shown[index + 1 :]:
                if (name, other) == ("ColourKey", "Legend") and one.top() >= box.top():
                    # The legend leaves room in its last row.
                    assert stage.legend.free.contains(QRectF(one).adjusted(1, 3, -1, -3))
                else:
                    assert not one.intersects(box), (view, name, other)


@pytest.mark.parametrize(("theme", "percent"), LOOKS)
def test_no_button_and_no_text_is_cut_off(opened: Studio, theme: str, percent: int) -> None:
    dress(opened, theme, percent)
    for part in opened.window.findChildren(QPushButton):
        if part.isVisible() and part.text():
            inside = part.fontMetrics().horizontalAdvance(part.text())
            assert part.width() >= inside + 2, part.text()
            assert part.height() >= part.fontMetrics().height(), part.text()
    for text in opened.window.findChildren(QLabel):
        if text.isVisible() and text.text() and not text.wordWrap() and type(text) is QLabel:
            assert text.width() >= text.sizeHint().width() - 1, text.text()


def test_where_there_is_no_room_the_switches_are_menus_that_do_the_same(opened: Studio) -> None:
    stage = opened.space.stage
    assert stage.beside.isVisible()
    assert not stage.more.isVisible()
    dress(opened, "projector", 100)
    assert stage.more.isVisible()
    assert not stage.beside.isVisible()
    assert not stage.look.isVisible()
    stage.more.menu.aboutToShow.emit()
    entries = {entry.text(): entry for entry in stage.more.menu.actions() if entry.text()}
    assert set(entries) == {"Compare", "Reveal", "Relief", "Frames", "Path: plain"}
    entries["Reveal"].trigger()
    assert opened.session.revealed
    entries["Path: plain"].menu().actions()[1].trigger()
    assert opened.session.look.colouring is Colouring.TIME
    stage.more.menu.aboutToShow.emit()
    checked = [entry.text() for entry in stage.more.menu.actions() if entry.isChecked()]
    assert checked == ["Reveal"]
    # With a view that has nothing of the kind to choose the menu is away as well.
    opened.controller.choosing.view("sweep")
    opened.wait(lambda: not stage.more.isVisible())
    opened.controller.choosing.view("map")
    opened.wait(stage.more.isVisible)
    dress(opened, "dark", 100)
    assert stage.beside.isVisible()
    assert stage.look.isVisible()
    assert not stage.more.isVisible()


def test_a_menu_in_the_switches_place_leaves_no_menus_behind(opened: Studio) -> None:
    dress(opened, "projector", 100)
    menu = opened.space.stage.more.menu
    menu.aboutToShow.emit()
    within = len(menu.findChildren(QMenu))
    assert within > 0
    for _ in range(5):
        menu.aboutToShow.emit()
    # Qt deletes them when it comes to it.
    opened.wait(lambda: len(menu.findChildren(QMenu)) == within)


def test_in_a_narrow_stage_the_views_are_a_menu_too(opened: Studio) -> None:
    stage = opened.space.stage
    dress(opened, "projector", 125)
    assert stage.views.isVisible()
    assert not stage.switch.isVisible()
    assert stage.views.button.text() == "Map"
    stage.views.menu.aboutToShow.emit()
    next(entry for entry in stage.views.menu.actions() if entry.text() == "Slice").trigger()
    opened.settle()
    assert stage.view == "slice"
    assert stage.views.button.text() == "Slice"


@pytest.mark.parametrize("panel", ["inspector", "physics"])
def test_a_panel_scrolls_in_one_area_by_the_wheel(opened: Studio, panel: str) -> None:
    dress(opened, "projector", 100)
    areas = [area for area in opened.space.panels[panel].findChildren(QScrollArea) if area.isVisible()]
    assert len(areas) == 1
    bar = areas[0].verticalScrollBar()
    assert bar.maximum() > 0
    title = opened.space.inspector._title if panel == "inspector" else opened.space.physics.reset
    assert not areas[0].isAncestorOf(title)
    _turn(areas[0].viewport(), areas[0].viewport().rect().center(), -120)
    assert bar.value() > 0


def test_the_inspector_is_as_wide_before_an_observed_frame_as_before_a_latent(opened: Studio) -> None:
    dress(opened, "projector", 100)
    inspector = opened.space.inspector
    opened.rest()
    before = inspector.width()
    opened.controller.jump("start")
    opened.rest()
    assert "frame 1 of" in inspector._title.text()
    assert inspector.width() == before
    assert inspector._title.width() <= before


def test_the_legend_names_what_the_view_draws(opened: Studio) -> None:
    legend = opened.space.stage.legend

    def named() -> list[str]:
        return [mark[2] or mark[0] for row in legend._rows(legend.width()) for mark in row]

    assert named() == ["observed", "inferred", "geodesic", "least action", "query", "scale"]
    opened.controller.choosing.view("globe")
    assert "scale" not in named()
    opened.controller.choosing.view("map")
    assert "scale" in named()


def test_a_message_has_room_for_its_sentence_when_type_becomes_larger(opened: Studio) -> None:
    message = opened.window.message
    opened.window.tell("A sentence that is so long that it needs at least two lines of larger type, if not three. " * 2,
                       problem=True)  # fmt: skip
    dress(opened, "projector", 100)
    text = message._text
    assert text.height() >= text.heightForWidth(text.width())
    QTest.keyClick(QApplication.focusWidget() or opened.window, Qt.Key.Key_Escape)


def test_a_map_that_no_hand_has_moved_keeps_clear_of_what_is_laid_over_it(opened: Studio) -> None:
    stage = opened.space.stage.stage
    dress(opened, "projector", 100)
    assert stage.camera == stage._fitted
    stage.picture.zoom(2)
    moved = stage.camera
    assert moved != stage._fitted
    dress(opened, "dark", 100)
    assert stage.camera == moved


def test_a_name_goes_where_it_is_free_and_is_left_out_where_nothing_is() -> None:
    whole, size, at = QRect(0, 0, 300, 200), QSize(60, 20), QPointF(150, 100)
    below = free_place(size, at, SIDES["start"], whole, [])
    assert below is not None
    assert below.top() > 100
    assert below.center().x() in (149, 150)
    aside = free_place(size, at, SIDES["start"], whole, [below])
    assert aside is not None
    assert not aside.intersects(below)
    assert free_place(size, at, SIDES["start"], whole, [whole]) is None
    corner = free_place(size, QPointF(298, 5), SIDES["query"], whole, [])
    assert corner is not None
    assert whole.contains(corner)


@pytest.mark.parametrize("across", [True, False])
def test_the_ends_names_stand_where_the_path_between_them_does_not(opened: Studio, across: bool) -> None:
    names = opened.space.stage.names
    start, end = QPointF(280, 240), QPointF(350, 245) if across else QPointF(285, 310)
    names.place({"start": start, "end": end, "query": (start + end) / 2}, (), ())
    first, last = (names.marks[name].geometry() for name in ("start", "end"))
    if across:
        assert first.right() < start.x() < end.x() < last.left()
    else:
        assert first.bottom() < start.y() < end.y() < last.top()
