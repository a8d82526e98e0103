"""What a change of theme does to the widgets: dressed anew, in turns, but not over and over."""

from collections import Counter
from contextlib import nullcontext

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from slap_studio.app.dressing import Dressing
from slap_studio.views import theme as themes
from slap_studio.views.docks import DockArea, Panel
from slap_studio.views.theme import SEPARATOR
from slap_studio.views.window import Window
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


class Counted(QObject):
    """How often each widget was dressed."""

    def __init__(self) -> None:
        super().__init__()
        self.times: Counter[QObject] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            self.times[watched] += 1
        return False


def test_a_theme_is_put_on_a_few_times_and_not_once_for_every_widget_around(opened: Studio) -> None:
    counted, application = Counted(), QApplication.instance()
    application.installEventFilter(counted)
    opened.dress("light")
    application.removeEventFilter(counted)
    widgets = opened.window.findChildren(QWidget)
    assert len(widgets) > 200
    dressed = [counted.times[widget] for widget in widgets]
    # Twice: out of the old dress and into the new one; more only where a widget has a sheet of its own.
    assert sum(dressed) < 4 * len(widgets)
    label = opened.space.stage.regime
    assert label.palette().text().color().name() == themes.LIGHT.text


def test_what_is_worn_already_is_not_put_on_again(opened: Studio) -> None:
    looks = opened.controller.looks
    opened.dress("light")
    counted, application = Counted(), QApplication.instance()
    application.installEventFilter(counted)
    looks.choose_theme("light")
    looks.choose_font_size(looks.font_size)
    looks.wear("light")
    looks.wear(None)
    assert looks.dressed
    assert not counted.times
    opened.dress("dark")
    application.removeEventFilter(counted)
    assert counted.times


def test_a_theme_leaves_panels_where_a_hand_has_put_them(opened: Studio) -> None:
    space = opened.space
    space._by_hand = True
    space._resize({"video": 380, "physics": 330}, Qt.Orientation.Horizontal)
    opened.rest()
    before = {name: panel.geometry() for name, panel in space.panels.items()}
    opened.dress("light")
    opened.rest()
    assert {name: panel.geometry() for name, panel in space.panels.items()} == before


def test_in_no_dress_panels_are_not_pushed_apart_by_wider_borders(opened: Studio) -> None:
    physics, steps = (opened.space.panels[name] for name in ("physics", "steps"))
    opened.rest()
    themes.undress(QApplication.instance())
    opened.rest()
    apart = steps.geometry().top() - physics.geometry().bottom() - 1
    themes.dress(QApplication.instance(), opened.window.theme)
    assert apart == SEPARATOR


def test_panels_made_in_no_dress_have_the_borders_of_every_dress_once_they_wear_one(qtbot: QtBot) -> None:
    application = QApplication.instance()
    themes.undress(application)
    bare = DockArea()
    qtbot.addWidget(bare)
    panels = [Panel(name, name, QWidget(), themes.LIGHT) for name in "ab"]
    for panel in panels:
        bare.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, panel)
    bare.resize(400, 300)
    bare.show()
    themes.dress(application, themes.LIGHT)
    qtbot.waitUntil(lambda: panels[1].geometry().top() - panels[0].geometry().bottom() - 1 == SEPARATOR)


def test_pictures_of_the_dress_before_are_let_go(opened: Studio) -> None:
    sign, found = QPixmap(8, 8), QPixmap()
    sign.fill()
    assert QPixmapCache.insert("of the dress before", sign)
    assert QPixmapCache.find("of the dress before", found)
    opened.dress("light")
    assert not QPixmapCache.find("of the dress before", found)


def test_gestures_are_told_apart_after_a_change_of_theme(opened: Studio) -> None:
    opened.dress("light")
    opened.drag_slider(opened.space.physics.coupling.slider, [0.5, 0.6, 0.7])
    opened.settle()
    assert opened.session.physics.coupling != 0.5
    opened.controller.undoing.undo()
    assert opened.session.physics.coupling == 0.5


class Turns(QObject):
    """What happens to a window while it is dressed: turns of the event loop, paintings, and sizes in no dress."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.turns = self.early = self.paintings = 0
        self.sizes: set[object] = set()
        self._studio = studio
        self._beat = QTimer(self, interval=0)
        self._beat.timeout.connect(self._turn)
        self._beat.start()
        studio.space.stage.seen.picture.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.paintings += 1
            self.early += not self._studio.controller.looks.dressed
        return False

    def _turn(self) -> None:
        if not self._studio.controller.looks.dressed:
            self.turns += 1
        if not QApplication.instance().styleSheet():
            panels = self._studio.space.panels.items()
            self.sizes.add(tuple((name, panel.geometry().getRect()) for name, panel in panels))


def test_hands_are_served_while_the_window_is_dressed_and_see_it_once_it_is(opened: Studio) -> None:
    opened.rest()
    before = {panel: panel.geometry().getRect() for panel in opened.space.panels.values()}
    seen = Turns(opened)
    opened.controller.looks.choose_theme("light")
    assert not opened.controller.looks.dressed
    opened.wait(lambda: opened.controller.looks.dressed)
    # Taken off, put on, told to the parts, drawn, and shown.
    assert seen.turns >= 4
    assert seen.early == 0
    assert opened.space.stage.seen.picture._picture.pixelColor(40, 200).lightnessF() > 0.7
    opened.wait(lambda: seen.paintings > 0)
    opened.rest()
    # Nor was it laid out without a dress, in which everything has another size.
    assert seen.sizes
    after = {panel: panel.geometry().getRect() for panel in opened.space.panels.values()}
    assert seen.sizes <= {
        tuple((name, sizes[panel]) for name, panel in opened.space.panels.items()) for sizes in (before, after)
    }


def test_what_shows_itself_in_no_dress_moves_no_panel(opened: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    opened.rest()
    seen, shown = Turns(opened), []
    undress, state = themes.undress, opened.window._state

    def show_soon(application: QApplication) -> None:
        undress(application)
        QTimer.singleShot(0, show)

    def show() -> None:
        assert not QApplication.instance().styleSheet()
        state.hide()
        # Qt lays out whatever is around it now, not upon a request.
        state.show()
        shown.append(opened.window.menuBar().height())

    before = {name: panel.geometry().getRect() for name, panel in opened.space.panels.items()}
    bar = opened.window.menuBar().height()
    monkeypatch.setattr(themes, "undress", show_soon)
    opened.dress("light")
    opened.rest()
    assert shown[0] < bar
    assert seen.sizes == {tuple(before.items())}


@pytest.mark.parametrize("step", ["undress", "dress", "set_theme", "make_ready"])
def test_the_theme_that_was_chosen_last_is_worn_wherever_the_first_was_interrupted(
    opened: Studio, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    looks = opened.controller.looks
    place = next(place for place in (themes, opened.window, opened.space) if hasattr(place, step))
    done, interrupted = getattr(place, step), []

    def interrupt(*told: object, **more: object) -> None:
        done(*told, **more)
        if not interrupted:
            interrupted.append(step)
            looks.choose_theme("projector")

    monkeypatch.setattr(place, step, interrupt)
    looks.choose_theme("light")
    opened.wait(lambda: looks.dressed)
    assert interrupted
    assert opened.window.theme.name == "projector"
    assert opened.space.stage.regime.palette().text().color().name() == themes.PROJECTOR.text
    assert opened.window.updatesEnabled()


def test_after_a_fault_the_window_is_seen_and_can_be_dressed_again(
    opened: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = opened.controller.looks

    def broken(*_told: object) -> None:
        raise OSError("the sheet is gone")

    with monkeypatch.context() as patch, opened.qtbot.captureExceptions() as faults:
        patch.setattr(themes, "dress", broken)
        looks.choose_theme("light")
        opened.wait(lambda: looks.dressed)
    assert [str(fault) for _, fault, _ in faults] == ["the sheet is gone"]
    assert opened.window.updatesEnabled()
    opened.dress("projector")
    assert opened.space.stage.regime.palette().text().color().name() == themes.PROJECTOR.text


@pytest.mark.parametrize("step", ["undress", "dress", "set_theme", "make_ready"])
def test_a_window_that_is_resized_while_it_is_dressed_is_painted_and_keeps_its_panels_apart(
    opened: Studio, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    opened.dress("projector")
    opened.rest()
    seen = Turns(opened)
    place = next(place for place in (themes, opened.window, opened.space) if hasattr(place, step))
    done, passed = getattr(place, step), []

    def resize(*told: object, **more: object) -> None:
        done(*told, **more)
        opened.window.resize(1500, 940)
        # In a turn between: what is posted by then is done before the next.
        QTimer.singleShot(0, lambda: passed.append(opened.controller.looks.dressed))

    monkeypatch.setattr(place, step, resize)
    opened.controller.looks.choose_theme("light")
    opened.wait(lambda: opened.controller.looks.dressed)
    assert passed[0] is False
    opened.wait(lambda: seen.paintings > 0)
    assert seen.early == 0
    opened.rest()
    space = opened.space
    assert opened.window.size().toTuple() == (1500, 940)
    shown = [panel.geometry() for panel in space.panels.values() if panel.isVisible()]
    for index, panel in enumerate(shown):
        assert space._docks.rect().contains(panel)
        assert not any(panel.intersects(other) for other in shown[index + 1 :])


def test_a_window_that_was_about_to_be_painted_when_it_was_dressed_still_is(opened: Studio) -> None:
    opened.rest()
    seen = Turns(opened)
    opened.window.resize(1500, 940)
    opened.controller.looks.choose_theme("light")
    opened.wait(lambda: opened.controller.looks.dressed)
    opened.wait(lambda: seen.paintings > seen.early)
    opened.rest()
    screen = opened.window.screen().grabWindow(opened.window.winId()).toImage()
    for point in (QPoint(20, 60), QPoint(640, 640), QPoint(1480, 900)):
        assert screen.pixelColor(point).lightnessF() > 0.7


def test_a_window_that_goes_while_it_is_dressed_keeps_no_other_from_being_laid_out(qapp, qtbot) -> None:
    window = Window(themes.DARK, ())
    window.show()
    dressing = Dressing(window, nullcontext)
    dressing.wear(themes.LIGHT)
    delete(window)
    other = QWidget()
    qtbot.addWidget(other)
    column = QVBoxLayout(other)
    other.show()
    parts = QLabel("one"), QLabel("and one below it")
    for part in parts:
        column.addWidget(part)
    qtbot.waitUntil(lambda: parts[1].y() > parts[0].y() > 0)
    parts[0].setMinimumHeight(700)
    qtbot.waitUntil(lambda: parts[1].y() > 700)
    # As long as somebody holds on to it.
    del dressing
    themes.apply(qapp, themes.DARK)
