"""What a change of theme does to the widgets: dressed anew, but not over and over."""

from collections import Counter

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication, QWidget

from slap_studio.views import theme as themes
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
    opened.controller.looks.choose_theme("light")
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
    looks.choose_theme("light")
    counted, application = Counted(), QApplication.instance()
    application.installEventFilter(counted)
    looks.choose_theme("light")
    looks.choose_font_size(looks.font_size)
    looks.wear("light")
    looks.wear(None)
    assert not counted.times
    looks.choose_theme("dark")
    application.removeEventFilter(counted)
    assert counted.times


def test_a_theme_leaves_panels_where_a_hand_has_put_them(opened: Studio) -> None:
    space = opened.space
    space._by_hand = True
    space._resize({"video": 380, "physics": 330}, themes.Qt.Orientation.Horizontal)
    opened.rest()
    before = {name: panel.geometry() for name, panel in space.panels.items()}
    opened.controller.looks.choose_theme("light")
    opened.rest()
    assert {name: panel.geometry() for name, panel in space.panels.items()} == before


def test_pictures_of_the_dress_before_are_let_go(opened: Studio) -> None:
    sign, found = QPixmap(8, 8), QPixmap()
    sign.fill()
    assert QPixmapCache.insert("of the dress before", sign)
    assert QPixmapCache.find("of the dress before", found)
    opened.controller.looks.choose_theme("light")
    assert not QPixmapCache.find("of the dress before", found)


def test_gestures_are_told_apart_after_a_change_of_theme(opened: Studio) -> None:
    opened.controller.looks.choose_theme("light")
    opened.drag_slider(opened.space.physics.coupling.slider, [0.5, 0.6, 0.7])
    opened.settle()
    assert opened.session.physics.coupling != 0.5
    opened.controller.undoing.undo()
    assert opened.session.physics.coupling == 0.5
