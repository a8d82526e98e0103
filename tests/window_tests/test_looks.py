"""Themes, sizes of type, and panels that move, close and come back."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="the window's tests need Qt", exc_type=ImportError)

from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from slap_studio.app.main import make_studio
from slap_studio.app.settings import Settings
from slap_studio.views import theme as themes
from slap_studio.views.panels import PANELS
from tests.window_tests.studio import Studio

pytestmark = pytest.mark.window


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
                 for channel in QColor(colour).getRgbF()[:3]]  # fmt: skip
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", themes.THEMES.values(), ids=lambda theme: theme.name)
def test_text_can_be_read_and_meaning_be_seen_in_every_theme(theme: themes.Theme) -> None:
    for ground in (theme.ground, theme.panel, theme.raised):
        for text in (theme.text, theme.secondary):
            assert contrast(text, ground) >= 4.5, (text, ground)
    for token in ("observed", "inferred", "query", "potential"):
        assert contrast(getattr(theme, token), theme.panel) >= 4.5, token
    assert contrast(theme.alarm, theme.panel) >= 3
    assert contrast(theme.on_accent, theme.inferred) >= 4.5


def test_the_projector_s_type_and_lines_are_large(opened: Studio) -> None:
    theme = themes.chosen("projector")
    assert theme.font().pixelSize() >= 18
    assert theme.line_width(2) >= 3
    opened.dress("projector")
    smallest = min(text.font().pixelSize() for text in opened.window.findChildren(QLabel) if text.isVisible())
    assert smallest >= 16
    assert opened.space.time.rows.plot.listDataItems()[0].opts["pen"].widthF() >= 3


def test_the_system_s_theme_is_followed_while_it_is_chosen(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hints:
        scheme = Qt.ColorScheme.Light

        def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802
            return self.scheme

    hints, real = Hints(), QGuiApplication.styleHints()
    monkeypatch.setattr(themes.QGuiApplication, "styleHints", lambda: hints)

    def worn() -> str:
        studio.wait(lambda: studio.controller.looks.dressed)
        return studio.window._theme.name

    studio.controller.looks.choose_theme("system")
    assert worn() == "light"
    hints.scheme = Qt.ColorScheme.Dark
    real.colorSchemeChanged.emit(hints.scheme)
    assert worn() == "dark"
    hints.scheme = Qt.ColorScheme.Unknown
    real.colorSchemeChanged.emit(hints.scheme)
    assert worn() == "dark"
    studio.controller.looks.choose_theme("light")
    hints.scheme = Qt.ColorScheme.Dark
    real.colorSchemeChanged.emit(hints.scheme)
    assert worn() == "light"
    assert Settings().theme == "light"


def test_unfit_preferences_are_as_none(tmp_path) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    settings = Settings(store)
    assert (settings.theme, settings.font_size, settings.layout) == ("system", 100, b"")
    for key, value in (("theme", "neon"), ("font_size", "1000"), ("layout", "text")):
        store.setValue(key, value)
    assert (settings.theme, settings.font_size, settings.layout) == ("system", 100, b"")
    settings.theme, settings.font_size, settings.layout = "projector", 125, b"\x00\xff"
    again = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert (again.theme, again.font_size, again.layout) == ("projector", 125, b"\x00\xff")


@pytest.mark.parametrize(("theme", "percent"), [("dark", 100), ("dark", 125), ("projector", 100)])
def test_no_text_is_cut_off_and_no_panel_covers_another(opened: Studio, theme: str, percent: int) -> None:
    opened.controller.looks.choose_font_size(percent)
    opened.controller.looks.choose_theme(theme)
    for size in ((1280, 800), (1920, 1080)):
        opened.window.resize(*size)
        opened.rest()
        space = opened.space
        assert opened.window.size().toTuple() == size
        shown = [panel for panel in space.panels.values() if panel.isVisible()]
        panels = [frame(panel, space) for panel in (*shown, space.stage)]
        for index, one in enumerate(panels):
            assert space.rect().contains(one)
            assert not any(one.intersects(other) for other in panels[index + 1 :])
        for text in opened.window.findChildren(QLabel):
            if text.isVisible() and text.text() and not text.wordWrap() and type(text) is QLabel:
                assert text.width() >= text.sizeHint().width() - 1, text.text()
                assert text.height() >= text.fontMetrics().height() - 3, text.text()


def frame(widget, within) -> QRect:
    return QRect(widget.mapTo(within, QPoint(0, 0)), widget.size())


def test_panels_close_and_come_back_and_the_layout_is_restored(opened: Studio) -> None:
    space, window = opened.space, opened.window
    opened.rest()
    before = {name: frame(panel, space) for name, panel in space.panels.items()}
    first = window.layout_state()
    actions = {action.name: action for action in window.menus.actions}
    shown = [name for name in PANELS if name != "pins"]  # which come with a pinned path
    for name in shown:
        window.menus.run(actions[f"view.panel.{name}"])
        assert not space.panels[name].isVisible()
        assert not actions[f"view.panel.{name}"].checked()
    opened.rest()
    # With all panels closed the stage has the whole room, and is drawn in it.
    assert space.stage.width() > 0.95 * space.width()
    picture = space.stage.stage.picture.grab().toImage()
    assert picture.pixelColor(picture.width() - 5, 300) == picture.pixelColor(5, 300)
    closed = window.layout_state()
    window.menus.run(actions["view.layout.reset"])
    opened.wait(lambda: {name: frame(panel, space) for name, panel in space.panels.items()} == before)
    assert window.restore_layout(closed)
    assert not any(space.panel_shown(name) for name in PANELS)
    assert window.restore_layout(first)
    opened.wait(lambda: {name: frame(panel, space) for name, panel in space.panels.items()} == before)
    for unfit in (b"", b"0", b"1rubbish", closed[:40], b"2" + closed[1:]):
        assert not window.restore_layout(unfit)
        assert all(space.panel_shown(name) for name in shown)


def test_no_view_of_the_stage_pushes_the_panels_aside(opened: Studio) -> None:
    space = opened.space
    opened.rest()
    before = {name: frame(panel, space) for name, panel in space.panels.items()}
    for view in ("sweep", "bifurcation", "map"):
        opened.controller.choosing.view(view)
        opened.rest()
        assert {name: frame(panel, space) for name, panel in space.panels.items()} == before


def test_a_panel_floats_and_the_keys_work_from_it(opened: Studio) -> None:
    panel = opened.space.panels["physics"]
    panel.setFloating(True)
    opened.rest()
    assert panel.isWindow()
    assert panel.grip.height() > 20
    opened.controller.jump("end")
    QTest.keyClick(panel, Qt.Key.Key_Home)
    assert opened.session.cursor == 0
    opened.controller.looks.reset_layout()
    opened.wait(lambda: not panel.isWindow())
    assert panel.grip.height() < 10


def test_a_border_moved_by_hand_stays_where_it_was_put(opened: Studio) -> None:
    space = opened.space
    opened.rest()
    low = space.panels["time"].height()
    border = space.panels["time"].mapTo(space._docks, QPoint(300, -2))
    QTest.mousePress(space._docks, Qt.MouseButton.LeftButton, pos=border)
    QTest.mouseMove(space._docks, border - QPoint(0, 60))
    opened.wait(lambda: space.panels["time"].height() > low + 30)
    QTest.mouseRelease(space._docks, Qt.MouseButton.LeftButton, pos=border - QPoint(0, 60))
    taller = space.panels["time"].height()
    opened.window.resize(1300, 860)
    opened.rest()
    assert space.panels["time"].height() == taller
    state = opened.window.layout_state()
    opened.controller.looks.reset_layout()
    opened.wait(lambda: space.panels["time"].height() < taller)
    opened.window.restore_layout(state)
    opened.wait(lambda: space.panels["time"].height() == taller)


def test_the_layout_outlives_the_window(qapp, qtbot) -> None:
    for first in (True, False):
        controller = make_studio(qapp, "dark")
        controller.looks.remember_place()
        qtbot.addWidget(controller.window)
        controller.window.resize(1300, 810)
        controller.window.show()
        space = controller.window.build_workspace()
        assert space.panel_shown("inspector") == first
        if first:
            space.toggle_panel("inspector")
        controller.window.close()
